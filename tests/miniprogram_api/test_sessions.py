"""Whether a session_key is still the one, proven without sending it."""

import pytest

from miniprogram_api.errors import Advice, Refused
from miniprogram_api.sessions import signature


def test_the_signature_is_the_published_example():
    # http-signature page: the key is the base64 text, not its bytes.
    assert signature("o0q0otL8aEzpcZL/FT9WsQ==", b'{"foo":"bar"}') == (
        "654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b"
    )


async def test_a_key_is_valid_until_it_is_replaced(gateway, world):
    session = await gateway.sign_in("w-17")
    assert await gateway.session_is_valid(session.openid, session.session_key)
    world.users.renew_key(world.users.of("o-17"))
    assert not await gateway.session_is_valid(session.openid, session.session_key)


async def test_a_reset_gives_another_key_and_kills_the_old_one(gateway):
    old = await gateway.sign_in("w-17")
    new = await gateway.reset_session("o-17", old.session_key)
    assert new.openid == "o-17"
    assert await gateway.session_is_valid("o-17", new.session_key)
    with pytest.raises(Refused) as refused:
        await gateway.reset_session("o-17", old.session_key)
    assert refused.value.advice is Advice.SIGN_IN_AGAIN


async def test_an_unknown_person_is_dropped_not_called_invalid(gateway):
    with pytest.raises(Refused) as refused:
        await gateway.session_is_valid("nobody", "key")
    assert refused.value.advice is Advice.DROP
