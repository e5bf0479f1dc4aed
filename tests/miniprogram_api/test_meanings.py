"""Every errcode of the contract says what the caller does, also over the wire."""

import pytest

from miniprogram_api.errors import Refused
from miniprogram_api.meanings import AT, EVERYWHERE, Advice, meaning_of
from miniprogram_api.safety import Scene
from scripts.wechat_simulator.faults import Do, Fault

A = Advice

CONTRACT = {
    -1: A.RETRY,
    40001: A.REFRESH_TOKEN,
    40002: A.BUG,
    40003: A.DROP,
    40013: A.ALERT_AND_STOP,
    40014: A.REFRESH_TOKEN,
    40029: A.SIGN_IN_AGAIN,
    40033: A.BUG,
    40037: A.ALERT_AND_STOP,
    40097: A.BUG,
    40125: A.ALERT_AND_STOP,
    40129: A.FIX_DATA,
    40163: A.SIGN_IN_AGAIN,
    40164: A.ALERT_AND_STOP,
    40165: A.BUG,
    40169: A.FIX_DATA,
    40226: A.REFUSE_USER,
    40243: A.ALERT_AND_STOP,
    41001: A.BUG,
    41002: A.BUG,
    41004: A.BUG,
    41030: A.ALERT_AND_STOP,
    42001: A.REFRESH_TOKEN,
    43002: A.BUG,
    43101: A.NO_CREDIT,
    43107: A.ALERT_AND_STOP,
    43108: A.BACK_OFF,
    45009: A.STOP_FOR_TODAY,
    45011: A.BACK_OFF,
    45168: A.FIX_DATA,
    47001: A.BUG,
    47003: A.FIX_DATA,
    48001: A.ALERT_AND_STOP,
    48004: A.ALERT_AND_STOP,
    48006: A.ALERT_AND_STOP,
    50002: A.ALERT_AND_STOP,
    61004: A.ALERT_AND_STOP,
    61010: A.HOLD,
    85400: A.FIX_DATA,
    85401: A.FIX_DATA,
    87008: A.BUG,
    87009: A.SIGN_IN_AGAIN,
    87014: A.HOLD,
    89503: A.ALERT_AND_STOP,
    89506: A.ALERT_AND_STOP,
    89507: A.ALERT_AND_STOP,
}
"""Every errcode the contract names, and what it says to do."""

ELSEWHERE = {
    ("cgi-bin/stable_token", 40001): A.ALERT_AND_STOP,
    ("wxa/business/getuserphonenumber", 40029): A.TAP_AGAIN,
    ("wxa/business/getuserphonenumber", 40163): A.TAP_AGAIN,
    ("wxa/getwxacodeunlimit", 45009): A.BACK_OFF,
}


def test_the_table_holds_the_whole_contract_and_nothing_else():
    assert {code: told.advice for code, told in EVERYWHERE.items()} == CONTRACT
    assert {place: told.advice for place, told in AT.items()} == ELSEWHERE


def test_a_code_that_is_new_to_us_gives_up():
    assert meaning_of(99999, "wxa/anything").advice is A.GIVE_UP


@pytest.mark.parametrize(("errcode", "advice"), CONTRACT.items())
async def test_each_code_arrives_as_its_advice(gateway, world, errcode, advice, caplog):
    world.faults.ordered = [
        Fault(path="/wxa/msg_sec_check", do=Do.ERRCODE, errcode=errcode)
    ]
    with pytest.raises(Refused) as refused:
        await gateway.check_text("你好", openid="o-17", scene=Scene.FORUM)
    assert (refused.value.errcode, refused.value.advice) == (errcode, advice)
    assert len(refused.value.rid.split("-")) == 3
    assert str(errcode) in str(refused.value)
    loud = advice in {A.ALERT_AND_STOP, A.BUG}
    assert [record.levelname for record in caplog.records if record.levelno >= 40] == (
        ["ERROR"] if loud else []
    )


def test_the_field_or_the_ip_is_kept_of_an_errmsg_and_nothing_else():
    field = "argument invalid! data.thing1.value is empty rid: 5f1e-x"
    assert Refused.of(47003, field, "e").hint == "thing1"
    ip = "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist hint: [abc]"
    assert Refused.of(40164, ip, "e").hint == "1.2.3.4"
    secret = "invalid openid o6_bmjrPTlm6_2sgVt7hMZOPfL2M token 9_abc secret xyz"
    refused = Refused.of(40003, secret, "e")
    for word in ("o6_bmjrPTlm6", "9_abc", "xyz"):
        assert word not in str(refused) + repr(refused)


def test_a_rid_is_found_in_its_usual_shape():
    errmsg = "code been used rid: 5f1e2d3c-1a2b3c4d-5e6f7a8b"
    assert Refused.of(40163, errmsg, "e").rid == "5f1e2d3c-1a2b3c4d-5e6f7a8b"


@pytest.mark.parametrize(
    ("errcode", "wait_s"), [(45011, 60), (45009, 86400), (89507, 3600), (43101, None)]
)
def test_a_code_says_how_long_to_wait(errcode, wait_s):
    assert Refused(errcode, "wxa/msg_sec_check").wait_s == wait_s
