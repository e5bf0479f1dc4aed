"""The clock tells whole milliseconds, and within one always the same moment."""

import time
from datetime import UTC, date, datetime, timedelta

import bson

from models.base.clock import Clock, end_of, start_of


def test_it_tells_whole_milliseconds_of_now():
    before = time.time_ns() // 1_000_000
    told = Clock().now()
    after = time.time_ns() // 1_000_000
    assert told.tzinfo is UTC
    assert told.microsecond % 1000 == 0
    assert before <= round(told.timestamp() * 1000) <= after


def test_it_never_stands_still_longer_than_a_millisecond():
    clock, seen = Clock(), set()
    while len(seen) < 5:
        before = time.time_ns() // 1_000_000
        told = clock.now()
        after = time.time_ns() // 1_000_000
        assert before <= round(told.timestamp() * 1000) <= after
        seen.add(told)
    assert max(seen) <= datetime.now(UTC)


def test_days_at_either_end_of_the_calendar_begin_and_end():
    for first in (date.min, date.max - timedelta(days=1)):
        following = first + timedelta(days=1)
        assert start_of(first) < end_of(first) == start_of(following)
        assert start_of(following) < end_of(following)
    for moment in (start_of(date.min), end_of(date.max)):
        kept = bson.decode(
            bson.encode({"at": moment}), bson.CodecOptions(tz_aware=True)
        )
        assert kept["at"] == moment
