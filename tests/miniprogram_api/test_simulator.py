"""The simulator keeps the platform's contract where the gateway does not look."""

import asyncio
import json
import subprocess
import sys
import urllib.request
from datetime import timedelta

import pytest

from miniprogram_api.errors import Refused
from scripts.stack.ports import free_port
from scripts.wechat_simulator import APPID, SECRET
from scripts.wechat_simulator.quotas import Limit
from tests.miniprogram_api.curl import WHO

PLAIN = f"/cgi-bin/token?grant_type=client_credential&appid={APPID}&secret={SECRET}"


async def test_every_plain_token_replaces_the_one_before_after_five_minutes(
    curl, clock
):
    first = (await curl(PLAIN))["access_token"]
    second = (await curl(PLAIN))["access_token"]
    assert first != second
    assert await curl.is_good(first)
    assert await curl.is_good(second)
    clock.forward(timedelta(minutes=5))
    assert not await curl.is_good(first)
    assert await curl.is_good(second)


async def test_the_stable_token_stays_until_its_last_five_minutes(curl, clock):
    first = await curl.stable()
    clock.forward(timedelta(seconds=6899))
    assert await curl.stable() == first
    clock.forward(timedelta(seconds=1))
    second = await curl.stable()
    assert second != first
    clock.forward(timedelta(seconds=299))
    assert await curl.is_good(first)
    clock.forward(timedelta(seconds=1))
    assert not await curl.is_good(first)
    assert await curl.is_good(second)


async def test_the_two_kinds_do_not_touch_each_other(curl):
    stable = await curl.stable()
    await curl(PLAIN)
    await curl(PLAIN)
    assert await curl.stable() == stable
    assert await curl.is_good(stable)


async def test_force_kills_at_once_but_only_every_half_minute_and_twenty_times(
    curl, clock
):
    tokens = [await curl.stable(force_refresh=True)]
    assert await curl.stable(force_refresh=True) == tokens[0]
    for _ in range(19):
        clock.forward(timedelta(seconds=30))
        tokens.append(await curl.stable(force_refresh=True))
        assert not await curl.is_good(tokens[-2])
    assert len(set(tokens)) == 20
    clock.forward(timedelta(seconds=30))
    answer = await curl("/cgi-bin/stable_token", WHO | {"force_refresh": True})
    assert answer["errcode"] == 45009


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({"grant_type": "x"}, 40002),
        ({"appid": ""}, 41002),
        ({"appid": "wx1111111111111111"}, 40013),
        ({"secret": ""}, 41004),
        ({"secret": "x"}, 40125),
    ],
)
async def test_a_token_needs_the_right_app(curl, change, errcode):
    answer = await curl("/cgi-bin/stable_token", WHO | change)
    assert answer["errcode"] == errcode


async def test_bad_tokens_and_methods_and_bodies_are_told_apart(curl, clock):
    path = "/wxa/msg_sec_check?access_token="
    asked = {"content": "x"}
    assert (await curl("/wxa/msg_sec_check", asked))["errcode"] == 41001
    assert (await curl(path + "short", asked))["errcode"] == 40014
    assert (await curl(path + "x" * 128, asked))["errcode"] == 40001
    token = await curl.stable()
    assert (await curl(path + token))["errcode"] == 43002
    assert (await curl(path + token, [1]))["errcode"] == 47001
    answer = await curl(path + token, asked | {"access_token": token})
    assert answer["errcode"] == 47001
    clock.forward(timedelta(hours=2))
    assert (await curl(path + token, asked))["errcode"] == 42001


async def test_escaped_chinese_is_refused(curl, simulator):
    token = await curl.stable()
    for body, errcode in ((rb'{"content":"\u8d4c"}', 40033), (rb'{"a":"\\u8d4c"}', 0)):
        answer = await curl.http.fetch(
            f"{simulator.url}/cgi-bin/clear_quota?access_token={token}",
            method="POST",
            body=body,
        )
        assert json.loads(answer.body)["errcode"] in {errcode, 40013}
        assert (json.loads(answer.body)["errcode"] == 40033) == (errcode == 40033)


async def test_quotas_end_by_the_minute_and_by_the_day_and_can_be_cleared(
    curl, world, clock
):
    check = "/wxa/msg_sec_check"
    world.quotas.limits[check] = Limit(minute=2, day=3)
    path = f"{check}?access_token={await curl.stable()}"
    codes = [(await curl(path, {"content": "x"}))["errcode"] for _ in range(3)]
    assert codes == [0, 0, 45011]
    clock.forward(timedelta(minutes=1))
    codes = [(await curl(path, {"content": "x"}))["errcode"] for _ in range(2)]
    assert codes == [0, 45009]
    clear = f"/cgi-bin/clear_quota?access_token={await curl.stable()}"
    assert (await curl(clear, {"appid": "wx1111111111111111"}))["errcode"] == 40013
    assert (await curl(clear, {"appid": APPID}))["errcode"] == 0
    assert (await curl(path, {"content": "x"}))["errcode"] == 0


