"""What a person with curl sees of the simulator."""

import json

from tornado.simple_httpclient import SimpleAsyncHTTPClient

from scripts.wechat_simulator import APPID, SECRET

WHO = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}


class Curl:
    """What a person with curl sees."""

    def __init__(self, url):
        self.url = url
        self.http = SimpleAsyncHTTPClient(force_instance=True, max_clients=50)

    async def __call__(self, path, body=None, method=None):
        sent = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        answer = await self.http.fetch(
            self.url + path,
            method=method or ("GET" if body is None else "POST"),
            body=sent,
            raise_error=False,
            allow_nonstandard_methods=True,
        )
        self.status = answer.code
        return json.loads(answer.body)

    async def stable(self, **more):
        return (await self("/cgi-bin/stable_token", WHO | more))["access_token"]

    async def is_good(self, token):
        path = f"/wxa/business/getuserphonenumber?access_token={token}"
        return (await self(path, {"code": "none"}))["errcode"] == 40029
