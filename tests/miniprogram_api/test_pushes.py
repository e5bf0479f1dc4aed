"""Every odd shape of a push becomes the same event, and a repeat the same key."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from miniprogram_api import events
from miniprogram_api.safety import Suggest
from scripts.wechat_simulator.envelopes import Format
from tests.miniprogram_api.pushing import AT, answer, callbacks, message, pushed


def event_of(told, written=Format.JSON):
    query, body = pushed(told, written=written)
    return callbacks().open(query, body).event


@pytest.mark.parametrize("written", [*Format])
@pytest.mark.parametrize(
    ("listed", "answers"),
    [
        (answer("T1", "accept"), (("T1", True),)),
        ([answer("T1", "accept")], (("T1", True),)),
        (
            [answer("T1", "accept"), answer("T2", "reject")],
            (("T1", True), ("T2", False)),
        ),
    ],
)
def test_a_list_of_one_is_an_object_and_xml_nests_it(written, listed, answers):
    event = event_of(message("subscribe_msg_popup_event", List=listed), written)
    assert isinstance(event, events.SubscribeAnswered)
    assert event.openid == "o-17"
    assert tuple((a.template_id, a.accepted) for a in event.answers) == answers


@pytest.mark.parametrize("written", [*Format])
def test_a_later_refusal_is_told(written):
    row = {"TemplateId": "T1", "SubscribeStatusString": "reject"}
    event = event_of(message("subscribe_msg_change_event", List=row), written)
    assert isinstance(event, events.SubscribeChanged)
    assert [a.accepted for a in event.answers] == [False]


@pytest.mark.parametrize("written", [*Format])
def test_the_result_of_a_send_is_told(written):
    row = {
        "TemplateId": "T1",
        "MsgID": "2695021966263336964",
        "ErrorCode": "0",
        "ErrorStatus": "success",
    }
    event = event_of(message("subscribe_msg_sent_event", List=[row]), written)
    assert isinstance(event, events.SubscribeSent)
    [result] = event.results
    assert (result.msgid, result.errcode, result.status) == (
        "2695021966263336964",
        0,
        "success",
    )


V2 = {"trace_id": "t-1", "version": 2}
RISKY = {"suggest": "risky", "label": "20002"}


@pytest.mark.parametrize("written", [*Format])
@pytest.mark.parametrize(
    ("fields", "suggest", "label", "errcode"),
    [
        ({"errcode": 0, "result": {"suggest": "pass", "label": 100}}, "pass", 100, 0),
        ({"result": {"suggest": "pass", "label": "100"}}, "pass", 100, 0),
        (
            {"errcode": "0", "result": {"suggest": "risky", "label": "20002"}},
            "risky",
            20002,
            0,
        ),
        ({"errcode": -1008, "errmsg": "download fail"}, None, None, -1008),
        (
            {"errcode": -1008, "result": {"suggest": "pass", "label": 100}},
            None,
            None,
            -1008,
        ),
        ({"errcode": 0}, None, None, 0),
        ({"errcode": 0, "result": {"label": 100}}, None, None, 0),
        ({"errcode": 0, "result": {"suggest": "new", "label": 1}}, "review", 1, 0),
        ({"isrisky": 0, "status_code": 0}, "pass", None, 0),
        ({"isrisky": "1", "status_code": "0"}, "risky", None, 0),
        ({"isrisky": 0, "status_code": 4294966288}, None, None, -1008),
        ({"status_code": 0}, None, None, 0),
    ],
)
def test_a_media_verdict_in_any_shape(written, fields, suggest, label, errcode):
    event = event_of(message("wxa_media_check", **V2 | fields), written)
    assert isinstance(event, events.MediaChecked)
    assert (event.trace_id, event.suggest, event.label, event.errcode) == (
        "t-1",
        suggest and Suggest(suggest),
        label,
        errcode,
    )


def test_a_verdict_about_nothing_is_just_a_push():
    event = event_of(message("wxa_media_check", errcode=0))
    assert type(event) is events.Pushed


@pytest.mark.parametrize("space", ["", " "])
def test_a_withdrawal_names_the_person_even_with_spaces_in_its_keys(space):
    told = message(
        "user_authorization_revoke",
        **{f"{space}OpenID": "o-9", f"{space}RevokeInfo": "8,13", "FromUserName": "p"},
    )
    event = event_of(told)
    assert isinstance(event, events.AuthorizationRevoked)
    assert (event.openid, event.kinds, event.from_user) == ("o-9", (8, 13), "p")


def test_a_cleaned_profile_may_come_without_its_person():
    event = event_of(message("user_info_modified"))
    assert isinstance(event, events.UserInfoModified)
    assert event.openid is None
    event = event_of(message("user_info_modified", OpenID="o-9"))
    assert event.openid == "o-9"


def test_a_closed_account_is_told():
    event = event_of(message("user_authorization_cancellation", OpenID="o-9"))
    assert isinstance(event, events.AccountCancelled)


def test_an_unknown_kind_and_a_typed_message_are_plain_pushes():
    assert type(event_of(message("brand_new_event"))) is events.Pushed
    typed = {"MsgType": "text", "Content": "你好", "MsgId": 23, "FromUserName": "o-1"}
    assert event_of(typed).kind == "text"


def test_a_time_that_is_none_is_none():
    for odd in ("soon", None, "9" * 30, -(10**18)):
        assert event_of(message("x", CreateTime=odd)).at is None


def key_of(told, written=Format.JSON):
    query, body = pushed(told, written=written)
    return callbacks().open(query, body).key


def test_a_repeat_has_the_same_key_although_its_wrapping_differs():
    row = answer("T1", "accept")
    told = message("subscribe_msg_popup_event", List=row)
    assert key_of(told) == key_of(told)
    assert key_of(told) == key_of(told | {"List": [row]}) == key_of(told, Format.XML)


def test_different_happenings_have_different_keys():
    told = message("subscribe_msg_popup_event", List=answer("T1", "accept"))
    others = [
        told | {"CreateTime": str(AT + 1)},
        told | {"FromUserName": "o-18"},
        told | {"List": answer("T2", "accept")},
        told | {"List": answer("T1", "reject")},
        message("subscribe_msg_change_event", List=answer("T1", "accept")),
        message("wxa_media_check", trace_id="t-1"),
        message("wxa_media_check", trace_id="t-2"),
        message("user_authorization_revoke", OpenID="o-1", RevokeInfo="8"),
        message("user_authorization_revoke", OpenID="o-2", RevokeInfo="8"),
        message("user_authorization_revoke", OpenID="o-1", RevokeInfo="13"),
        {"MsgType": "text", "MsgId": "1"},
        {"MsgType": "text", "MsgId": "2"},
    ]
    keys = {key_of(each) for each in [told, *others]}
    assert len(keys) == len(others) + 1
    assert not any("o-17" in key for key in keys)


def test_a_msgid_is_the_key_whatever_else_changes():
    first = {"MsgType": "text", "MsgId": 23, "CreateTime": 1, "FromUserName": "o-1"}
    assert key_of(first) == key_of(first | {"MsgId": "23", "CreateTime": 2})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
NAMES = "List| OpenID|RevokeInfo|trace_id|result|errcode|isrisky|status_code|CreateTime"
NESTS = "MsgId|SubscribeMsgPopupEvent|detail|Event|FromUserName"
FIELDS = st.dictionaries(
    st.sampled_from(f"{NAMES}|{NESTS}".split("|")) | st.text(max_size=3),
    JSON,
    max_size=5,
)
KINDS = st.sampled_from(
    [
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
        "subscribe_msg_sent_event",
        "wxa_media_check",
        "user_authorization_revoke",
        "user_info_modified",
        "user_authorization_cancellation",
        "",
    ]
)


@settings(deadline=None)
@given(KINDS, FIELDS)
def test_any_fields_become_some_event(kind, fields):
    query, body = pushed(message(kind) | fields, aes_key="")
    push = callbacks(None).open(query, body)
    assert isinstance(push.event, events.Pushed)
    assert len(push.key) == 64
