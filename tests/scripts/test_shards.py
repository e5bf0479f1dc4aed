"""The plan for more than one shard fits the shelves that there are."""

import re
from pathlib import Path

from limits import RateLimitItemPerMinute

from handlers.base.limits import Limiter
from models.base.documents import all_documents
from scripts import shards

PAGE = Path(__file__).parents[2] / "docs" / "scale.md"

SHELVES = {document.SHELF: document for document in all_documents()}


def test_every_shelf_that_is_cut_is_there_and_has_its_key():
    for shelf, cut in shards.CUTS.items():
        assert cut.key in SHELVES[shelf].__struct_encode_fields__, shelf


def test_every_unique_index_that_shards_cannot_keep_is_known():
    broken = {
        name
        for shelf, cut in shards.CUTS.items()
        for name in shards.unique_without_key(SHELVES[shelf], cut)
    }
    assert broken == set(shards.CLAIMED)


def test_the_page_shows_the_plan_as_it_is():
    assert shards.table() in PAGE.read_text()


async def test_both_windows_of_a_limit_lie_in_one_slot_of_a_redis_cluster(ctx):
    assert await Limiter(ctx.redis, ctx.clock).hit(RateLimitItemPerMinute(5), "w1")
    keys = [key async for key in ctx.redis.scan_iter("*")]
    assert keys
    assert all(re.search(r"\{[^{}]*w1[^{}]*\}", key) for key in keys)
