"""The console is built anew: the new build takes over whole, and when they say so."""

import re
import shutil

import pytest
from playwright.async_api import expect

from handlers.base import console
from scripts.stack.console import DIST
from tests.console import clerks
from tests.console.clerks import desk_of, ready

OLD_WORD, NEW_WORD = "值守台", "新值守台"
"""What the desk is called in one build and in the next."""

BUILD = re.compile(r'name="build" content="(\w+)"')
NAME = re.compile(r"[\w.-]+\.(?:js|css)")

UPDATED = """async () => {
  const registration = await navigator.serviceWorker.ready
  const found = await registration.update()
  const coming = found.installing
  while (coming && coming.state === 'installing')
    await new Promise(requestAnimationFrame)
  return coming?.state
}"""


@pytest.fixture
def lu(run, office, clock):
    """A clerk of the park; it is ten to eleven."""
    return run(clerks.of_the_park(office, clock))


def renewed(folder):
    """Build the console anew: all files have other names, one says another word."""
    shutil.copytree(DIST, folder)
    texts = [each for each in folder.rglob("*") if each.suffix in {".html", ".js"}]
    names = {each.name for each in (folder / "assets").iterdir()}
    build = BUILD.search((folder / "index.html").read_text())[1]
    for text in texts:
        said = NAME.sub(lambda name: renamed(name[0], names), text.read_text())
        text.write_text(said.replace(build, build[::-1]).replace(OLD_WORD, NEW_WORD))
    for name in names:
        (folder / "assets" / name).rename(folder / "assets" / renamed(name, names))
    return folder


def renamed(name, names):
    """Give a file of a build the name of the next one's."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}2{dot}{ending}" if name in names else name


@pytest.fixture
def deploy(tmp_path, monkeypatch):
    """Serve another build in place of the one before, whose files are gone."""

    def put():
        monkeypatch.setattr(console, "BUILT", renewed(tmp_path / "dist"))
        console._file.cache_clear()

    yield put
    console._file.cache_clear()


LATER = "() => dispatchEvent(new Event('online'))"
"""The line was gone and is there again."""


async def test_a_new_build_takes_over_whole_and_when_they_say_so(office, lu, deploy):
    desk = await desk_of(office, lu)
    page = desk.page
    await page.get_by_label("预约码").fill("half-written")
    deploy()
    await page.evaluate(LATER)
    newer = page.get_by_role("button", name="有新版本，点此刷新")
    await newer.wait_for()
    await desk.reads_well()
    await expect(page.get_by_label("预约码")).to_have_value("half-written")
    await newer.click()
    await page.get_by_role("dialog", name="有新版本").get_by_text("请先保存").wait_for()
    async with page.expect_event("load"):
        await page.get_by_role("dialog").get_by_role("button", name="刷新").click()
    await page.get_by_role("heading", name=NEW_WORD, exact=True).wait_for()
    await expect(newer).to_be_hidden()
    await ready(page)
    await page.context.set_offline(True)
    await page.reload()
    await page.get_by_role("heading", name=NEW_WORD, exact=True).wait_for()


async def test_a_page_of_the_build_before_still_has_its_files(office, lu, deploy):
    page = (await desk_of(office, lu)).page
    await page.goto(f"{office.http.url}/console/#/me")
    await page.reload()
    await page.get_by_role("heading", name="我的账号").wait_for()
    deploy()
    other = await page.context.new_page()
    await other.goto(f"{office.http.url}/console/#/me")
    await ready(other)
    await page.get_by_role("link", name="值守台").click()
    await page.get_by_role("heading", name=OLD_WORD, exact=True).wait_for()
    await page.context.set_offline(True)
    await page.reload()
    await page.get_by_role("heading", name=NEW_WORD, exact=True).wait_for()


async def test_a_line_that_breaks_between_two_builds_leaves_the_old_one_whole(
    office, lu, deploy, monkeypatch
):
    page = (await desk_of(office, lu)).page
    deploy()
    place = next((console.BUILT / "assets").glob("Desk-*.js"))
    place.unlink()
    await page.reload()
    await page.get_by_role("main").get_by_text("页面没有加载成功").wait_for()
    assert await page.evaluate(UPDATED) == "redundant"
    await page.context.set_offline(True)
    await page.reload()
    await page.get_by_role("heading", name=OLD_WORD, exact=True).wait_for()
