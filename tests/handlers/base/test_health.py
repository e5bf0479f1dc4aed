"""Machines that watch are told the truth; the API page needs no third party."""

import re

import pytest
from msgspec import structs

from app.wiring import open_house
from tests.client import serve


async def test_it_is_alive(http):
    answer = await http.get("/healthz")
    assert (answer.status, answer.body) == (200, {"status": "ok"})


async def test_a_probe_may_ask_by_head(http):
    answer = await http.call("HEAD", "/readyz")
    assert (answer.status, answer.body) == (200, b"")


async def test_a_wrong_method_is_told_the_right_ones(http):
    answer = await http.delete("/healthz")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


async def test_it_is_ready(http):
    answer = await http.get("/readyz")
    assert answer.status == 200
    assert answer.body == {"mongodb": "ok", "redis": "ok", "changes": "ok"}


async def test_the_figures_are_prometheus_text(http):
    await http.get("/healthz")
    answer = await http.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert b'inn_request_seconds_count{method="GET",route="/healthz"' in answer.body
    assert b"schedule_overdue 0.0" in answer.body


async def test_an_invented_method_makes_no_figure_of_its_own(http):
    await http.call("DANCE", "/healthz")
    figures = (await http.get("/metrics")).body
    assert b"DANCE" not in figures
    assert b'method="other"' in figures


async def test_the_description_is_served_with_its_tag(http):
    answer = await http.get("/openapi.json")
    assert answer.body["openapi"] == "3.1.0"
    again = await http.get(
        "/openapi.json", headers={"If-None-Match": answer.headers["Etag"]}
    )
    assert again.status == 304


@pytest.mark.parametrize(
    "path", ["/metrics", "/docs", "/docs/start.js", "/openapi.json"]
)
async def test_what_is_for_this_machine_is_nowhere_for_others(settings, path):
    house = await open_house(structs.replace(settings, behind_proxy=True))
    client = await serve(house)
    outside = await client.get(path, headers={"X-Real-Ip": "203.0.113.9"})
    inside = await client.get(path, headers={"X-Real-Ip": "127.0.0.1"})
    await client.close()
    await house.close()
    assert (outside.status, outside.code) == (404, "no_such_route")
    assert inside.status == 200


async def test_the_page_asks_nobody_but_us(http):
    page = (await http.get("/docs")).body.decode()
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert links
    for link in links:
        assert link.startswith("/docs/")
        assert (await http.get(link)).status == 200
    assert (await http.get("/docs/package.json")).status == 404
