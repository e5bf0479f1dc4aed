"""The line to WeChat: time-outs, repeats within bounds, a circuit that opens."""

import asyncio
import socket
import time
from contextlib import ExitStack, asynccontextmanager

import pytest

from miniprogram_api.client import REPEAT_WITHIN_S
from miniprogram_api.errors import Advice, Refused, Unavailable, Why
from miniprogram_api.safety import Media, Scene
from miniprogram_api.transport import CROWDED_WAIT_S, MOST_AT_ONCE
from scripts.stack.ports import free_port
from scripts.wechat_simulator.faults import Do, Fault
from tests.miniprogram_api.waiting import until

LOGIN = "/sns/jscode2session"
SEND = "/cgi-bin/message/subscribe/send"
STABLE = "/cgi-bin/stable_token"
ANYWHERE = Fault(do=Do.DROP)


async def why(call):
    with pytest.raises(Unavailable) as unavailable:
        await call
    return unavailable.value.why


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(do=Do.STALL), Why.TIMEOUT),
        (Fault(do=Do.DROP), Why.CONNECTION),
        (Fault(do=Do.HTML), Why.NOT_UNDERSTOOD),
        (Fault(do=Do.EMPTY), Why.NOT_UNDERSTOOD),
        (Fault(do=Do.HALF), Why.NOT_UNDERSTOOD),
        (Fault(do=Do.DRIP), Why.TIMEOUT),
        (Fault(do=Do.STATUS, status=502), Why.HTTP_STATUS),
        (Fault(do=Do.STATUS, status=404), Why.HTTP_STATUS),
    ],
)
async def test_what_is_no_answer_is_asked_again_twice(
    make_gateway, world, fault, expected
):
    world.faults.ordered = [fault]
    patient = make_gateway(timeout_s=0.2 if expected is Why.TIMEOUT else 5.0)
    assert await why(patient.sign_in("w-17")) is expected
    assert world.calls[LOGIN] == 3


async def test_a_stall_ends_within_the_bound(make_gateway, world):
    world.faults.ordered = [Fault(do=Do.STALL)]
    began = time.monotonic()
    assert await why(make_gateway(timeout_s=0.3).sign_in("w-17")) is Why.TIMEOUT
    assert 0.8 < time.monotonic() - began < 5.0


async def test_a_stalled_token_request_ends_too(make_gateway, world):
    world.faults.ordered = [Fault(path=STABLE, do=Do.STALL)]
    call = make_gateway(timeout_s=0.2).mini_code("s", "pages/a")
    assert await why(call) is Why.TIMEOUT


async def test_one_lost_answer_does_not_show(gateway, world):
    world.faults.ordered = [Fault(do=Do.STATUS, times=1), Fault(do=Do.DROP, times=1)]
    assert (await gateway.sign_in("w-17")).openid == "o-17"


@pytest.mark.parametrize("do", [Do.LOSE, Do.DROP, Do.HTML])
async def test_a_message_that_may_have_gone_out_is_not_sent_again(gateway, world, do):
    world.messages.credits["o-17", "T"] = 5
    world.faults.ordered = [Fault(path=SEND, do=do)]
    with pytest.raises(Unavailable) as unavailable:
        await gateway.send_subscribe("o-17", "T", {"thing1": "你好"})
    assert unavailable.value.perhaps_done
    assert unavailable.value.advice is Advice.BACK_OFF
    assert world.calls[SEND] == 1
    assert len(world.messages.sent) == (1 if do is Do.LOSE else 0)


@pytest.mark.parametrize("call", ["phone", "media"])
async def test_other_calls_that_cost_something_are_not_repeated_either(
    gateway, world, call
):
    await gateway.sign_in("w-17")
    path, asked = {
        "phone": (
            "/wxa/business/getuserphonenumber",
            lambda: gateway.phone_number("p-17"),
        ),
        "media": (
            "/wxa/media_check_async",
            lambda: gateway.check_media(
                "https://x/y.png", Media.PICTURE, openid="o-17", scene=Scene.FORUM
            ),
        ),
    }[call]
    world.faults.ordered = [Fault(path=path, do=Do.LOSE)]
    assert await why(asked()) is Why.CONNECTION
    assert world.calls[path] == 1