async def test_quotas_can_be_cleared_ten_times_a_month(gateway):
    for number in range(10):
        await gateway.clear_quota(by_secret=number % 2 == 1)
    for by_secret in (False, True):
        with pytest.raises(Refused, match="48006"):
            await gateway.clear_quota(by_secret=by_secret)


async def test_the_doors_do_what_they_say(curl):
    listed = await curl("/_simulator")
    assert any(line.startswith("PUT /_simulator/faults") for line in listed)

    fault = {"do": "errcode", "errcode": 40226, "times": 1}
    await curl("/_simulator/faults", [fault], "PUT")
    login = f"/sns/jscode2session?appid={APPID}&secret={SECRET}"
    login += "&grant_type=authorization_code&js_code="
    assert (await curl(login + "w-17"))["errcode"] == 40226
    assert (await curl(login + "w-17"))["openid"] == "o-17"
    assert (await curl("/_simulator/calls"))["/sns/jscode2session"] == 2

    await curl("/_simulator/codes", {"code": "w-17-old"})
    await curl("/_simulator/clock", {"forward_s": 301}, "PUT")
    assert (await curl(login + "w-17-old"))["errcode"] == 40029
    await curl("/_simulator/clock", {}, "PUT")

    user = await curl("/_simulator/users/o-17", {"blocked": True}, "PUT")
    assert user["blocked"]
    assert (await curl(login + "w-17-3"))["errcode"] == 40226

    credit = {"openid": "o-17", "template_id": "T", "credits": 1}
    await curl("/_simulator/credits", credit, "PUT")
    tapped = {"openid": "o-17", "template_ids": ["T", "U"]}
    left = await curl("/_simulator/credits", tapped)
    assert [row["credits"] for row in left] == [2, 1]

    sealed = await curl("/_simulator/users/o-17/open-data", {"stepInfoList": []})
    assert set(sealed) == {"encryptedData", "iv"}

    await curl("/_simulator/settings", {"limits": {"/x": [1, None]}}, "PUT")
    await curl("/_simulator/settings", {"oops": 1}, "PUT")
    assert curl.status == 422
    await curl("/_simulator/users/nobody")
    assert curl.status == 404

    await curl("/_simulator/forget", {})
    assert await curl("/_simulator/calls") == {}
    assert (await curl(login + "w-17"))["openid"] == "o-17"


async def test_settings_reach_their_place(curl, world):
    settings = {
        "templates": {"T": ["thing1"]},
        "pages": ["pages/a"],
        "risky": ["坏"],
        "doubtful": ["疑"],
        "sensitive": ["敏"],
        "unlimited_credits": True,
        "tells_unionid": True,
        "key_interval_s": 0,
        "media_delay_s": None,
        "limits": {"/wxa/msg_sec_check": [2, None]},
    }
    assert await curl("/_simulator/settings", settings, "PUT") == settings
    assert world.messages.templates == {"T": ["thing1"]}
    assert world.messages.pages == world.mini_codes.pages == ["pages/a"]
    assert (world.safety.risky, world.safety.doubtful) == (["坏"], ["疑"])
    assert world.messages.sensitive == ["敏"]
    assert world.messages.unlimited
    assert world.users.tells_unionid
    assert world.users.key_interval == timedelta(0)
    assert world.media_delay_s is None
    assert world.quotas.limits["/wxa/msg_sec_check"] == Limit(2, None)


async def test_it_starts_as_a_process_and_ends_in_order():
    url, process = await asyncio.to_thread(_started)
    try:
        doors = await asyncio.to_thread(urllib.request.urlopen, f"{url}/_simulator")
        assert doors.status == 200
        doors.close()
        taken = await asyncio.to_thread(_run, url.rsplit(":", 1)[1])
        assert taken.returncode == 1
        assert "is taken" in taken.stderr
    finally:
        process.terminate()
        await asyncio.to_thread(process.communicate, timeout=100)
    assert process.returncode == 0


def _command(port):
    return [sys.executable, "-m", "scripts.wechat_simulator", "--port", str(port)]


def _run(port):
    return subprocess.run(
        _command(port), capture_output=True, text=True, timeout=100, check=False
    )


def _started():
    process = subprocess.Popen(
        _command(free_port()), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    line = process.stdout.readline()
    return line.split()[3].rstrip(";"), process
