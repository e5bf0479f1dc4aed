"""What stands in front of the app lets through what the app takes."""

import re
from pathlib import Path

from handlers.base.openapi import promises_of
from handlers.routes import ROUTES
from models.base.inspection import LARGEST

CONF = (Path(__file__).parents[2] / "deploy" / "nginx.conf").read_text()
FILES = re.search(r"location ~ (\S+) \{\s+client_max_body_size (\d+)m;", CONF)


def test_every_door_that_takes_a_file_is_let_through():
    assert FILES
    doors = {pattern: promise.body for pattern, _, promise in promises_of(ROUTES)}
    for pattern, body in doors.items():
        path = re.sub(r"\{\w+\}", "thing_1", pattern)
        passes = re.match(FILES.group(1), path) is not None
        assert passes or body is not bytes, pattern


def test_a_file_as_large_as_the_app_takes_passes():
    assert FILES
    assert int(FILES.group(2)) * 1024 * 1024 > LARGEST
