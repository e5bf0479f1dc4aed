"""Pushes: WeChat's and ours or refused; every odd shape becomes the same event."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto

from miniprogram_api.callbacks import Callbacks
from miniprogram_api.errors import Advice, PushRefused
from scripts.wechat_simulator import APPID
from scripts.wechat_simulator.envelopes import Format, Mode, sign
from tests.miniprogram_api.pushing import (
    AES_KEY,
    AT,
    NOW,
    TOKEN,
    callbacks,
    message,
    pushed,
)


def refused(call, why):
    with pytest.raises(PushRefused) as refusal:
        call()
    assert refusal.value.why == why
    assert refusal.value.advice is Advice.DROP


PUBLISHED_ENCRYPT = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8T"
    "PxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kd"
    "fMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2"
    "cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
PUBLISHED_QUERY = {
    "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
    "timestamp": "1714112445",
    "nonce": "415670741",
    "openid": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
    "encrypt_type": "aes",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
}
PUBLISHED_APPID = "wxba5fad812f8e6fb9"


def published(**other):
    return callbacks(
        **{
            "aes_key": "A" * 43,
            "token": "AAAAA",
            "appid": PUBLISHED_APPID,
            "now": datetime.fromtimestamp(1714112445, UTC),
        }
        | other
    )


def test_the_published_url_check_is_answered_with_the_bare_echostr():
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "echostr": "4375120948345356249",
        "timestamp": "1714036504",
        "nonce": "1514711492",
    }
    at = datetime.fromtimestamp(1714036504, UTC)
    for aes_key in (None, "", "A" * 43):
        console = published(aes_key=aes_key, now=at)
        assert console.check_url(query) == "4375120948345356249"
    refused(
        lambda: published(now=at).check_url(query | {"nonce": "1"}), "signature wrong"
    )


def test_the_published_plain_push_is_read():
    query = {
        "signature": "899cf89e464efb63f54ddac96b0a0a235f53aa78",
        "timestamp": "1714037059",
        "nonce": "486452656",
    }
    body = b'{"ToUserName": "gh_97417a04a28d", "Event": "debug_demo", "CreateTime": 1}'
    plain = published(aes_key=None, now=datetime.fromtimestamp(1714037059, UTC))
    assert plain.open(query, body).event.kind == "debug_demo"


def test_the_published_safe_push_is_read():
    body = {"ToUserName": "gh_97417a04a28d", "Encrypt": PUBLISHED_ENCRYPT}
    push = published().open(PUBLISHED_QUERY, json.dumps(body).encode())
    assert push.event.fields["debug_str"] == "hello world"
    assert push.event.from_user == "o9AgO5Kd5ggOC-bXrbNODIiE3bGY"
    assert push.event.at == datetime.fromtimestamp(1714112445, UTC)


def test_the_signature_of_the_query_alone_does_not_authenticate_a_safe_push():
    body = json.dumps({"Encrypt": PUBLISHED_ENCRYPT}).encode()
    query = PUBLISHED_QUERY | {"msg_signature": PUBLISHED_QUERY["signature"]}
    refused(lambda: published().open(query, body), "signature wrong")


@pytest.mark.parametrize("written", [*Format])
@pytest.mark.parametrize("mode", [*Mode])
def test_all_modes_and_formats_read_the_same(mode, written):
    told = message("debug_demo", debug_str="你好 & <再见>", n=1)
    query, body = pushed(told, mode=mode, written=written)
    aes_key = None if mode is Mode.PLAIN else AES_KEY
    event = callbacks(aes_key).open(query, body).event
    assert event.fields["debug_str"] == "你好 & <再见>"
    assert event.from_user == "o-17"


@pytest.mark.parametrize("written", [*Format])
def test_compatible_mode_believes_the_cipher_text(written):
    query, body = pushed(message("debug_demo"), mode=Mode.COMPATIBLE, written=written)
    forged = body.replace(b"o-17", b"o-66")
    assert forged != body
    assert callbacks().open(query, forged).event.from_user == "o-17"


def test_a_plain_push_is_refused_where_encryption_is_set_up():
    query, body = pushed(message("debug_demo"), mode=Mode.PLAIN)
    refused(lambda: callbacks().open(query, body), "not encrypted")


def test_without_a_token_every_push_is_refused():
    query, body = pushed(message("debug_demo"), aes_key="")
    refused(lambda: callbacks(None, token=None).open(query, body), "no token is set")
    refused(lambda: callbacks(None, token="").check_url(query), "no token is set")


def test_a_push_for_another_app_is_refused():
    query, body = pushed(message("debug_demo"), appid="wx1111111111111111")
    refused(lambda: callbacks().open(query, body), "for another app")
    query, body = pushed(message("debug_demo"), appid=APPID + "0")
    refused(lambda: callbacks().open(query, body), "for another app")


def test_a_push_under_another_key_is_refused():
    query, body = pushed(message("debug_demo"), aes_key="A" * 43)
    with pytest.raises(PushRefused):
        callbacks().open(query, body)


@pytest.mark.parametrize("away", [timedelta(hours=2), -timedelta(hours=2)])
def test_a_replay_is_refused_after_an_hour(away):
    query, body = pushed(message("debug_demo"))
    late = callbacks(now=NOW + away)
    refused(lambda: late.open(query, body), "too old")
    refused(lambda: late.check_url(query), "too old")


@pytest.mark.parametrize("aes_key", ["too short", "-" * 43, "A" * 44])
def test_a_wrong_aes_key_is_told_at_the_start(aes_key):
    with pytest.raises(ValueError, match="43"):
        callbacks(aes_key)


NEW_AES_KEY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefg"


@pytest.mark.parametrize("written", list(Format))
def test_while_the_consoles_keys_change_both_are_wechats(written):
    both = callbacks(f"{NEW_AES_KEY},{AES_KEY}", token=f"new-token,{TOKEN}")
    for aes_key in (AES_KEY, NEW_AES_KEY):
        query, body = pushed(message("debug_demo"), aes_key=aes_key, written=written)
        assert both.open(query, body).event.kind == "debug_demo"
        assert both.check_url(query) == ""
    query, body = pushed(message("debug_demo"), aes_key=AES_KEY)
    with pytest.raises(PushRefused):
        callbacks(NEW_AES_KEY).open(query, body)
    refused(lambda: callbacks(token="new-token").open(query, body), "signature wrong")


def test_freshness_can_be_switched_off():
    query, body = pushed(message("debug_demo"))
    late = NOW + timedelta(days=365)
    patient = Callbacks(APPID, TOKEN, AES_KEY, now=lambda: late, fresh_for=None)
    assert patient.open(query, body).event.kind == "debug_demo"


def test_what_wechatpy_encrypts_is_read():
    theirs = WeChatCrypto(TOKEN, AES_KEY, APPID)
    xml = "<xml><Event>debug_demo</Event></xml>"
    sealed = theirs.encrypt_message(xml, "n", str(AT))
    signature = sealed.split("MsgSignature><![CDATA[")[1][:40]
    query = {"timestamp": str(AT), "nonce": "n", "msg_signature": signature}
    assert callbacks().open(query, sealed.encode()).event.kind == "debug_demo"


def test_what_the_simulator_encrypts_wechatpy_reads():
    query, body = pushed(message("debug_demo"))
    theirs = WeChatCrypto(TOKEN, AES_KEY, APPID)
    told = theirs.decrypt_message(
        json.loads(body), query["msg_signature"], query["timestamp"], query["nonce"]
    )
    assert json.loads(told)["Event"] == "debug_demo"


BODIES = [
    b"",
    b"null",
    b"[]",
    b"{",
    b"<",
    b"<xml>",
    b"<xml/>",
    b"<a>1</a>",
    b"<xml>text</xml>",
    b"\xff\xfe",
    b"{}",
    b'{"Encrypt": null}',
    b'{"Encrypt": {}}',
    b'{"a":' * 100_000,
    b"<a>" * 5_000,
    b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Event>&a;</Event></xml>',
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><E>&a;</E></xml>',
]


@pytest.mark.parametrize("body", BODIES)
def test_what_cannot_be_read_is_refused(body):
    query, _ = pushed(message("debug_demo"))
    with pytest.raises(PushRefused):
        callbacks().open(query, body)


@pytest.mark.parametrize("depth", [200, 440, 480, 600, 900, 5_000])
def test_deep_trees_are_read_or_refused(depth):
    query, _ = pushed(message("x"), aes_key="")
    body = b'{"a":' * depth + b"1" + b"}" * depth
    try:
        callbacks(None).open(query, body)
    except PushRefused as refusal:
        assert refusal.why == "not readable"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_cipher_text_is_read_or_refused(noise):
    encrypted = b64encode(noise).decode()
    query = {"timestamp": str(AT), "nonce": "n"}
    query["msg_signature"] = sign(TOKEN, str(AT), "n", encrypted)
    with pytest.raises(PushRefused):
        callbacks().open(query, json.dumps({"Encrypt": encrypted}).encode())


@settings(deadline=None)
@given(st.dictionaries(st.text(), st.text()), st.binary())
def test_any_request_is_refused_without_a_right_signature(query, body):
    for aes_key in (None, AES_KEY):
        with pytest.raises(PushRefused):
            callbacks(aes_key).open(query, body)
        with pytest.raises(PushRefused):
            callbacks(aes_key).check_url(query)
