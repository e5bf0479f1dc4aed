"""Logins: one's own password, an authenticator, and a lock for who guesses."""

from datetime import timedelta

import pyotp
import pytest

from models.base.attempts import Attempts, forget_old
from models.unions import accounts, logins, resets, staff, wechat_logins
from models.unions.accounts import HoldsMoreThanOneHas, NoLogin
from models.unions.attempts import MOST, SignInLocked
from models.unions.logins import (
    AlreadyActivated,
    CodeNeeded,
    Dormant,
    Login,
    NameTaken,
    NotActivated,
    SignInFailed,
)
from models.unions.passwords import WeakPassword
from models.unions.permissions import Permission
from models.unions.staff import NotStaff, WeChatTaken
from models.workers import sessions
from models.workers.sessions import SessionRevoked
from models.workers.tokens import Port
from tests.client import together
from tests.models.unions.people import grant, official
from tests.models.workers.people import actor_of

OWN = "correct-horse-7"


async def opened(ctx, login="wang.wu"):
    """Open an account by an administrator of the east; both, and the password."""
    gao = await official(ctx, "gao", permissions=list(Permission))
    made = await accounts.open_account(
        ctx, unit_id="unit_east_firm", name="王五", login=login, by=gao
    )
    return gao, made.staff, made.password


def code(ctx, secret):
    return pyotp.TOTP(secret).at(ctx.clock.now())


async def ready(ctx):
    """Open and activate an account; returns it, its boss and its secret."""
    gao, wang, password = await opened(ctx)
    made = await logins.activate(ctx, "wang.wu", password, new_password=OWN)
    return gao, wang, made.secret


async def enter(ctx, secret, password=OWN, **other):
    totp = code(ctx, secret)
    return await logins.sign_in(ctx, "wang.wu", password, **({"totp": totp} | other))


async def test_from_the_handed_out_password_to_signed_in(ctx):
    _, wang, password = await opened(ctx)
    with pytest.raises(NotActivated):
        await logins.sign_in(ctx, "wang.wu", password, totp=None)
    made = await logins.activate(ctx, "wang.wu", password, new_password=OWN)
    assert made.uri.startswith("otpauth://totp/")
    with pytest.raises(CodeNeeded):
        await logins.sign_in(ctx, "wang.wu", OWN, totp=None)
    entered = await enter(ctx, made.secret)
    by = await sessions.admit(ctx, entered.tokens.access_token, port=Port.UNION)
    assert by.id == wang.id
    with pytest.raises(AlreadyActivated):
        await logins.activate(ctx, "wang.wu", OWN, new_password="another-horse-8")


async def test_a_code_opens_once_even_at_the_same_moment(ctx):
    _, _, secret = await ready(ctx)

    async def attempt():
        try:
            return await enter(ctx, secret)
        except SignInFailed:
            return None

    entered = await together(*(attempt() for _ in range(4)))
    assert sum(each is not None for each in entered) == 1


async def test_an_older_code_opens_no_more_after_a_newer_one(ctx, clock):
    _, _, secret = await ready(ctx)
    older = code(ctx, secret)
    clock.put(clock.now() + timedelta(seconds=30))
    await enter(ctx, secret)
    with pytest.raises(SignInFailed):
        await enter(ctx, secret, totp=older)


@pytest.mark.parametrize(
    ("name", "password"), [("wang.wu", "wrong-horse-1"), ("nobody", OWN)]
)
async def test_whatever_is_wrong_the_sentence_is_the_same(ctx, name, password):
    _, _, secret = await ready(ctx)
    with pytest.raises(SignInFailed):
        await logins.sign_in(ctx, name, password, totp=code(ctx, secret))


@pytest.mark.parametrize("name", ["wang.wu", "nobody"])
async def test_a_hundred_guesses_at_once_are_five(ctx, clock, name):
    _, _, secret = await ready(ctx)

    async def guess():
        try:
            await logins.sign_in(ctx, name, "guess-guess-1", totp="000000")
        except (SignInFailed, SignInLocked) as refused:
            return type(refused)

    refused = await together(*(guess() for _ in range(20)))
    assert refused.count(SignInFailed) == MOST
    assert refused.count(SignInLocked) == 20 - MOST
    if name == "wang.wu":
        with pytest.raises(SignInLocked):
            await enter(ctx, secret)
        clock.put(clock.now() + timedelta(minutes=15, seconds=1))
        assert await enter(ctx, secret)


async def test_a_success_begins_the_count_anew_and_old_counts_are_forgotten(ctx, clock):
    _, _, secret = await ready(ctx)
    with pytest.raises(SignInFailed):
        await enter(ctx, secret, "wrong-horse-1")
    await enter(ctx, secret)
    assert await Attempts.shelf(ctx).count_documents({}) == 0
    with pytest.raises(SignInFailed):
        await logins.sign_in(ctx, "nobody", OWN, totp=None)
    clock.put(clock.now() + timedelta(hours=1))
    assert await forget_old(ctx) == 1


