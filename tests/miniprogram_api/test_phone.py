"""A phone button's code becomes a number, once."""

import pytest

from miniprogram_api.errors import Advice, Refused, Unavailable, Why


async def test_a_code_gives_the_number(gateway):
    phone = await gateway.phone_number("p-13912345678")
    assert (phone.number, phone.pure_number, phone.country_code) == (
        "13912345678",
        "13912345678",
        "86",
    )


async def test_a_short_code_gives_a_number_that_ends_so(gateway):
    assert (await gateway.phone_number("p-17-again")).number == "13800000017"


@pytest.mark.parametrize("code", ["w-17", "nonsense", "", "p-"])
async def test_what_is_no_phone_code_asks_for_another_tap(gateway, code):
    with pytest.raises(Refused) as refused:
        await gateway.phone_number(code)
    assert refused.value.advice is Advice.TAP_AGAIN


async def test_a_used_code_asks_for_another_tap(gateway):
    await gateway.phone_number("p-17")
    with pytest.raises(Refused) as refused:
        await gateway.phone_number("p-17")
    assert (refused.value.errcode, refused.value.advice) == (40029, Advice.TAP_AGAIN)


async def test_somebody_elses_code_is_refused_when_the_openid_goes_along(
    gateway, world
):
    world.users.issue("p-17", "o-17")
    with pytest.raises(Refused, match="40029"):
        await gateway.phone_number("p-17", openid="o-18")


async def test_the_number_of_another_app_is_no_answer(gateway, world):
    await gateway.phone_number("p-17")
    world.appid = "wx1111111111111111"
    with pytest.raises(Unavailable) as unavailable:
        await gateway.phone_number("p-18")
    assert unavailable.value.why is Why.NOT_UNDERSTOOD
