"""No secret, token, code, openid or number is in a text, a repr or a log line."""

import logging
import traceback

import pytest
from rich.pretty import pretty_repr

from miniprogram_api.errors import WeChatError
from miniprogram_api.pushes import event_of
from miniprogram_api.safety import Scene
from scripts.wechat_simulator import SECRET
from scripts.wechat_simulator.faults import Do, Fault

CODE = "w-17x77"
OPENID = "o-17x77"


async def test_answers_print_only_what_kind_they_are(gateway, world):
    session = await gateway.sign_in(CODE)
    phone = await gateway.phone_number("p-13912345678")
    assert repr(session) == str(session) == "<Session, private>"
    assert pretty_repr(session) == "Session()"
    assert repr(phone) == f"{phone}" == "<Phone, private>"
    assert repr([session]) == "[<Session, private>]"
    assert SECRET not in repr(gateway) + repr(gateway.client)


async def test_pushes_print_only_what_kind_they_are(gateway, world):
    told = world.pushes.event("subscribe_msg_popup_event", OPENID)
    told["List"] = {"TemplateId": "T", "SubscribeStatusString": "accept"}
    event = event_of(told)
    assert repr(event) == "<SubscribeAnswered, private>"
    assert repr(event.answers) == "(<Answered, private>,)"


FAULTS = [
    *(Fault(do=do, seconds=1) for do in Do),
    *(Fault(do=Do.ERRCODE, errcode=errcode) for errcode in (40001, 40029, 40164, 77)),
]


@pytest.mark.parametrize(
    "fault", FAULTS, ids=lambda fault: f"{fault.do} {fault.errcode}"
)
@pytest.mark.parametrize("call", ["sign_in", "phone", "send", "check", "session"])
async def test_no_failure_tells_anything(make_gateway, world, fault, call, caplog):
    caplog.set_level(logging.DEBUG)
    gateway = make_gateway(timeout_s=0.2)
    key = world.users.of(OPENID).session_key
    await gateway.mini_code("s", "pages/a")
    token = world.tokens.stable.current.value
    world.faults.ordered = [fault]
    asked = {
        "sign_in": lambda: gateway.sign_in(CODE),
        "phone": lambda: gateway.phone_number("p-13912345678", openid=OPENID),
        "send": lambda: gateway.send_subscribe(OPENID, "T", {"thing1": "秘密"}),
        "check": lambda: gateway.check_text("秘密", openid=OPENID, scene=Scene.FORUM),
        "session": lambda: gateway.session_is_valid(OPENID, key),
    }[call]
    told = ""
    try:
        await asked()
    except WeChatError as error:
        told = repr(error) + "".join(traceback.format_exception(error))
    told += caplog.text
    for private in (SECRET, token, CODE, OPENID, key, "13912345678", "秘密"):
        assert private not in told
