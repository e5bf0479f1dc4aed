"""The endpoints of the server API that the inn uses."""

import json
from typing import Any

from scripts.wechat_simulator.answers import Errcode
from scripts.wechat_simulator.base import Endpoint


class CodeToSession(Endpoint):
    """GET /sns/jscode2session."""

    needs_token = False

    def get(self) -> None:
        """Exchange a login code."""
        given = self.get_query_argument
        self.check_app(given("appid", ""), given("secret", ""))
        if given("grant_type", "") != "authorization_code":
            raise Errcode(40002)
        code = given("js_code", "")
        if not code:
            raise Errcode(41008)
        user = self.world.users.sign_in(code)
        told = {"openid": user.openid, "session_key": user.session_key}
        if self.world.users.tells_unionid:
            told["unionid"] = "u" + user.openid[1:]
        self.answer(told)


class Token(Endpoint):
    """GET /cgi-bin/token."""

    needs_token = False

    def get(self) -> None:
        """Issue a new plain token."""
        given = self.get_query_argument
        if given("grant_type", "") != "client_credential":
            raise Errcode(40002)
        self.check_app(given("appid", ""), given("secret", ""))
        value, expires_in = self.world.tokens.fetch()
        self.answer({"access_token": value, "expires_in": expires_in})


class StableToken(Endpoint):
    """POST /cgi-bin/stable_token."""

    needs_token = False

    def post(self) -> None:
        """Tell the stable token."""
        asked = self.body()
        if asked.get("grant_type") != "client_credential":
            raise Errcode(40002)
        self.check_app(asked.get("appid"), asked.get("secret"))
        force = asked.get("force_refresh") is True
        value, expires_in = self.world.tokens.fetch_stable(force=force)
        self.answer({"access_token": value, "expires_in": expires_in})


class PhoneNumber(Endpoint):
    """POST /wxa/business/getuserphonenumber."""

    def post(self) -> None:
        """Exchange a phone code."""
        asked = self.body()
        code = str(asked.get("code", ""))
        number = self.world.users.phone(code, asked.get("openid"))
        mark = {"timestamp": self.world.clock.seconds(), "appid": self.world.appid}
        told = {
            "phoneNumber": number,
            "purePhoneNumber": number,
            "countryCode": "86",
            "watermark": mark,
        }
        self.say_ok(phone_info=told)


class MiniCode(Endpoint):
    """POST /wxa/getwxacodeunlimit."""

    def post(self) -> None:
        """Draw a mini-program code."""
        try:
            asked = self.body()
        except Errcode:
            raise Errcode(40169) from None
        self.answer(self.world.mini_codes.draw(asked))


class Send(Endpoint):
    """POST /cgi-bin/message/subscribe/send."""

    busy_with = ""

    def begin(self) -> None:
        """Mark the person as busy first, so that a slow send shows 43108."""
        openid = _openid_in(self.request.body)
        if openid:
            self.world.messages.begin(openid)
            self.busy_with = openid

    def post(self) -> None:
        """Send a subscribe message."""
        asked = self.body()
        user = self.world.users.of(str(asked.get("touser", "")))
        sent = self.world.messages.send(user.openid, asked)
        self.say_ok(msgid=int(sent.msgid))

    def on_finish(self) -> None:
        """The person is free again."""
        if self.busy_with:
            self.world.messages.end(self.busy_with)


class CheckText(Endpoint):
    """POST /wxa/msg_sec_check."""

    def post(self) -> None:
        """Judge a text."""
        asked = self.body()
        if "version" in asked:
            self.world.users.must_have_visited(str(asked.get("openid", "")))
        self.say_ok(**self.world.safety.check_text(asked))


class CheckMedia(Endpoint):
    """POST /wxa/media_check_async."""

    def post(self) -> None:
        """Take a file to check and push the verdict later."""
        asked = self.body()
        openid = str(asked.get("openid", ""))
        self.world.users.must_have_visited(openid)
        trace = self.world.safety.accept_media(asked)
        self.world.media[trace] = url = str(asked["media_url"])
        self.say_ok(trace_id=trace)
        if self.world.media_delay_s is not None:
            told = self.world.safety.verdict(url, trace)
            event = self.world.pushes.event(
                "wxa_media_check", openid, appid=self.world.appid, **told
            )
            self.world.pushes.later(event, self.world.media_delay_s)


class CheckSession(Endpoint):
    """GET /wxa/checksession."""

    def get(self) -> None:
        """Say whether a session_key is the current one."""
        _prover(self)
        self.say_ok()


class ResetSession(Endpoint):
    """GET /wxa/resetusersessionkey."""

    def get(self) -> None:
        """Replace a session_key."""
        user = _prover(self)
        self.world.users.renew_key(user)
        self.say_ok(openid=user.openid, session_key=user.session_key)


class ClearQuota(Endpoint):
    """POST /cgi-bin/clear_quota."""

    def post(self) -> None:
        """Forget the day's counts."""
        if self.body().get("appid") != self.world.appid:
            raise Errcode(40013)
        self.world.quotas.clear()
        self.say_ok()


class ClearQuotaBySecret(Endpoint):
    """POST /cgi-bin/clear_quota/v2."""

    needs_token = False

    def post(self) -> None:
        """Forget the day's counts, without a token."""
        asked = self.body()
        self.check_app(asked.get("appid"), asked.get("appsecret"))
        self.world.quotas.clear()
        self.say_ok()


def _prover(endpoint: Endpoint) -> Any:
    given = endpoint.get_query_argument
    return endpoint.world.users.check_signature(
        given("openid", ""), given("signature", ""), given("sig_method", "")
    )


def _openid_in(body: bytes) -> str:
    try:
        asked = json.loads(body)
    except ValueError:
        return ""
    return str(asked.get("touser", "")) if isinstance(asked, dict) else ""


ROUTES = [
    ("/sns/jscode2session", CodeToSession),
    ("/cgi-bin/token", Token),
    ("/cgi-bin/stable_token", StableToken),
    ("/wxa/business/getuserphonenumber", PhoneNumber),
    ("/wxa/getwxacodeunlimit", MiniCode),
    ("/cgi-bin/message/subscribe/send", Send),
    ("/wxa/msg_sec_check", CheckText),
    ("/wxa/media_check_async", CheckMedia),
    ("/wxa/checksession", CheckSession),
    ("/wxa/resetusersessionkey", ResetSession),
    ("/cgi-bin/clear_quota", ClearQuota),
    ("/cgi-bin/clear_quota/v2", ClearQuotaBySecret),
]
