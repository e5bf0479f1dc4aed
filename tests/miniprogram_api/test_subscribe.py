"""Subscribe messages: checked before they go, credited one by one."""

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniprogram_api import template_values
from miniprogram_api.errors import Advice, Refused, Unsendable
from miniprogram_api.subscribe import State
from scripts.wechat_simulator.faults import Do, Fault
from scripts.wechat_simulator.values import keeps_rule

SEND = "/cgi-bin/message/subscribe/send"
VALUES = {
    "thing1": "手机充电位预约",
    "time2": "2026年11月23日 10:30",
    "phrase3": "已预约",
}


@pytest.fixture(autouse=True)
def allowed(world):
    world.messages.credits["o-17", "T"] = 2


def send(gateway, openid="o-17", template_id="T", values=VALUES, **more):
    return gateway.send_subscribe(openid, template_id, values, **more)


async def test_a_message_arrives_as_it_was_written(gateway, world):
    sent = await send(gateway, page="pages/booking?id=b1", state=State.TRIAL)
    [arrived] = world.messages.sent
    assert arrived.msgid == sent.msgid
    assert int(sent.msgid) > 2**53
    assert (arrived.openid, arrived.template_id, arrived.values) == (
        "o-17",
        "T",
        VALUES,
    )
    assert (arrived.page, arrived.state) == ("pages/booking?id=b1", "trial")


async def test_two_accepts_are_two_messages_and_the_third_has_no_credit(gateway, world):
    await send(gateway)
    await send(gateway)
    with pytest.raises(Refused) as refused:
        await send(gateway)
    assert refused.value.advice is Advice.NO_CREDIT
    assert world.calls[SEND] == 3


async def test_an_answer_without_msgid_is_fine(gateway, world, monkeypatch):
    monkeypatch.setattr(
        "scripts.wechat_simulator.api.Send.say_ok",
        lambda endpoint, **more: endpoint.answer({"errcode": 0, "errmsg": "ok"}),
    )
    assert (await send(gateway)).msgid is None


async def test_two_sends_to_one_person_at_once_back_off(gateway, world):
    world.faults.ordered = [Fault(path=SEND, do=Do.SLOW, seconds=0.2)]
    answers = await asyncio.gather(send(gateway), send(gateway), return_exceptions=True)
    [refused] = [answer for answer in answers if isinstance(answer, Refused)]
    assert (refused.errcode, refused.advice) == (43108, Advice.BACK_OFF)
    world.faults.ordered = []
    await send(gateway)


@pytest.mark.parametrize(
    ("change", "errcode", "advice"),
    [
        ({"openid": "somebody else's"}, 40003, Advice.DROP),
        ({"template_id": "unknown"}, 40037, Advice.ALERT_AND_STOP),
        ({"values": {"thing1": "好"}}, 47003, Advice.FIX_DATA),
        ({"values": VALUES | {"thing1": "有敏感词"}}, 45168, Advice.FIX_DATA),
        ({"page": "pages/none"}, 41030, Advice.ALERT_AND_STOP),
    ],
)
async def test_refusals(gateway, world, change, errcode, advice):
    world.messages.templates = {"T": list(VALUES)}
    world.messages.pages = ["pages/booking"]
    with pytest.raises(Refused) as refused:
        await send(gateway, **change)
    assert (refused.value.errcode, refused.value.advice) == (errcode, advice)
    assert world.messages.credits["o-17", "T"] == 2


async def test_the_missing_field_is_named(gateway, world):
    world.messages.templates = {"T": ["thing1", "time2"]}
    with pytest.raises(Refused) as refused:
        await send(gateway, values={"thing1": "好"})
    assert refused.value.hint == "time2"


