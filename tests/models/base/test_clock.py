"""The clock tells whole milliseconds, and within one always the same moment."""

import time
from datetime import UTC, datetime

from models.base.clock import Clock


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
