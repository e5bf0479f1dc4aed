"""Names: sealed, masked when shown, kept under a consent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.workers import masks, names
from models.workers.consent_texts import Purpose
from models.workers.consents import ConsentRequired
from models.workers.names import BadName
from models.workers.sessions import SignedIn
from models.workers.workers import AccountGone, Worker
from tests.models.workers.people import agree, publish, signed_in


@pytest.fixture
def by(run, ctx):
    """A worker who has agreed to the use of their name."""
    by = run(signed_in(ctx))
    run(agree(ctx, by, Purpose.IDENTITY))
    return by


@pytest.mark.parametrize(
    ("full", "masked"),
    [
        ("王小强", "王*强"),
        ("王强", "王*"),
        ("欧阳小强", "欧**强"),
        ("买买提·吐尔逊", "买***逊"),
        ("Anna Schmidt", "A***t"),
        ("王", "王*"),
        ("𠮷野家", "𠮷*家"),
    ],
)
def test_a_name_is_masked(full, masked):
    assert masks.name(full) == masked


@given(st.text(min_size=1, max_size=60))
def test_a_mask_never_shows_more_than_two_letters(full):
    assert sum(letter != "*" for letter in masks.name(full)) <= 2
    assert "*" in masks.name(full)


@pytest.mark.parametrize(
    ("given_as", "masked"), [("  王 小强 ", "王**强"), ("买买提·吐尔逊", "买***逊")]
)
async def test_a_name_is_kept_sealed(ctx, by, given_as, masked):
    worker = await names.rename(ctx, given_as, by=by)
    assert worker.masked_name(ctx) == masked
    (row,) = await Worker.shelf(ctx).find().to_list()
    assert given_as.strip() not in str(row)


@pytest.mark.parametrize(
    "name", ["", " ", "王", "王*强", "王1强", "王\u0000强", "·强", "王" * 41, "a@b"]
)
async def test_what_is_no_name_is_refused(ctx, by, name):
    with pytest.raises(BadName):
        await names.rename(ctx, name, by=by)


async def test_without_consent_no_name_is_kept(ctx):
    by = await signed_in(ctx)
    await publish(ctx, Purpose.IDENTITY)
    with pytest.raises(ConsentRequired):
        await names.rename(ctx, "王小强", by=by)


async def test_an_account_that_is_gone_keeps_no_name(ctx):
    nobody = SignedIn(id="worker_none", session_id="session_1")
    await agree(ctx, nobody, Purpose.IDENTITY)
    with pytest.raises(AccountGone):
        await names.rename(ctx, "王小强", by=nobody)
