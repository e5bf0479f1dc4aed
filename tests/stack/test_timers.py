"""The timers of backups run what there is, and somebody hears when one stops."""

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

HOUSE = Path(__file__).parents[2]
TIMERS = sorted((HOUSE / "deploy" / "timers").glob("*.timer"))
SERVICES = sorted((HOUSE / "deploy" / "timers").glob("*.service"))
OPERATIONS = (HOUSE / "docs/operations.md").read_text()
COMPOSE = yaml.safe_load((HOUSE / "compose.yaml").read_text())["services"]

named = lambda path: path.name  # noqa: E731
every_timer = pytest.mark.parametrize("timer", TIMERS, ids=named)
every_service = pytest.mark.parametrize("service", SERVICES, ids=named)


@every_timer
def test_a_run_that_fails_is_told(timer):
    service = timer.with_suffix(".service").read_text()
    assert "OnFailure=inn-failed@%n.service" in service
    assert "WantedBy=timers.target" in timer.read_text()
    assert f"`{timer.stem}`" in OPERATIONS


@every_service
def test_a_unit_runs_what_there_is(service):
    text = service.read_text()
    for module in re.findall(r" -m (scripts\S+)", text):
        assert importlib.util.find_spec(module)
        assert "docker compose run --rm --no-deps -T " in text
    for name in re.findall(r"--entrypoint python (\S+)| exec -T (\S+)", text):
        assert "".join(name) in COMPOSE


@every_service
def test_a_dollar_is_the_shells_not_systemds(service):
    assert "$" not in service.read_text().replace("$$", "")


def test_the_ticket_leads_to_a_heading():
    text = (HOUSE / "deploy/timers/inn-failed@.service").read_text()
    (anchor,) = re.findall(r"docs/operations\.md#([\w-]+)", text)
    assert f'<a id="{anchor}"></a>' in OPERATIONS


def test_what_never_ran_is_seen_by_its_age():
    text = (HOUSE / "deploy/timers/inn-fresh.service").read_text()
    assert "manifest.json" in text
    assert "/backups/erased" in text