async def test_busy_is_repeated_even_for_a_message_since_it_was_not_done(
    gateway, world
):
    world.messages.credits["o-17", "T"] = 1
    world.faults.ordered = [Fault(path=SEND, do=Do.ERRCODE, errcode=-1, times=2)]
    await gateway.send_subscribe("o-17", "T", {"thing1": "你好"})
    assert len(world.messages.sent) == 1


async def test_nobody_there_is_tried_three_times_also_for_a_message(make_gateway, naps):
    gone = make_gateway(base_url=f"http://127.0.0.1:{free_port()}")
    with pytest.raises(Unavailable) as unavailable:
        await gone.send_subscribe("o-17", "T", {"thing1": "你好"})
    assert unavailable.value.why is Why.CONNECTION
    assert not unavailable.value.perhaps_done
    assert len(naps.taken) == 2


async def test_a_line_that_never_comes_about_has_sent_nothing(make_gateway):
    with ExitStack() as open_sockets:
        full = open_sockets.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)  # its queue takes one or two, then silence
        for _ in range(4):
            waiting = open_sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        url = f"http://127.0.0.1:{full.getsockname()[1]}"
        with pytest.raises(Unavailable) as unavailable:
            await make_gateway(base_url=url, timeout_s=0.2).phone_number("p-17")
    assert unavailable.value.why is Why.TIMEOUT
    assert not unavailable.value.perhaps_done


async def test_an_unknown_host_is_unavailable(make_gateway):
    gone = make_gateway(base_url="http://no-such-host.invalid")
    assert await why(gone.sign_in("w-17")) in {Why.CONNECTION, Why.TIMEOUT}


@asynccontextmanager
async def talking(words: bytes):
    """A server that says the same to everyone and hangs up."""

    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(words)
        await writer.drain()
        writer.close()

    async with listening(talk) as url:
        yield url


@asynccontextmanager
async def listening(talk):
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.close()
    await server.wait_closed()


HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"rubbish",
        b"rubbish\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        HEAD + b"Content-Length: abc\r\n\r\n{}",
        HEAD + b"Content-Length: 99\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        HEAD + b"X: " + b"x" * 100_000 + b"\r\n\r\n{}",
        HEAD + b"Content-Length: 999999999999\r\n\r\n{}",
        HEAD + b"Content-Length: 2\r\n\r\n[]",
        HEAD + b"Content-Length: 4\r\n\r\nnull",
        HEAD + b"Content-Length: 2\r\n\r\n\xff\xfe",
        HEAD + b'Content-Length: 15\r\n\r\n{"errcode":"x"}',
        HEAD + b'Content-Length: 14\r\n\r\n{"errcode":[]}',
        HEAD + b"Content-Length: 20000\r\n\r\n" + b'[{"a":' * 3333 + b"{}",
        HEAD + b'Content-Length: 14\r\n\r\n{"openid":"a"}',
        HEAD + b'Content-Length: 33\r\n\r\n{"openid":"a","session_key":null}',
        b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"Content-Length: 8\r\n\r\n\x89PNG\r\n\x1a\n",
    ],
)
async def test_whatever_a_broken_server_says_is_unavailable(make_gateway, words):
    async with talking(words) as url:
        await why(make_gateway(base_url=url, timeout_s=0.5).sign_in("w-17"))


@pytest.mark.parametrize(
    "body",
    [
        b'\xef\xbb\xbf{"openid":"o-1","session_key":"k"}',
        b'{"openid":"o-1","session_key":"k","errcode":"0"}',
        b'{"openid":"o-1","session_key":"k","errcode":0,"new":"field\x01"}',
    ],
)
async def test_known_oddities_of_answers_are_read(make_gateway, body):
    words = HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body
    async with talking(words) as url:
        assert (await make_gateway(base_url=url).sign_in("w")).openid == "o-1"


async def test_five_failures_open_the_circuit(gateway, world, ticker):
    world.faults.ordered = [ANYWHERE]
    for _ in range(2):
        await why(gateway.sign_in("w-17"))
    assert world.calls[LOGIN] == 5  # the second call stopped repeating
    with pytest.raises(Unavailable) as unavailable:
        await gateway.sign_in("w-17")
    assert unavailable.value.why is Why.CIRCUIT_OPEN
    assert unavailable.value.wait_s == 10
    assert not unavailable.value.perhaps_done
    assert world.calls[LOGIN] == 5

    world.faults.ordered = []
    ticker.at += 9.9
    assert await why(gateway.sign_in("w-17")) is Why.CIRCUIT_OPEN
    ticker.at += 0.1
    assert (await gateway.sign_in("w-17")).openid == "o-17"
    assert (await gateway.sign_in("w-18")).openid == "o-18"


