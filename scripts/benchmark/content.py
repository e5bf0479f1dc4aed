"""The texts of a run: as many policies as wanted, out of the demo's own sentences."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from models.base.clock import day_of
from models.policies import wording
from models.policies.drafts import Identity
from models.policies.editions import Edition, Policy
from models.policies.texts import shown_until
from models.policies.vocabulary import Level, Topic
from scripts.demo.load_policies import PolicyRow, policy_rows

REGIONS = ("410100", "410102", "410103", "410104", "410172")
"""Where the policies are for: the city, three districts and the zone."""

TOPICS = tuple(Topic)

BODY = 520
"""Characters of a body: with everything else an answer has some 2.5 KB."""

SEED = 20_250_501
"""The same texts in every run."""

ASKED = (
    *("社保补贴", "创业担保贷款", "工伤认定", "养老保险", "失业保险金"),
    *("拖欠工资", "就业困难人员", "医疗互助", "困难职工", "随迁子女"),
    *("灵活就业", "劳动合同", "生育津贴", "公益岗位", "入会"),
)
"""What people look for; each is asked again and again."""


def editions(count: int, now: datetime) -> Iterator[Edition]:
    """Make policies one minute apart, the newest first, each public since."""
    dice, rows = random.Random(SEED), policy_rows()
    lines = [line for row in rows for line in _lines(row)]
    for number in range(count):
        yield _edition(number, rows[number % len(rows)], lines, dice, now)


def subjects(count: int, org_path: str) -> Iterator[Policy]:
    """Make what the editions are editions of."""
    rows = policy_rows()
    for number in range(count):
        yield Policy(
            id=policy_id(number),
            title=_title(rows[number % len(rows)], number),
            editions=1,
            org_path=org_path,
        )


def lists() -> Iterator[tuple[Topic, str]]:
    """Name every list of policies there is: a topic in a region."""
    for number in range(len(TOPICS) * len(REGIONS)):
        yield _topic(number), _region(number)


def _edition(
    number: int, row: PolicyRow, lines: list[str], dice: random.Random, now: datetime
) -> Edition:
    written = row.editions[0]
    begins = now - timedelta(days=1, minutes=number)
    html = "".join(map(_html, _body(row, lines, dice)))
    region = _region(number)
    return Edition(
        id=f"edition_bench_{number}_1",
        policy_id=policy_id(number),
        sequence=1,
        identity=Identity(
            title=_title(row, number),
            topic=_topic(number),
            level=Level.CITY if region == REGIONS[0] else Level.DISTRICT,
            region=region,
            issuer=row.issuer,
            tags=row.tags,
            audience=row.audience,
        ),
        number=written.number,
        summary=written.summary,
        html=html,
        text=wording.plain_of(html),
        effective_from=day_of(begins),
        effective_to=None,
        visible_from=begins,
        visible_to=shown_until(None),
        minor=False,
        benefit=written.benefit,
        rule=written.rule,
    )


def policy_id(number: int) -> str:
    """Name a policy by its place, the newest being 0."""
    return f"policy_bench_{number}"


def _title(row: PolicyRow, number: int) -> str:
    return f"{row.title}（第{number}号）"


def _topic(number: int) -> Topic:
    return TOPICS[number % len(TOPICS)]


def _region(number: int) -> str:
    return REGIONS[number // len(TOPICS) % len(REGIONS)]


def _lines(row: PolicyRow) -> list[str]:
    return [line for line in row.editions[0].body.splitlines() if line.strip()]


def _body(row: PolicyRow, lines: list[str], dice: random.Random) -> list[str]:
    """Mix a policy's own lines with others', up to the length of a body."""
    own = [*_lines(row), *dice.choices(lines, k=8)]
    dice.shuffle(own)
    chosen, length = [], 0
    for line in own:
        length += len(line)
        if length > BODY:
            break
        chosen.append(line)
    return chosen


@lru_cache(maxsize=8192)
def _html(line: str) -> str:
    """Turn a line into what readers see; each of the demo's once."""
    return wording.html_of(line)
