"""The console as it is served: what browsers may keep, and what may run there."""

import pytest

from handlers.base import console


@pytest.fixture(autouse=True)
def dist(tmp_path, monkeypatch):
    """A built console, as small as can be."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>工作台</title>")
    (tmp_path / "worker.js").write_text("addEventListener('fetch', open)")
    (tmp_path / ".made-from").write_text("a digest")
    (tmp_path / "assets" / "index-1a2b3c.js").write_text("console.log('工作台')")
    monkeypatch.setattr(console, "BUILT", tmp_path)
    console._file.cache_clear()
    yield tmp_path
    console._file.cache_clear()


async def test_the_page_is_asked_for_every_time_and_runs_nothing_of_others(http):
    answer = await http.get("/console/")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "工作台" in answer.body.decode()


async def test_the_worker_is_asked_for_every_time_and_reaches_no_further(http):
    answer = await http.get("/console/worker.js")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in answer.headers
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_what_it_loads_is_kept_for_good_and_sent_packed(http):
    asked = {"Accept-Encoding": "gzip, br"}
    answer = await http.get("/console/assets/index-1a2b3c.js", headers=asked)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["X-Consumed-Content-Encoding"] == "gzip"
    assert answer.body.decode() == "console.log('工作台')"


async def test_who_has_it_already_is_not_sent_it_again(http):
    tag = (await http.get("/console/")).headers["Etag"]
    again = await http.get("/console/", headers={"If-None-Match": tag})
    assert (again.status, again.body) == (304, b"")


async def test_the_address_people_type_leads_there(http):
    answer = await http.get("/console")
    assert "工作台" in answer.body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/console/.made-from",
        "/console/..%2F..%2Fsetup.cfg",
        "/console/assets/..",
        "/console/assets/other.js",
        "/console/nothing.html",
    ],
)
async def test_nothing_else_is_served(http, path):
    assert (await http.get(path)).status == 404
