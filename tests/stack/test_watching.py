"""Dashboard and alerts ask for figures that there are and lead to a page that helps."""

import asyncio
import inspect
import json
import os
import re
import sys
from datetime import timedelta
from pathlib import Path

import promql_parser
import pytest
import yaml
from tornado.httpclient import HTTPClientError
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from app.schedule import LINES
from models.stations import first_aid_ladder
from scripts.stack.ports import free_port

HOUSE = Path(__file__).parents[2]
ALERTS = yaml.safe_load((HOUSE / "deploy/prometheus/alerts.yaml").read_text())
WATCHED = yaml.safe_load((HOUSE / "deploy/prometheus/prometheus.yaml").read_text())
COMPOSE = yaml.safe_load((HOUSE / "compose.yaml").read_text())["services"]
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
    done = {"condition": "service_completed_successfully"}
    assert COMPOSE["migrate"]["command"] == ["migrate"]
    assert COMPOSE["migrate"]["depends_on"]["prepare"] == done
    for name in ("app", "worker"):
        assert COMPOSE[name]["depends_on"]["migrate"] == done


def test_a_restored_database_is_served_by_naming_it():
    """As docs/operations.md has it: MONGODB_DATABASE=… in .env."""
    for name in ("app", "worker", "migrate"):
        named = COMPOSE[name]["environment"]["MONGODB_DATABASE"]
        assert named == "${MONGODB_DATABASE:-yunduan}"


def test_prometheus_asks_the_port_that_the_processes_show():
    for each in WATCHED["scrape_configs"]:
        (found,) = each["dns_sd_configs"]
        (name,) = found["names"]
        assert COMPOSE[name]["environment"]["WATCH_PORT"] == str(found["port"])


def rule_of(name):
    (rule,) = [rule for rule in RULES if rule["alert"] == name]
    return rule


def test_a_ladder_that_does_not_climb_wakes_somebody():
    rule = rule_of("FirstAidFails")
    (task,) = re.findall(r'task="([^"]+)"', rule["expr"])
    (round_,) = re.findall(r'round="([^"]+)"', rule["expr"])
    assert task in {line.name for line in LINES}
    assert f'"{round_}"' in inspect.getsource(first_aid_ladder)
    assert rule["labels"]["severity"] == "page"


@pytest.mark.parametrize("name", ["TasksFail", "RoundsFail"])
def test_a_line_that_fails_at_every_beat_is_seen_however_slow(name):
    slowest = max(line.every for line in LINES)
    spans = re.findall(r"\[(\d+)m\]| offset (\d+)m", rule_of(name)["expr"])
    for minutes in filter(None, sum(spans, ())):
        assert timedelta(minutes=int(minutes)) > slowest


def test_one_of_several_that_is_gone_is_seen_by_their_number():
    assert "max_over_time(count by (job)" in rule_of("FewerProcesses")["expr"]
    for name in ("app", "worker"):
        least = re.search(r":-(\d+)", COMPOSE[name]["deploy"]["replicas"])
        assert least is not None
        assert int(least.group(1)) >= 2  # docs/scale.md


def test_a_rule_that_holds_calls_somebody():
    told = yaml.safe_load((HOUSE / "deploy/prometheus/alertmanager.yaml").read_text())
    ((target,),) = [
        static["targets"]
        for manager in WATCHED["alerting"]["alertmanagers"]
        for static in manager["static_configs"]
    ]
    manager = COMPOSE[target.partition(":")[0]]
    (receiver,) = told["receivers"]
    secret = receiver["webhook_configs"][0]["url_file"].removeprefix("/run/secrets/")
    assert secret in manager["secrets"]
    assert manager["profiles"] == COMPOSE["prometheus"]["profiles"]
    route = told["route"]
    (pages,) = route["routes"]
    assert pages["matchers"] == ['severity="page"']
    assert {route["receiver"], pages["receiver"]} == {receiver["name"]}
    assert (pages["group_wait"], pages["repeat_interval"]) == ("0s", "1h")
    assert route["repeat_interval"] == "24h"


def test_a_release_has_an_image_of_its_own():
    for name in ("app", "worker", "migrate", "prepare"):
        assert COMPOSE[name]["image"] == "yunduan-inn:${INN_RELEASE:-latest}"
