"""What an editor writes (稿件内容), and what it lacks before it may be submitted.

A draft may be saved with gaps, so that nobody loses an hour's work; but a rule that
makes no sense is never kept, and nothing incomplete is ever submitted.
Source: rules §1.1, §1.5; screens 政策编辑.
"""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import bson
import msgspec
from bson.errors import InvalidDocument
from msgspec import Meta

from models.base import regions
from models.base.documents import plain
from models.base.errors import Invalid
from models.base.units import Day
from models.eligibility import persons
from models.eligibility.persons import Failure, Outcome
from models.policies import editions, wording
from models.policies.benefits import Benefit
from models.policies.drafts import Draft, Identity
from models.policies.guides import Writing
from models.policies.texts import shown_until
from models.policies.vocabulary import Category, Level, Topic
from models.policies.wording import BodyFormat
from models.workers.identities import ClientClass

Line = Annotated[str, Meta(max_length=120)]
Tag = Annotated[str, Meta(min_length=1, max_length=20)]


class Kind(StrEnum):
    """What is written; both go the same way."""

    POLICY = "policy"
    GUIDANCE = "guidance"


class Content(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """All that an editor writes of one edition."""

    title: Annotated[str, Meta(max_length=60)] = ""
    topic: Topic | None = None
    """A policy's."""
    category: Category | None = None
    """An article's."""
    level: Level | None = None
    region: Annotated[str, Meta(pattern="^([0-9]{6})?$")] = ""
    issuer: Line = ""
    number: Line = ""
    """文号"""
    tags: Annotated[tuple[Tag, ...], Meta(max_length=10)] = ()
    audience: Annotated[tuple[ClientClass, ...], Meta(max_length=5)] = ()
    summary: Annotated[str, Meta(max_length=500)] = ""
    body: Annotated[str, Meta(max_length=200_000)] = ""
    body_format: BodyFormat = BodyFormat.MARKDOWN
    effective_from: Day | None = None
    effective_to: Day | None = None
    """Exclusive."""
    valid_to: Day | None = None
    """The last civil day it is shown."""
    minor: bool = False
    """A correction that nobody needs to be told of."""
    benefit: Benefit | None = None
    rule: dict[str, Any] | None = None
    test_persons: Annotated[tuple[persons.SaidPerson, ...], Meta(max_length=50)] = ()
    """Tried on the rule before it may be submitted."""


class Incomplete(Invalid):
    """Something is missing or makes no sense; ``details.problems`` say where."""

    code = "manuscript_incomplete"
    message = "稿件还不完整，请按提示补充后再提交。"


class TestPersonsFailed(Invalid):
    """The rule says otherwise of a test person; ``details.failures`` say of whom."""

    __test__ = False
    code = "test_persons_failed"
    message = "适用条件与测试人物的预期不符，请检查规则或测试人物。"


class Unstorable(Invalid):
    """A name or number in it cannot be kept."""

    code = "unstorable"
    message = "内容中有无法保存的字符或数字，请检查适用条件和测试人物。"


class NeverShown(Invalid):
    """Its last day is over before it would begin."""

    code = "never_shown"
    message = "展示截止日早于发布时间，请调整日期。"


def tidied(content: Content) -> Content:
    """Return what an editor wrote as it is kept: sound rule, clean HTML.

    Refuses: BadRule, Unstorable.
    """
    editions.compiled(content.rule)
    try:
        bson.encode(plain(content))
    except (InvalidDocument, OverflowError) as problem:
        raise Unstorable from problem
    if content.body_format is BodyFormat.HTML:
        return msgspec.structs.replace(content, body=wording.clean(content.body))
    return content


def require_whole(kind: Kind, content: Content) -> None:
    """Go on only with what may be submitted.

    Refuses: Incomplete, TestPersonsFailed.
    """
    problems = list(_problems(kind, content))
    if problems:
        raise Incomplete({"problems": problems})
    failures = try_rule(content)
    if failures:
        raise TestPersonsFailed({"failures": [plain(each) for each in failures]})


def try_rule(content: Content) -> list[Failure]:
    """Try the rule on its test persons (试算); none failing is good."""
    rule = editions.compiled(content.rule)
    if rule is None:
        return []
    return persons.run_test_persons(rule, content.test_persons)


def outcomes(content: Content) -> list[Outcome]:
    """Tell what comes of each test person under the rule."""
    rule = editions.compiled(content.rule)
    return [] if rule is None else persons.outcomes(rule, content.test_persons)


def require_shown(content: Content, at: datetime) -> None:
    """Go on only if the public would see it at all.

    Refuses: NeverShown.
    """
    if shown_until(content.valid_to) <= at:
        raise NeverShown


def identity_of(content: Content) -> Identity:
    """Return who the policy is.

    Refuses: Incomplete.
    """
    if content.topic is None or content.level is None:
        raise Incomplete
    return Identity(
        title=content.title,
        topic=content.topic,
        level=content.level,
        region=content.region,
        issuer=content.issuer,
        tags=content.tags,
        audience=content.audience,
    )


def draft_of(content: Content, at: datetime) -> Draft:
    """Return the edition's text.

    Refuses: Incomplete.
    """
    if content.effective_from is None:
        raise Incomplete
    return Draft(
        number=content.number,
        summary=content.summary,
        body=content.body,
        body_format=content.body_format,
        effective_from=content.effective_from,
        effective_to=content.effective_to,
        publish_at=at,
        valid_to=content.valid_to,
        minor=content.minor,
        benefit=content.benefit,
        rule=content.rule,
    )


def writing_of(content: Content, at: datetime) -> Writing:
    """Return the article's text.

    Refuses: Incomplete.
    """
    if content.category is None:
        raise Incomplete
    return Writing(
        title=content.title,
        category=content.category,
        audience=content.audience,
        region=content.region,
        summary=content.summary,
        tags=content.tags,
        body=content.body,
        body_format=content.body_format,
        publish_at=at,
        valid_to=content.valid_to,
    )


NEEDED = {
    "title": "请填写标题。",
    "region": "请选择适用地区。",
    "summary": "请填写摘要。",
    "body": "请填写正文。",
}

NEEDED_OF_POLICY = {
    "topic": "请选择政策主题。",
    "level": "请选择政策层级。",
    "issuer": "请填写发文机关。",
    "number": "请填写文号。",
    "effective_from": "请填写施行日期。",
}

NEEDED_OF = {
    Kind.POLICY: NEEDED | NEEDED_OF_POLICY,
    Kind.GUIDANCE: NEEDED | {"category": "请选择指导分类。"},
}


def _problems(kind: Kind, content: Content) -> Iterator[dict[str, str]]:
    for name, message in NEEDED_OF[kind].items():
        value = getattr(content, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            yield {"path": f"$.{name}", "message": message}
    if content.region and regions.get(content.region) is None:
        yield {"path": "$.region", "message": "没有这个地区，请重新选择。"}
    if _is_backwards(content.effective_from, content.effective_to):
        yield {"path": "$.effective_to", "message": "失效日期要晚于施行日期。"}
    if kind is Kind.GUIDANCE and content.rule is not None:
        yield {"path": "$.rule", "message": "就业指导没有适用条件，请删除。"}


def _is_backwards(begin: date | None, end: date | None) -> bool:
    return begin is not None and end is not None and end <= begin
