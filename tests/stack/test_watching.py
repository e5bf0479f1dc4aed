"""Dashboard and alerts ask for figures that there are and lead to a page that helps."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

import promql_parser
import pytest
import yaml
from tornado.httpclient import HTTPClientError
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from scripts.stack.ports import free_port

HOUSE = Path(__file__).parents[2]
ALERTS = yaml.safe_load((HOUSE / "deploy/prometheus/alerts.yaml").read_text())
RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((HOUSE / "deploy/grafana/inn.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
OPERATIONS = (HOUSE / "docs/operations.md").read_text()

PROMETHEUS_OWN = {"up"}
"""What Prometheus makes itself when it asks a process."""

GRAFANAS = {"$__rate_interval": "5m", "$instance": ".*"}
"""What Grafana puts in before it asks."""

SUFFIXES = ("", "_total", "_bucket", "_count", "_sum")

ENDS_IN_CHINESE = re.compile(r"[\u4e00-\u9fff].*。$")

every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])


def parsed(expression):
    for name, stands_for in GRAFANAS.items():
        expression = expression.replace(name, stands_for)
    return promql_parser.parse(expression)


def asked(tree):
    """Name every metric that an expression asks for."""
    if isinstance(tree, list | tuple):
        return {name for each in tree for name in asked(each)}
    if not type(tree).__module__.startswith(("promql_parser", "builtins")):
        return set()
    if isinstance(tree, promql_parser.VectorSelector):
        return {tree.name}
    parts = ("expr", "lhs", "rhs", "args", "param", "vector_selector")
    return {
        name
        for part in parts
        if getattr(tree, part, None) is not None
        for name in asked(getattr(tree, part))
    }


def all_expressions():
    yield from (rule["expr"] for rule in RULES)
    yield from (each["expr"] for panel in PANELS for each in panel["targets"])


async def shown_by(command, environ):
    """Start a process as an operator does; return what its watch port shows."""
    watch = str(free_port())
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "app", command),
        env=environ | {"PORT": str(free_port()), "WATCH_PORT": watch},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    http = SimpleAsyncHTTPClient(force_instance=True)
    try:
        async for line in process.stdout:
            if b'"serving"' in line or b'"working"' in line:
                break
        answer = await http.fetch(f"http://127.0.0.1:{watch}/metrics")
        with pytest.raises(HTTPClientError, match="404"):
            await http.fetch(f"http://127.0.0.1:{watch}/worker/v1/me")
        return answer.body.decode()
    finally:
        http.close()
        process.terminate()
        await process.communicate()


@pytest.mark.parametrize("command", ["serve", "work"])
async def test_every_figure_that_is_asked_for_is_shown(settings, command):
    environ = os.environ | {
        "APP_ENV": "test",
        "MONGODB_URI": settings.mongodb_uri,
        "MONGODB_DATABASE": settings.mongodb_database,
        "REDIS_URL": settings.redis_url,
        "WECHAT_BASE_URL": settings.wechat_base_url,
    }
    text = await shown_by(command, environ)
    families = set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))
    shown = {family + suffix for family in families for suffix in SUFFIXES}
    wanted = {name for each in all_expressions() for name in asked(parsed(each))}
    assert len(wanted) > 20
    assert wanted - shown - PROMETHEUS_OWN == set()


@every_rule
def test_a_rule_says_how_bad_it_is_and_where_to_look(rule):
    assert asked(parsed(rule["expr"]))
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert "for" in rule or rule["alert"] == "EmergencyOpened"
    assert ENDS_IN_CHINESE.search(rule["annotations"]["summary"])


@every_rule
def test_a_runbook_is_a_heading_of_its_own(rule):
    file, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert file == "docs/operations.md"
    assert f'<a id="{anchor}"></a>' in OPERATIONS


def test_every_anchor_stands_once():
    anchors = re.findall(r'<a id="([^"]+)"></a>', OPERATIONS)
    assert len(anchors) == len(set(anchors))


def test_the_dashboard_can_be_imported():
    names = {each["name"]: each["type"] for each in DASHBOARD["templating"]["list"]}
    assert names["datasource"] == "datasource"
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    for panel in PANELS:
        assert panel["datasource"]["uid"] == "${datasource}"
        assert panel["targets"]
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24


def test_panels_lie_beside_one_another():
    taken = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & taken, panel["title"]
        taken |= cells


def test_what_waits_for_migrations_is_started_behind_them():
    compose = yaml.safe_load((HOUSE / "compose.yaml").read_text())["services"]
    done = {"condition": "service_completed_successfully"}
    assert compose["migrate"]["command"] == ["migrate"]
    assert compose["migrate"]["depends_on"]["prepare"] == done
    for name in ("app", "worker"):
        assert compose[name]["depends_on"]["migrate"] == done


def test_a_restored_database_is_served_by_naming_it():
    """As docs/operations.md has it: MONGODB_DATABASE=… docker compose up."""
    compose = yaml.safe_load((HOUSE / "compose.yaml").read_text())["services"]
    for name in ("app", "worker", "migrate"):
        named = compose[name]["environment"]["MONGODB_DATABASE"]
        assert named == "${MONGODB_DATABASE:-yunduan}"


def test_prometheus_asks_the_port_that_the_processes_show():
    compose = yaml.safe_load((HOUSE / "compose.yaml").read_text())["services"]
    watched = yaml.safe_load((HOUSE / "deploy/prometheus/prometheus.yaml").read_text())
    for each in watched["scrape_configs"]:
        (found,) = each["dns_sd_configs"]
        (name,) = found["names"]
        assert compose[name]["environment"]["WATCH_PORT"] == str(found["port"])
