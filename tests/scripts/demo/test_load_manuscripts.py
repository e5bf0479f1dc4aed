"""The demo's desk: every state is there, through the real verbs, and only once."""

from models.policies import pins, wording
from models.policies.manuscripts import Manuscript
from models.policies.stages import State
from scripts.demo import (
    load_manuscripts,
    load_officials,
    load_policies,
    load_stations,
)


async def test_there_is_one_in_every_state_and_loading_again_adds_none(ctx):
    await load_stations.load(ctx)
    await load_officials.load(ctx)
    await load_policies.load(ctx)
    rows = load_manuscripts.read()
    assert await load_manuscripts.load(ctx) == len(rows)
    assert await load_manuscripts.load(ctx) == 0
    found = await Manuscript.many(ctx, {})
    assert len(found) == len(rows)
    (first,) = await pins.standing(ctx)
    assert first.pin.policy_id == load_policies.policy_id(load_manuscripts.PINNED)
    now = ctx.clock.now()
    assert {each.state_at(now) for each in found} == {
        State.DRAFT,
        State.SUBMITTED,
        State.REJECTED,
        State.APPROVED,
        State.SCHEDULED,
        State.PUBLISHED,
    }
    returned = [each for each in found if each.state_at(now) is State.REJECTED]
    assert "文号" in returned[0].history[-1].remark
    assert {each.author for each in found} == {load_manuscripts.EDITOR}
    for each in found:
        assert "##" not in wording.plain_of(
            wording.html_of(each.content.body, each.content.body_format)
        ), each.content.title
