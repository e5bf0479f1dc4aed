"""The commands of docs/operations.md are there to be typed."""

import importlib.util
import re
from pathlib import Path

import yaml

from app.__main__ import COMMANDS
from models.base.events import MOST_TRIES, Happening, State

HOUSE = Path(__file__).parents[2]
PAGE = re.sub(r"\s*\\\n\s*", " ", (HOUSE / "docs/operations.md").read_text())
COMPOSE = yaml.safe_load((HOUSE / "compose.yaml").read_text())["services"]

VERBS = "exec|run|logs|restart"
OPTIONS = r"(?:--(?:index|tail|since|volume|env|entrypoint) \S+ |--[\w-]+ )*"


def test_every_service_is_one_of_compose():
    named = re.findall(
        rf"docker compose (?:--profile \w+ )?(?:{VERBS}) {OPTIONS}(\w[\w-]*)", PAGE
    )
    assert len(named) > 15
    assert set(named) <= COMPOSE.keys()


def test_every_module_is_there():
    named = set(re.findall(r"-m ((?:scripts|app)[\w.]*\w)", PAGE))
    assert len(named) > 5
    assert [each for each in named if not importlib.util.find_spec(each)] == []


def test_every_command_of_the_app_is_one():
    named = set(re.findall(r"python -m app (\w+(?: --[\w-]+)?)", PAGE))
    assert named <= COMMANDS.keys()


def test_nothing_is_run_beside_that_would_migrate_on_its_way():
    for run in re.findall(r"docker compose run ([^\n]+)", PAGE):
        assert "--no-deps" in run or re.match(r"--rm migrate\b", run)


def test_a_stuck_event_is_asked_for_by_fields_it_has():
    asked = re.findall(r"db\.events\.\w+\((.+)\)", PAGE)
    fields = {each for one in asked for each in re.findall(r"(?<!\$)\b(\w+): ", one)}
    assert len(asked) == 2
    assert fields - {"_id"} <= set(Happening.__struct_fields__)
    assert all(f'state: "{State.WAITING}"' in one for one in asked)
    assert f"tries: {{$gte: {MOST_TRIES}}}" in asked[0]


def test_what_must_outlast_a_command_is_written_down():
    for name in ("WECHAT_APPID", "INN_RELEASE", "MONGODB_DATABASE"):
        assert re.search(rf"^(?:echo )?{name}=", PAGE, re.MULTILINE)
        assert not re.search(rf"{name}=\S+ docker compose", PAGE)
