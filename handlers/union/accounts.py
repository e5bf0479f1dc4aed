"""Accounts of those who work for the union, over HTTP (工作人员账号)."""

from typing import Annotated

import msgspec

from handlers.base.access import official
from handlers.base.endpoint import Handler, endpoint
from handlers.base.limits import SEARCH, WRITES
from handlers.base.paging import Cursor, Limit
from handlers.base.routing import Route
from handlers.union.auth import LoginName
from handlers.union.powers import PowerView, powers_view
from models.base.context import Context
from models.base.pages import BadCursor, Page
from models.base.units import Day, Id
from models.stations import posts
from models.stations.posts import ServesElsewhere
from models.stations.stations import NoSuchStation
from models.unions import accounts, directory, officials
from models.unions.accounts import (
    HoldsMoreThanOneHas,
    NoSuchAccount,
    NothingToChange,
    Opened,
    ToOneself,
)
from models.unions.administrators import LastAdministrator
from models.unions.logins import Login, NameTaken
from models.unions.passwords import PasswordsBusy
from models.unions.permissions import Permission
from models.unions.staff import Role, Staff
from models.unions.units import LevelSkipped, NoSuchUnit

PersonName = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=40,
        pattern=r"^\S(.*\S)?\Z",
        description="Without blanks around it.",
    ),
]
MOST_STATIONS = 100


class AccountQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Of which unit, and where to go on."""

    unit_id: Id | None = None
    cursor: Cursor | None = None
    limit: Limit = 20


class AccountRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Who, where; with a login name for those who sign in at a PC."""

    unit_id: Id
    name: PersonName
    login: LoginName | None = None


class ChangeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be another; the rest stays."""

    name: PersonName | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None


class AccountSearchRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A whole name, a login name, or an account's id."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class PostsRequest(msgspec.Struct, forbid_unknown_fields=True):
    """At which stations, and as what."""

    station_ids: Annotated[list[Id], msgspec.Meta(max_length=MOST_STATIONS)]
    roles: Annotated[list[Role], msgspec.Meta(max_length=len(Role))]


class AccountView(msgspec.Struct):
    """An account; the name is masked."""

    id: str
    name: str
    unit_id: str
    login: str | None
    has_wechat: bool
    is_active: bool
    valid_from: Day | None
    valid_to: Day | None
    station_ids: list[str]
    roles: list[Role]

    @classmethod
    def of(cls, ctx: Context, who: Staff, login: Login | None) -> "AccountView":
        """Show an account."""
        return cls(
            id=who.id,
            name=who.masked_name(ctx),
            unit_id=who.unit_id,
            login=None if login is None else login.name,
            has_wechat=who.openid_blind is not None,
            is_active=who.active,
            valid_from=who.valid_from,
            valid_to=who.valid_to,
            station_ids=sorted(who.station_ids),
            roles=sorted(who.roles),
        )

    @classmethod
    async def one(cls, ctx: Context, who: Staff) -> "AccountView":
        """Show an account whose login is still to be read."""
        return cls.of(ctx, who, await Login.get(ctx, who.id))


class OpenedView(msgspec.Struct):
    """A new account, and the password to begin with, shown this once."""

    account: AccountView
    password: str | None

    @classmethod
    async def of(cls, ctx: Context, opened: Opened) -> "OpenedView":
        """Show it, to whoever opened it."""
        return cls(await AccountView.one(ctx, opened.staff), opened.password)


class ReachView(msgspec.Struct):
    """What somebody may do and where."""

    powers: list[PowerView]


async def _shown(ctx: Context, found: list[Staff]) -> list[AccountView]:
    """Show accounts with their logins, which are read in one question."""
    logins = await directory.logins_of(ctx, [who.id for who in found])
    return [AccountView.of(ctx, who, logins.get(who.id)) for who in found]


class AccountsHandler(Handler):
    """Accounts within my reach."""

    @endpoint(access=official(Permission.STAFF), refusals=(BadCursor,))
    async def get(self, *, query: AccountQuery) -> Page[AccountView]:
        """List them, the newest first."""
        page = await directory.in_scope(
            self.ctx,
            unit_id=query.unit_id,
            cursor=query.cursor,
            limit=query.limit,
            by=self.actor,
        )
        return Page(await _shown(self.ctx, page.items), page.next)

    @endpoint(
        access=official(Permission.STAFF),
        status=201,
        refusals=(NoSuchUnit, LevelSkipped, NameTaken, PasswordsBusy),
        limit=WRITES,
        repeats=True,
    )
    async def post(self, *, body: AccountRequest) -> OpenedView:
        """Open an account at my unit or right below it."""
        opened = await accounts.open_account(
            self.ctx,
            unit_id=body.unit_id,
            name=body.name,
            login=body.login,
            by=self.actor,
        )
        return await OpenedView.of(self.ctx, opened)


class AccountSearchesHandler(Handler):
    """Finding somebody; in the body, since an address is written down everywhere."""

    @endpoint(access=official(Permission.STAFF), limit=SEARCH)
    async def post(self, *, body: AccountSearchRequest) -> Page[AccountView]:
        """Find who is called so, or has this login name or id."""
        found = await directory.search(self.ctx, body.text, by=self.actor)
        return Page(await _shown(self.ctx, found))


class AccountHandler(Handler):
    """One account."""

    @endpoint(access=official(Permission.STAFF), refusals=(NoSuchAccount,))
    async def get(self, account_id: str) -> AccountView:
        """Show an account within my reach."""
        scope = self.actor.scope(Permission.STAFF)
        found = await accounts.find(self.ctx, account_id, scope=scope)
        return await AccountView.one(self.ctx, found)

    @endpoint(
        access=official(Permission.STAFF),
        refusals=(
            NoSuchAccount,
            HoldsMoreThanOneHas,
            ToOneself,
            NothingToChange,
            LastAdministrator,
        ),
        limit=WRITES,
    )
    async def patch(self, account_id: str, *, body: ChangeRequest) -> AccountView:
        """Change the name, or when the service begins and ends."""
        changed = await accounts.change(
            self.ctx,
            account_id,
            name=body.name,
            valid_from=body.valid_from,
            valid_to=body.valid_to,
            by=self.actor,
        )
        return await AccountView.one(self.ctx, changed)


class PostsHandler(Handler):
    """Where somebody serves."""

    @endpoint(
        access=official(Permission.STATIONS),
        refusals=(NoSuchAccount, ToOneself, NoSuchStation, ServesElsewhere),
        limit=WRITES,
    )
    async def put(self, account_id: str, *, body: PostsRequest) -> AccountView:
        """Post somebody at my stations; posts at others' stay as they are."""
        posted = await posts.assign(
            self.ctx,
            account_id,
            station_ids=body.station_ids,
            roles=body.roles,
            by=self.actor,
        )
        return await AccountView.one(self.ctx, posted)


class ReachHandler(Handler):
    """What somebody will see."""

    @endpoint(
        access=official(Permission.STAFF, Permission.GRANTS),
        refusals=(NoSuchAccount,),
    )
    async def get(self, account_id: str) -> ReachView:
        """Show what this person may do and where, at this moment."""
        found = await accounts.find_to_see(self.ctx, account_id, by=self.actor)
        powers = await officials.powers_of(self.ctx, found.id)
        return ReachView(await powers_view(self.ctx, powers))


ROUTES: list[Route] = [
    ("/union/v1/accounts", AccountsHandler),
    ("/union/v1/account-searches", AccountSearchesHandler),
    ("/union/v1/accounts/{account_id}", AccountHandler),
    ("/union/v1/accounts/{account_id}/posts", PostsHandler),
    ("/union/v1/accounts/{account_id}/reach", ReachHandler),
]
