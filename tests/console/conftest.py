"""A browser at the desk: the built console, served by a house under test.

Chromium is Debian's. Who has none is told so by one skipped line per test; where CI
is set the tests run or fail.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pyotp
import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Route,
    async_playwright,
    expect,
)

from app.wiring import House
from models.base.context import Context
from models.base.documents import plain
from models.unions import passwords
from models.unions.logins import Login
from models.unions.officials import Official
from models.unions.staff import Staff
from models.workers import sessions
from models.workers.sessions import SignedIn
from models.workers.tokens import Port
from scripts.stack import console
from tests.client import Client, serve

HERE = Path(__file__).parent

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)

PATIENCE_MS = 30_000
"""For one look at the page on a busy machine."""

expect.set_options(timeout=PATIENCE_MS)

PASSWORD = "four-words-on-a-desk"
AUTHENTICATOR = pyotp.random_base32()

AXE = console.MODULES / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}

AT_REST = """async () => {
  const moves = () => document.getAnimations().some(
    (each) => each.effect.getComputedTiming().endTime !== Infinity)
  let at
  const watch = new MutationObserver(() => { at = 0 })
  watch.observe(document.body, {subtree: true, childList: true, attributes: true})
  let frames = 2000
  for (at = 0; at < 3 && frames; at++, frames--) {
    await new Promise(requestAnimationFrame)
    if (moves()) at = -1
  }
  watch.disconnect()
  return frames > 0
}"""
"""For three frames nothing opens, fades in or changes its colour."""

IS_AT = """(path) => {
  const app = document.querySelector('#app')?.__vue_app__
  const router = app?.config.globalProperties.$router
  if (!router) return false
  const wanted = router.resolve(path).path
  const here = router.currentRoute.value
  return here.matched.length > 0
    && (here.path === wanted || here.redirectedFrom?.path === wanted)
}"""
"""The screen of an address is up, or where whoever asks for it is sent instead."""

IS_FILLED = """() => !document.querySelector('[aria-label="正在加载"]')"""

VIEW = {
    "viewport": {"width": 1280, "height": 800},
    "service_workers": "block",
    "reduced_motion": "reduce",
}
"""What a page asks through the console's worker no route of a story sees; the stories
of the worker itself allow it. A story is not about how things fade in.
"""

OF_THE_LINE = ("Failed to load resource", "WebSocket connection to ")
"""How chromium begins what it says of an answer or a line that did not come; what the
console then does is for the stories to see.
"""

WITHOUT = "no chromium here: apt install chromium fonts-wqy-zenhei"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a story that failed be told once more in CI, and be named in the summary."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.flaky(reruns=1, condition="CI" in os.environ))


@pytest.fixture(scope="session")
def built() -> None:
    """The console, built from these sources."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip(WITHOUT)
    assert CHROMIUM, "CI needs chromium: see .ci/run"
    console.build()


@dataclass
class Desk:
    """One person's browser, and the console in it."""

    page: Page
    url: str
    noise: list[str] = field(default_factory=list)
    """What no page may say: errors, and addresses of others."""
    asking: set[Request] = field(default_factory=set)
    """What the page has asked for and not yet been given."""
    quiet: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        """Listen to what is asked and what comes."""
        self.quiet.set()
        self.page.on("request", self._begin)
        self.page.on("requestfinished", self._end)
        self.page.on("requestfailed", self._end)

    def _begin(self, request: Request) -> None:
        self.asking.add(request)
        self.quiet.clear()

    def _end(self, request: Request) -> None:
        self.asking.discard(request)
        if not self.asking:
            self.quiet.set()

    async def open(self, path: str) -> Page:
        """Go to a screen and wait until it has all it shows.

        Rules: from one screen to another nothing is loaded anew, so the network
        alone says nothing of whether the screen is there.
        """
        await self.page.goto(f"{self.url}/console/#{path}")
        await self.page.wait_for_load_state("networkidle")
        await self.page.wait_for_function(IS_AT, arg=path)
        async with asyncio.timeout(PATIENCE_MS / 1000):
            await self.quiet.wait()
        await self.page.wait_for_function(IS_FILLED)
        return self.page

    async def is_at_rest(self) -> None:
        """Wait until what was asked for is there and the page stands still."""
        async with asyncio.timeout(PATIENCE_MS / 1000):
            await self.quiet.wait()
        assert await self.page.evaluate(AT_REST), "this page never stands still"

    async def reads_well(self) -> None:
        """Find nothing that keeps people with a screen reader or keyboard out.

        Rules: a look takes a second, and what opened in the midst of it was seen half
        there; only what is found again on a page at rest is found.
        """
        await self.page.evaluate(AXE.read_text("utf-8"))
        if await self._grave():
            grave = await self._grave()
            assert not grave, grave

    async def _grave(self) -> list[tuple[str, list[str]]]:
        await self.is_at_rest()
        found = await self.page.evaluate(
            "axe.run(document, {resultTypes: ['violations']})"
        )
        return [
            (each["id"], [node["html"][:200] for node in each["nodes"]])
            for each in found["violations"]
            if each["impact"] in GRAVE
        ]


