"""How the platform says no: errcode, errmsg, and a request id at its end."""

import secrets

TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40033: "invalid charset, \\uxxxx is not allowed",
    40037: "invalid template_id",
    40097: "invalid args",
    40125: "invalid appsecret",
    40129: "invalid scene",
    40163: "code been used",
    40164: "invalid ip 127.0.0.1, not in whitelist",
    40169: "invalid length for scene, or the data is not json string",
    40226: "code blocked",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    43002: "require POST method",
    43101: "user refuse to accept the msg",
    43108: "concurrent send to one user",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45168: "the content includes sensitive words",
    47001: "data format error",
    47003: "argument invalid!",
    48006: "forbid to clear quota because of reaching the limit",
    61010: "code is expired",
    87008: "invalid sig_method",
    87009: "invalid signature",
}


class Errcode(Exception):
    """A refusal of the platform."""

    def __init__(self, errcode: int, more: str = "") -> None:
        self.errcode = errcode
        text = TEXTS.get(errcode, "refused")
        self.errmsg = f"{text} {more}".strip() + f" rid: {_rid()}"
        super().__init__(errcode)


def _rid() -> str:
    return "-".join(secrets.token_hex(4) for _ in range(3))
