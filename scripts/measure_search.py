"""How well and how fast search answers: the demo's questions in workers' own words.

    python -m scripts.measure_search [--at 2026-11-23] [--texts 10000]

A question is answered well when one of the policies that a union's window would
name is among the first three. Words and weights are tuned on the open questions
only; those held out say what tuning is worth. With ``--texts`` the same questions
are timed over that many texts, made of the demo's by mixing their lines.
"""

import argparse
import asyncio
import random
import time
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec
import yaml

from models.base.clock import SHANGHAI, Clock
from models.policies import wording
from models.policies.search.entries import Entry, Kind
from models.policies.search.index import SearchIndex
from models.policies.search.query import Query
from models.policies.search.synonyms import Synonyms
from scripts.demo.load_policies import EditionRow, PolicyRow, policy_rows, synonym_rows

QUESTIONS = Path(__file__).parent / "demo" / "questions.yaml"
FIRST = 3
"""Answers that a worker reads before giving up."""


class Asked(msgspec.Struct, frozen=True):
    """A question and the policies that answer it."""

    q: str
    expects: tuple[str, ...]
    held_out: bool = False


class Score(msgspec.Struct, frozen=True):
    """How some questions fared."""

    questions: int
    recall: float
    """The part answered among the first three."""
    mrr: float
    """Mean of one over the place of the first right answer."""


def questions() -> list[Asked]:
    """Read the questions."""
    return msgspec.convert(yaml.safe_load(QUESTIONS.read_text("utf-8")), list[Asked])


def entries(rows: Iterable[PolicyRow], now: datetime) -> Iterator[Entry]:
    """Yield each policy's edition of the day, its slug as id."""
    for row in rows:
        public = [each for each in row.editions if each.publish_at <= now]
        if public and row.withdrawn is None:
            yield _entry(row, public[-1])


def place(index: SearchIndex, asked: Asked, now: datetime) -> int | None:
    """Return the place of the first right answer, from 1 on."""
    hits = index.search(Query(text=asked.q, now=now, kind=Kind.POLICY, limit=10))
    for at, hit in enumerate(hits.items, start=1):
        if hit.id in asked.expects:
            return at
    return None


def score(places: list[int | None]) -> Score:
    """Sum up the places of the right answers."""
    good = sum(1 for at in places if at is not None and at <= FIRST)
    reached = sum(1 / at for at in places if at is not None)
    return Score(len(places), good / len(places), reached / len(places))


async def filled(texts: Iterable[Entry]) -> SearchIndex:
    """Return an index of some texts under the demo's synonyms."""
    index = SearchIndex(Synonyms.of(synonym_rows()))
    await index.load(texts)
    return index


def main() -> None:
    """Measure and print."""
    said = _arguments()
    now = said.at.replace(tzinfo=SHANGHAI) if said.at else Clock().now()
    demo = list(entries(policy_rows(), now))
    index = asyncio.run(filled(demo))
    asked = questions()
    places = {each: place(index, each, now) for each in asked}
    _print_misses(index, places, now)
    for name, held_out in (("all", None), ("tuned", False), ("held out", True)):
        chosen = [p for a, p in places.items() if held_out in {None, a.held_out}]
        told = score(chosen)
        print(
            f"{name:9} {told.questions:4} questions   "
            f"recall@{FIRST} {told.recall:.3f}   MRR {told.mrr:.3f}"
        )
    print(f"\n{len(demo)} texts: {_timed(index, asked, now)}")
    if said.texts:
        asyncio.run(_measure_many(demo, said.texts, asked, now))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at", type=datetime.fromisoformat, help="a day, YYYY-MM-DD")
    parser.add_argument("--texts", type=int, default=0, help="also over so many texts")
    return parser.parse_args()


def _entry(row: PolicyRow, edition: EditionRow) -> Entry:
    return Entry(
        id=row.slug,
        kind=Kind.POLICY,
        title=row.title,
        tags=row.tags,
        number=edition.number,
        summary=edition.summary,
        body=wording.plain_of(wording.html_of(edition.body)),
        region=row.region,
        level=row.level,
        topic=row.topic,
        audience=row.audience,
        published_at=edition.publish_at,
        visible_from=edition.publish_at,
        visible_to=_end_of(edition.valid_to),
    )


def _end_of(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI)


def _print_misses(
    index: SearchIndex, places: dict[Asked, int | None], now: datetime
) -> None:
    for asked, at in places.items():
        if at is None or at > FIRST:
            hits = index.search(Query(text=asked.q, now=now, limit=FIRST)).items
            kept = "held out, " if asked.held_out else ""
            print(f"{asked.q}  ({kept}found at {at or '-'})")
            print(f"    wanted {', '.join(asked.expects)}")
            print(f"    shown  {', '.join(hit.id for hit in hits)}")
    print()


def _timed(index: SearchIndex, asked: list[Asked], now: datetime) -> str:
    """Time each question when it is new and when it was asked before."""
    took: dict[str, list[float]] = {"new": [], "again": []}
    for each in asked:
        for times in took.values():
            start = time.perf_counter()
            index.search(Query(text=each.q, now=now))
            times.append(1000 * (time.perf_counter() - start))
    return "   ".join(f"{name} {_percentiles(times)}" for name, times in took.items())


def _percentiles(times: list[float]) -> str:
    times.sort()
    points = {f"p{part}": times[len(times) * part // 100] for part in (50, 95, 99)}
    return " ".join(f"{name} {ms:.3f}" for name, ms in points.items()) + " ms"


async def _measure_many(
    demo: list[Entry], count: int, asked: list[Asked], now: datetime
) -> None:
    texts = list(_mixed(demo, count))
    start = time.perf_counter()
    index = await filled(texts)
    print(f"\n{count} texts: filled in {time.perf_counter() - start:.1f} s")
    print(f"{count} texts: {_timed(index, asked, now)}")
    changed = msgspec.structs.replace(texts[0], title="刚刚改过的标题")
    start = time.perf_counter()
    await index.put([changed])
    print(f"one change findable in {1000 * (time.perf_counter() - start):.0f} ms")


def _mixed(demo: list[Entry], count: int) -> Iterator[Entry]:
    """Yield texts of some 850 characters, each mostly of one of the demo's."""
    dice = random.Random(7)
    lines = [line for entry in demo for line in entry.body.splitlines()]
    for at in range(count):
        base = dice.choice(demo)
        own = [*base.body.splitlines(), *dice.choices(lines, k=20)]
        dice.shuffle(own)
        age = timedelta(minutes=at)
        yield msgspec.structs.replace(
            base,
            id=f"text_{at}",
            title=base.title + "".join(dice.sample(base.title, 4)),
            body="\n".join(own)[:850],
            published_at=base.published_at - age,
            visible_from=base.visible_from - age,
        )


if __name__ == "__main__":
    main()
