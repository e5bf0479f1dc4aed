"""Nobody writes a line of our log by what they send."""

import io
import logging

import msgspec

from app.telemetry import LibraryLine


def written(*told, **more):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LibraryLine())
    logger = logging.getLogger("tests.telemetry")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        logger.error(*told, **more)
    finally:
        logger.removeHandler(handler)
    line, nothing = stream.getvalue().split("\n")
    assert nothing == ""
    return msgspec.json.decode(line)


def test_a_library_says_one_line_whatever_is_in_it():
    sent = 'x", "level": "info"}\n{"event": "request", "who": "worker_1"}\r\n\u2028'
    line = written("bad header %s", sent)
    assert line == {
        "level": "error",
        "logger": "tests.telemetry",
        "event": f"bad header {sent}",
    }


def test_a_failure_tells_its_kind_and_place_and_no_value():
    try:
        raise ValueError("13800000017")
    except ValueError:
        line = written("failed", exc_info=True)
    assert line["kind"] == "ValueError"
    assert line["where"][0].startswith("test_telemetry.py:")
    assert "13800000017" not in str(line)


def test_a_long_word_is_cut():
    assert len(written("a" * 10_000)["event"]) == 500