GOOD = {
    "thing1": ["a", "好" * 20, "带 空格", "😀"],
    "character_string1": ["BK-2026/11#7", "x" * 32],
    "number1": ["0", "12.5", "9" * 32, "1234567890.123456"],
    "letter1": ["abcXYZ"],
    "symbol1": ["!@#", "，。"],
    "phrase1": ["已预约", "好"],
    "name1": ["王小明", "王*强", "Anna-Maria Schmidt", "王小明Tom"],
    "amount1": ["100", "￥100.50元", "$9999999999", "0.01元"],
    "phone_number1": ["138****1234", "+86-0766-66888866", "12351"],
    "car_number1": ["豫A12345", "粤A8Z888挂", "12345678"],
    "time1": [
        "09:30",
        "23:59:59",
        "2019年10月1日 15:01",
        "10月1日15:01",
        "9:00~18:00",
        "2026年1月1日 9:00~2026年1月2日 18:00",
    ],
    "date1": [
        "2019年10月1日",
        "2019年10月",
        "10月1日",
        "2019-10-01",
        "2019/10/01",
        "2019.10.01",
        "2019-10-01 09:30",
        "2026年1月1日~2026年1月3日",
    ],
    "enum1": ["已完成"],
}
BAD = {
    "thing1": ["", " ", "好" * 21, "两\n行", "a\u0000"],
    "character_string1": ["", "编号1", "x" * 33, "a b"],
    "number1": ["", "1/3", "-1", "1,000", "9" * 33, "１", "1.", ".5", "12元"],
    "letter1": ["", "a1", "a" * 33, "字"],
    "symbol1": ["", "a", "1", "!!!!!!", " "],
    "phrase1": ["", "好" * 6, "ok", "已预约1"],
    "name1": ["", "王" * 11, "a" * 21, "王小明ABCDEFGH", "王1", " "],
    "amount1": ["", "12345678901", "¥¥1", "1元元", "一百元", "1.2.3", "12345678.901"],
    "phone_number1": ["", "1" * 18, "138abcd"],
    "car_number1": ["", "豫豫A123", "豫A1234567", "豫A-123"],
    "time1": [
        "",
        "25:00",
        "9:60",
        "9点",
        "09:30~",
        "2019-10-01 09:30",
        "9:0",
    ],
    "date1": ["", "2019年13月1日", "10/1", "明天", "2019年10月1日~", "20191001"],
    "enum1": ["", "  "],
    "thing": ["没有序号"],
    "1": ["没有种类"],
}


@pytest.mark.parametrize(("key", "values"), GOOD.items())
async def test_values_that_keep_their_rule_arrive(gateway, world, key, values):
    for value in values:
        world.messages.credits["o-17", "T"] = 1
        await send(gateway, values={key: value})
        assert world.messages.sent[-1].values == {key: value}


@pytest.mark.parametrize(("key", "values"), BAD.items())
async def test_values_that_break_their_rule_are_not_sent(gateway, world, key, values):
    for value in values:
        with pytest.raises(Unsendable) as unsendable:
            await send(gateway, values={key: value})
        assert unsendable.value.field == key
        assert unsendable.value.advice is Advice.FIX_DATA
    assert not world.calls


async def test_a_message_without_values_is_not_sent(gateway):
    with pytest.raises(Unsendable):
        await send(gateway, values={})


ALPHABET = st.text(
    st.sampled_from("0123456789.年月日:~-/ 元￥$好王aB*!，。\n\t１😀")
    | st.characters(),
    max_size=36,
)


@settings(deadline=None)
@given(st.sampled_from([*template_values.RULES]), ALPHABET)
def test_what_our_check_lets_through_the_platform_takes(kind, value):
    try:
        template_values.check({f"{kind}1": value})
    except Unsendable:
        return
    assert keeps_rule(f"{kind}1", value)


@settings(deadline=None)
@given(st.text(min_size=1))
def test_any_text_can_be_made_a_thing(text):
    thing = template_values.as_thing(text)
    if thing:
        template_values.check({"thing1": thing})
    assert len(thing) <= 20


def test_a_long_text_is_cut_visibly():
    assert template_values.as_thing("高新区梧桐街道职工服务站手机充电位预约") == (
        "高新区梧桐街道职工服务站手机充电位预约"
    )
    assert template_values.as_thing("高新区梧桐街道\n职工服务站手机充电位预约成功") == (
        "高新区梧桐街道 职工服务站手机充电位预…"
    )
