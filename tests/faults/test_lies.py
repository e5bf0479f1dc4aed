"""WeChat stalls and lies: people are told so in time, and the inn goes on."""

import pytest

from tests.faults import town
from tests.faults.inn import open_inn
from tests.faults.lies import LIES, PEOPLE, tell
from tests.faults.trial import settle

PATIENCE = 900
"""Seconds; some eighty on a machine that does nothing else: an open circuit rests."""


@pytest.mark.gen_test(timeout=PATIENCE)
async def test_whatever_wechat_says_people_are_told_and_the_rest_goes_on():
    async with open_inn(doors=1, members=1) as inn:
        people = await town.furnish(inn, residents=len(LIES), seed=1)
        for number, lie in enumerate(LIES):
            told = await tell(inn, people, lie, number)
            print(told)  # noqa: T201 - the figures are what this is about
            assert len(told.sign_ins) == PEOPLE
            assert told.wrong == []
        assert await settle(inn) == []