KEEP_TIME_STAMP = """
window.timeStampOfEvents = Object.getOwnPropertyDescriptor(Event.prototype, 'timeStamp')
"""
PUT_TIME_STAMP_BACK = """
Object.defineProperty(Event.prototype, 'timeStamp', window.timeStampOfEvents)
"""
"""When a key went down is what tells a gun from a hand; a clock that is set would say
when a busy page came to it instead."""


@dataclass
class Office:
    """The house, its doors, and the browsers in front of them."""

    house: House
    http: Client
    playwright: Playwright
    browsers: list[Browser] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    desks: list[Desk] = field(default_factory=list)

    @property
    def ctx(self) -> Context:
        """What a verb is handed."""
        return self.house.ctx

    async def browser(self, *flags: str) -> Browser:
        """Start chromium, with these flags besides; without any there is one."""
        if self.browsers and not flags:
            return self.browsers[0]
        browser = await self.playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, *flags]
        )
        self.browsers.append(browser)
        return browser

    async def desk(
        self,
        official: SignedIn | Staff | Official | None = None,
        *,
        flags: Sequence[str] = (),
        **view: Any,
    ) -> Desk:
        """Sit somebody down in front of a browser of their own, signed in."""
        browser = await self.browser(*flags)
        context = await browser.new_context(
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **VIEW | view,
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        desk = Desk(await context.new_page(), self.http.url)
        await context.add_init_script(KEEP_TIME_STAMP)
        await desk.page.clock.set_fixed_time(self.ctx.clock.now())
        await context.add_init_script(PUT_TIME_STAMP_BACK)
        self.desks.append(desk)
        await self._listen(context, desk)
        if official is not None:
            await self._let_in(context, official)
        return desk

    async def _listen(self, context: BrowserContext, desk: Desk) -> None:
        ours = urlsplit(self.http.url).netloc

        async def only_ours(route: Route) -> None:
            address = urlsplit(route.request.url)
            if address.netloc == ours or address.scheme in {"data", "blob"}:
                await route.fallback()
            else:
                desk.noise.append(f"asked {route.request.url}")
                await route.abort()

        def hear(said: ConsoleMessage) -> None:
            if said.type == "error" and not said.text.startswith(OF_THE_LINE):
                desk.noise.append(said.text)

        await context.route("**/*", only_ours)
        desk.page.on("console", hear)
        desk.page.on("pageerror", lambda error: desk.noise.append(str(error)))

    async def _let_in(
        self, context: BrowserContext, official: SignedIn | Staff | Official
    ) -> None:
        tokens = await sessions.start(self.ctx, owner_id=official.id, port=Port.UNION)
        kept = json.dumps(msgspec.json.encode(tokens).decode())
        name = "'inn.tokens.union'"
        script = f"localStorage[{name}] ?? localStorage.setItem({name}, {kept})"
        await context.add_init_script(script)

    async def give_login(self, official: SignedIn | Official, name: str) -> None:
        """Give somebody a name to sign in by, with PASSWORD and AUTHENTICATOR."""
        login = Login(
            id=official.id,
            name=name,
            password_hash=await passwords.hash_of(PASSWORD),
            must_change=False,
            changed_at=self.ctx.clock.now(),
            totp_secret=self.ctx.secrets.seal(AUTHENTICATOR),
            is_confirmed=True,
            seen_on=self.ctx.clock.today(),
        )
        await Login.shelf(self.ctx).insert_one(plain(login))

    async def close(self) -> None:
        """Close every window, and the browsers."""
        for context in self.contexts:
            await context.close()
        for browser in self.browsers:
            await browser.close()
        await self.playwright.stop()
        await self.http.close()


@pytest.fixture
def office(
    run: Callable[[Awaitable[Any]], Any], house: House, built: None
) -> Iterator[Office]:
    """A house under test with a browser; at the end no page may have complained."""
    office = Office(house, run(serve(house)), run(async_playwright().start()))
    yield office
    run(office.close())
    for desk in office.desks:
        assert not desk.noise, desk.noise