async def test_a_half_open_circuit_lets_one_try_and_closes_again_if_it_fails(
    gateway, world, ticker
):
    world.faults.ordered = [ANYWHERE]
    for _ in range(2):
        await why(gateway.sign_in("w-17"))
    ticker.at += 10
    tries = [why(gateway.sign_in("w-17")) for _ in range(10)]
    assert sorted(await asyncio.gather(*tries)) == sorted(
        [Why.CONNECTION, *[Why.CIRCUIT_OPEN] * 9]
    )
    assert world.calls[LOGIN] == 6
    assert await why(gateway.sign_in("w-17")) is Why.CIRCUIT_OPEN


async def test_a_try_that_is_given_up_leaves_the_way_to_the_next(
    gateway, world, ticker
):
    world.faults.ordered = [ANYWHERE]
    for _ in range(2):
        await why(gateway.sign_in("w-17"))
    ticker.at += 10
    world.faults.ordered = [Fault(do=Do.STALL, times=1)]
    trying = asyncio.create_task(gateway.sign_in("w-17"))
    await until(lambda: world.calls[LOGIN] == 6)
    trying.cancel()
    await asyncio.gather(trying, return_exceptions=True)
    assert (await gateway.sign_in("w-17")).openid == "o-17"


async def test_an_errcode_is_an_answer_and_keeps_the_circuit_closed(gateway, world):
    for number in range(6):
        world.faults.ordered = [
            Fault(do=Do.DROP, times=2),
            Fault(do=Do.ERRCODE, errcode=40029, times=1),
        ]
        with pytest.raises(Refused, match="40029"):
            await gateway.sign_in(f"w-{number}")
    assert (await gateway.sign_in("w-17")).openid == "o-17"


async def test_a_stall_that_took_long_is_not_asked_again(make_gateway, world):
    first, later = iter([0.0]), REPEAT_WITHIN_S + 0.1
    world.faults.ordered = [Fault(do=Do.STALL)]
    patient = make_gateway(timeout_s=0.2, monotonic=lambda: next(first, later))
    assert await why(patient.sign_in("w-17")) is Why.TIMEOUT
    assert world.calls[LOGIN] == 1


async def test_one_more_than_a_hundred_at_once_is_told_so_without_being_sent(
    gateway, world
):
    calls = (gateway.sign_in(f"w-{n}") for n in range(MOST_AT_ONCE + 1))
    *answered, last = await asyncio.gather(*calls, return_exceptions=True)
    assert [each.openid for each in answered] == [f"o-{n}" for n in range(MOST_AT_ONCE)]
    assert (last.why, last.wait_s) == (Why.CROWDED, CROWDED_WAIT_S)
    assert world.calls[LOGIN] == MOST_AT_ONCE
    assert (await gateway.sign_in("w-last")).openid == "o-last"


async def test_a_hundred_calls_at_once_all_get_their_answer(gateway):
    sessions = await asyncio.gather(*(gateway.sign_in(f"w-{n}") for n in range(100)))
    assert [session.openid for session in sessions] == [f"o-{n}" for n in range(100)]


async def test_wechatpys_own_builders_work_awaited(gateway, world):
    wxa = gateway.client.wxa
    assert (await wxa.get_wxa_code_unlimited("s")).startswith(b"\x89PNG")
    assert (await wxa.check_text_security("你好"))["errcode"] == 0
    with pytest.raises(Refused, match="87014"):
        await wxa.check_text_security("赌博")
    assert world.calls[STABLE] == 1


async def test_parameters_that_are_none_are_left_out(make_gateway):
    asked = []

    async def note(reader, writer):
        asked.append((await reader.readuntil(b"\r\n")).decode())
        body = b'{"access_token":"t","expires_in":7200,"unionid":"u-1"}'
        writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()

    async with listening(note) as url:
        client = make_gateway(base_url=url).client
        assert await client.wxa.get_paid_unionid("o-1") == "u-1"
    assert asked[-1] == "GET /wxa/getpaidunionid?openid=o-1&access_token=t HTTP/1.1\r\n"


async def test_the_token_is_never_read_and_never_sent_elsewhere(gateway):
    assert not hasattr(gateway.client, "access_token")
    with pytest.raises(ValueError, match="path"):
        await gateway.client.get("https://elsewhere.example/wxa/x")
