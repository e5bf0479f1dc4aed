"""How long we take tells nobody whether somebody is known to us.

Not timed: what takes time is counted. The database is asked the same for a known name
as for an unknown one, a password is hashed for either, and what is secret is compared
in constant time or found by its blind index.
"""

import ast
from pathlib import Path

import pytest
from pymongo.monitoring import CommandListener

from app.wiring import open_house
from models.unions import logins
from models.unions.logins import SignInFailed
from models.unions.passwords import _in_line
from tests.models.unions.test_logins import OWN, code, ready

HOUSE = Path(__file__).parents[2]

SECRET = {"signature", "msg_signature", "token", "password", "mac", "digest", "totp"}
"""Names of what must not be compared letter by letter."""

HARMLESS = {
    "models/policies/search/ranking.py": "a token of a text, not of a person",
    "models/unions/logins.py": "two passwords of one caller's own, after it was proven",
}
"""Where a name says more than it is, and why."""


class Asked(CommandListener):
    """Keeps what the database was asked, without the values."""

    def __init__(self):
        self.commands = []

    def started(self, event):
        name = event.command_name
        if name != "getMore":  # the house listening to changes
            self.commands.append((name, str(event.command.get(name))))

    def succeeded(self, event):
        pass

    def failed(self, event):
        pass


async def test_a_known_name_and_an_unknown_one_cost_the_same(
    ctx, settings, clock, monkeypatch
):
    asked = Asked()
    _, _, secret = await ready(ctx)
    hashed = []

    async def counted(work, *given):
        hashed.append(work.__name__)
        return await _in_line(work, *given)

    monkeypatch.setattr("models.unions.passwords._in_line", counted)
    house = await open_house(settings, clock=clock, live=(), heard_by=[asked])
    costs = {}
    for name in ("wang.wu", "nobody"):
        asked.commands.clear()
        hashed.clear()
        with pytest.raises(SignInFailed):
            await logins.sign_in(house.ctx, name, f"not {OWN}", totp=code(ctx, secret))
        costs[name] = (list(asked.commands), list(hashed))
    await house.close()
    assert costs["wang.wu"] == costs["nobody"]
    assert costs["nobody"][1] == ["_verify"]


def compared(path):
    """Give every comparison with == or != in which a secret is named."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Compare):
            continue
        if not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            continue
        for side in (node.left, *node.comparators):
            name = getattr(side, "attr", None) or getattr(side, "id", None)
            if name in SECRET:
                yield f"{path.name}:{node.lineno} {name}"


def test_nothing_secret_is_compared_letter_by_letter():
    found = [
        each
        for storey in ("app", "handlers", "models", "miniprogram_api")
        for path in (HOUSE / storey).rglob("*.py")
        if str(path.relative_to(HOUSE)) not in HARMLESS
        for each in compared(path)
    ]
    assert found == []


@pytest.mark.parametrize(
    "path", ["models/base/secrets.py", "miniprogram_api/callbacks.py"]
)
def test_signatures_are_compared_in_constant_time(path):
    assert "compare_digest" in (HOUSE / path).read_text()