@pytest.mark.parametrize("weak", ["short-1", "aaaaaaaaaaaa", "xwang.wux-12345"])
async def test_a_password_that_is_guessed_at_once_is_refused(ctx, weak):
    _, _, password = await opened(ctx)
    with pytest.raises(WeakPassword):
        await logins.activate(ctx, "wang.wu", password, new_password=weak)


async def test_the_handed_out_password_is_not_kept(ctx):
    _, _, password = await opened(ctx)
    with pytest.raises(WeakPassword):
        await logins.activate(ctx, "wang.wu", password, new_password=password)


async def test_nobody_seen_for_ninety_days_comes_in_before_he_is_woken(ctx, clock):
    gao, wang, secret = await ready(ctx)
    await enter(ctx, secret)
    clock.put(clock.now() + timedelta(days=90))
    with pytest.raises(Dormant):
        await enter(ctx, secret)
    await resets.wake(ctx, wang.id, by=gao)
    clock.put(clock.now() + timedelta(seconds=30))
    assert await enter(ctx, secret)


async def test_a_reset_ends_sessions_password_and_authenticator(ctx):
    gao, wang, secret = await ready(ctx)
    entered = await enter(ctx, secret)
    password = await resets.reset(ctx, wang.id, by=gao)
    with pytest.raises(SessionRevoked):
        await sessions.admit(ctx, entered.tokens.access_token, port=Port.UNION)
    with pytest.raises(SignInFailed):
        await logins.sign_in(ctx, "wang.wu", OWN, totp=None)
    assert await logins.activate(ctx, "wang.wu", password, new_password=OWN)


async def test_nobody_resets_somebody_mightier(ctx):
    _, wang, _ = await opened(ctx)
    half = await official(ctx, "half", permissions=[Permission.STAFF])
    await resets.reset(ctx, wang.id, by=half)
    await grant(ctx, wang.id, unit="unit_east_firm", permissions=[Permission.AUDIT])
    for deed in (resets.reset, resets.wake, resets.put_out):
        with pytest.raises(HoldsMoreThanOneHas):
            await deed(ctx, wang.id, by=half)


async def test_changing_ones_password_spares_only_this_session(ctx, clock):
    _, _, secret = await ready(ctx)
    first = await enter(ctx, secret)
    clock.put(clock.now() + timedelta(seconds=30))
    second = await enter(ctx, secret)
    by = actor_of(ctx, second.tokens)
    with pytest.raises(SignInFailed):
        await logins.change_password(ctx, "wrong-horse-1", "newer-horse-9", by=by)
    with pytest.raises(WeakPassword):
        await logins.change_password(ctx, OWN, "short", by=by)
    await logins.change_password(ctx, OWN, "newer-horse-9", by=by)
    await sessions.admit(ctx, second.tokens.access_token, port=Port.UNION)
    with pytest.raises(SessionRevoked):
        await sessions.admit(ctx, first.tokens.access_token, port=Port.UNION)


async def test_a_name_is_one_persons_and_who_has_none_is_told(ctx):
    gao, _, _ = await opened(ctx)
    with pytest.raises(NameTaken):
        await accounts.open_account(
            ctx, unit_id="unit_east", name="又一人", login="wang.wu", by=gao
        )
    nameless = await accounts.open_account(
        ctx, unit_id="unit_east", name="无名", login=None, by=gao
    )
    assert nameless.password is None
    with pytest.raises(NoLogin):
        await resets.reset(ctx, nameless.staff.id, by=gao)
    with pytest.raises(NoLogin):
        await resets.wake(ctx, nameless.staff.id, by=gao)
    assert await resets.reset(ctx, nameless.staff.id, login="wu.ming", by=gao)


async def test_who_left_is_not_let_in(ctx):
    _, wang, secret = await ready(ctx)
    await staff.Staff.shelf(ctx).update_one(
        {"_id": wang.id}, {"$set": {"active": False}}
    )
    with pytest.raises(NotStaff):
        await enter(ctx, secret)


async def test_coming_in_by_wechat_needs_a_binding_of_ones_own(ctx):
    _, _, secret = await ready(ctx)
    by = actor_of(ctx, (await enter(ctx, secret)).tokens)
    with pytest.raises(NotStaff):
        await wechat_logins.sign_in(ctx, "w-wang")
    await staff.bind(ctx, "w-wang-1", staff_id=by.id)
    entered = await wechat_logins.sign_in(ctx, "w-wang-2")
    assert entered.staff.id == by.id
    other = await official(ctx, "other")
    with pytest.raises(WeChatTaken):
        await staff.bind(ctx, "w-wang-3", staff_id=other.id)


async def test_neither_password_nor_secret_is_kept_as_it_is(ctx):
    _, wang, secret = await ready(ctx)
    row = await Login.shelf(ctx).find_one({"_id": wang.id})
    assert OWN not in str(row)
    assert secret not in str(row)
