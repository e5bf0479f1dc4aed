"""The index keeps up with what it is told, while it is being searched."""

import asyncio
import time

import pytest

from models.policies.search.index import SearchIndex
from models.policies.search.query import Query
from models.policies.search.synonyms import Synonyms
from models.policies.search.writer import Writer
from tests.models.policies.search.corpus import NOW, entry, table


def found(index, text=""):
    return {hit.id for hit in index.search(Query(text=text, now=NOW)).items}


async def test_what_is_put_in_is_found_and_what_is_taken_out_is_gone():
    index = SearchIndex()
    assert found(index) == set()
    await index.put([entry("社保补贴"), entry("工伤认定")])
    assert found(index, "社保") == {"社保补贴"}
    await index.remove(["社保补贴", "从未有过"])
    assert found(index, "社保") == set()
    assert found(index) == {"工伤认定"}


async def test_a_change_takes_the_place_of_what_was_there():
    index = SearchIndex()
    await index.put([entry("甲办法", id="a", tags=("社保",))])
    await index.put([entry("乙办法", id="a", tags=("工伤",))])
    assert found(index, "社保") == set()
    assert found(index, "工伤") == {"a"}
    assert index.suggest("sb", NOW) == []
    assert index.search(Query(now=NOW)).total == 1


async def test_a_burst_is_written_in_few_commits_the_last_word_holding(monkeypatch):
    commits = []
    write = Writer.write
    monkeypatch.setattr(
        Writer, "write", lambda self, changes: commits.append(1) or write(self, changes)
    )
    index = SearchIndex()
    puts = [index.put([entry(f"办法{i}", id=f"{i % 50}")]) for i in range(200)]
    gone = index.remove(["7"])
    await asyncio.gather(*puts, gone)
    assert found(index, "办法199") == {"49"}
    assert index.search(Query(now=NOW)).total == 49
    assert len(commits) <= 3


async def test_one_change_is_findable_within_a_fifth_of_a_second():
    index = SearchIndex()
    await index.load(entry(f"办法{i}", body="说明" * 400) for i in range(300))
    started = time.perf_counter()
    await index.put([entry("刚刚发布", body="说明" * 400)])
    took = time.perf_counter() - started
    assert found(index, "刚刚发布") == {"刚刚发布"}
    assert took < 0.2


async def test_loading_holds_exactly_what_it_is_given():
    index = SearchIndex()
    await index.load([entry("社保补贴"), entry("工伤认定")])
    await index.load([entry("工伤认定", tags=("新",)), entry("培训")])
    assert found(index) == {"工伤认定", "培训"}
    assert index.suggest("xin", NOW) == ["新"]


async def test_searches_go_on_while_it_loads():
    index = SearchIndex()
    await index.load([entry("社保补贴")])
    loading = asyncio.create_task(
        index.load(entry(f"社保{i}", body="说明" * 200) for i in range(400))
    )
    seen = set()
    while not loading.done():
        seen.add(index.search(Query(text="社保", now=NOW)).total)
        await asyncio.sleep(0)
    assert seen <= {1, 400}
    assert index.search(Query(text="社保", now=NOW)).total == 400


async def test_a_load_that_fails_leaves_what_was_there():
    index = SearchIndex()
    await index.load([entry("社保补贴")])

    without_zone = NOW.replace(tzinfo=None)
    with pytest.raises(TypeError):
        await index.load([entry("工伤认定"), entry("坏", visible_from=without_zone)])
    await index.put([entry("培训")])
    assert found(index) == {"社保补贴", "培训"}


async def test_who_gives_up_waiting_does_not_stop_the_write():
    index = SearchIndex()
    mine, theirs = index.put([entry("社保补贴")]), index.put([entry("工伤认定")])
    mine.cancel()
    await theirs
    assert found(index) == {"社保补贴", "工伤认定"}


async def test_synonyms_may_be_swapped_at_any_time():
    index = SearchIndex(table({"terms": ("社保", "社会保险")}))
    await index.put([entry("社会保险补贴"), entry("工伤认定")])
    assert found(index, "社保") == {"社会保险补贴"}
    index.use(Synonyms.of([]))
    assert found(index, "社保") == set()
    index.use(table({"terms": ("受伤", "工伤")}))
    assert found(index, "受伤") == {"工伤认定"}
