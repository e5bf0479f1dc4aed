"""wrk's figures are read, and a real run counts what it sent."""

import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from scripts.benchmark import loading
from scripts.benchmark.loading import Line, Load, Pace, parse, write_deck
from scripts.benchmark.rounds import bad_of
from scripts.benchmark.works import BY_NAME
from scripts.stack.trouble import Trouble

SAID = """Running 1s test @ http://127.0.0.1:1
  1 threads and 64 connections
BENCH {"requests": 5200, "microseconds": 1003456, "p50_us": 900, "p99_us": 4100, \
"unanswered": 0, "bad": 3, "written": 520, "made": 500, "refused": 3, "broken": 0}
Transfer/sec:      1.00MB
"""


def test_the_line_of_figures_is_found_among_wrks_words():
    load = parse(SAID)
    assert (load.requests, load.p99_us, load.made) == (5_200, 4_100, 500)
    assert load.per_second == pytest.approx(5_182.1, abs=0.1)


def test_without_figures_wrks_own_words_are_shown():
    with pytest.raises(Trouble, match="unable to connect"):
        parse("unable to connect to 127.0.0.1:1 Connection refused")


def load_of(**changed):
    """Return what wrk counted in a good run."""
    told = parse(SAID)
    fields = {name: getattr(told, name) for name in Load.__struct_fields__}
    return Load(**fields | {"bad": 0, "refused": 0} | changed)


def test_in_a_rush_somebody_goes_without_and_nowhere_else():
    turned_away = load_of(bad=7, refused=7)
    assert bad_of(BY_NAME["rush"], turned_away) == 0
    assert bad_of(BY_NAME["book"], turned_away) == 7
    assert bad_of(BY_NAME["rush"], load_of(bad=8, refused=7, broken=1)) == 1


def test_an_answer_that_never_came_is_a_bad_one():
    assert bad_of(BY_NAME["policy"], load_of(unanswered=2)) == 2
    assert bad_of(BY_NAME["rush"], load_of(unanswered=2)) == 2


class Echo(BaseHTTPRequestHandler):
    """Makes what is posted, unless told that it is taken; knows who asks."""

    protocol_version = "HTTP/1.1"
    seen: ClassVar[set[tuple[str, str, str]]] = set()

    def do_GET(self):
        self.seen.add(
            (self.path, self.headers["Authorization"], self.headers["X-Real-Ip"])
        )
        self.answer(200)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(409 if b"taken" in body else 201)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def port():
    """A server of a few lines."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


needs_wrk = pytest.mark.skipif(
    shutil.which("wrk") is None, reason="wrk is not installed: apt install wrk"
)


@needs_wrk
def test_a_real_run_sends_its_decks_and_waits_for_every_answer(port, tmp_path):
    reads = write_deck(
        tmp_path / "reads", [Line("/a?x=1", token="t-1", address="10.0.0.9")]
    )
    writes = write_deck(
        tmp_path / "writes",
        [
            Line("/b", method="POST", body='{"slot": "free"}'),
            Line("/b", method="POST", body='{"slot": "taken"}'),
        ],
    )
    load = loading.run(
        "wrk",
        port,
        Pace(connections=2, seconds=1, every=2),
        reads=reads,
        writes=writes,
    )
    assert load.requests > 0
    assert load.made > 0
    assert load.refused == load.bad > 0
    assert (load.broken, load.unanswered) == (0, 0)
    assert load.written == load.made + load.refused
    assert Echo.seen == {("/a?x=1", "Bearer t-1", "10.0.0.9")}
