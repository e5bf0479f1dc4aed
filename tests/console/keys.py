"""Somebody who has a keyboard and nothing else, and sees where it is."""

from typing import Any

from playwright.async_api import Locator, Page, expect

MOST = 150
"""Steps from one thing to another; whoever needs more gives up."""

STILL = """() => {
  const still = new CSSStyleSheet()
  still.replaceSync('*, *::before, *::after {transition: none !important}')
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, still]
}"""
"""What has the keys looks so at once, and is compared with how it looks without."""

LOOKED_AT = """() => {
  const look = (each) => {
    const style = getComputedStyle(each)
    const ring = style.outlineStyle === 'none' ? '' : style.outline
    return [ring, style.boxShadow, style.backgroundColor, style.left].join()
  }
  const looks = (all) => all.map(look).join(';')
  const at = document.activeElement
  const told = at.outerHTML.slice(0, 160)
  const before = window.keysWere
  window.keysWere = null
  if (before && before.at !== at && before.at.isConnected
    && looks(before.around) === before.looks) return `not seen: ${before.told}`
  if (at === document.body) return 'nowhere'
  const stays = (each) => !each.closest('.is-closing, [class*="-leave-"]')
    && !each.querySelector(':scope > .is-closing')
  const dialogs = [...document.querySelectorAll('[aria-modal="true"]')].filter(
    (each) => each.getClientRects().length && stays(each))
  if (dialogs.length && !at.closest('[aria-modal="true"], .el-popper'))
    return `out of the dialog: ${told}`
  const shown = at.closest('label') ?? at
  const {top, left, width, height} = shown.getBoundingClientRect()
  const middle = document.elementsFromPoint(left + width / 2,
    Math.min(Math.max(top + height / 2, 1), innerHeight - 1)).find(stays)
  const isIt = (each) => each && (shown.contains(each) || each.contains(shown)
    || each.closest('.el-select, .el-input, .el-date-editor')?.contains(shown))
  const isTall = height > innerHeight / 5
  if (!isTall && (top + height < 1 || top > innerHeight - 1 || !isIt(middle)))
    return `covered: ${told} by ${middle?.outerHTML.slice(0, 80)}`
  const around = [at, at.firstElementChild, at.nextElementSibling]
  for (let each = at; around.length < 7 && each; each = each.parentElement)
    around.push(each.parentElement)
  const seen = around.filter(Boolean)
  window.keysWere = {at, around: seen, looks: looks(seen), told}
  return ''
}"""
"""What is wrong with where the keys are now, or how they were shown before."""


class Keys:
    """The keyboard of one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.focused = page.locator(":focus")

    async def press(self, *keys: str) -> None:
        """Press one key after another."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        """Write where the keys are, instead of what stands there."""
        await self.press("Control+a")
        await self.page.keyboard.type(text)

    async def look(self) -> str:
        """Find the keys where they can be seen; 'nowhere' is behind the last thing."""
        wrong: str = await self.page.evaluate(LOOKED_AT)
        assert wrong in {"", "nowhere"}, wrong
        return wrong

    async def reach(self, wanted: Locator, key: str = "Tab") -> None:
        """Go from thing to thing until the keys are here."""
        await wanted.first.wait_for(state="attached")
        rounds = 0
        for _ in range(MOST):
            if await self.are_at(wanted):
                return
            await self.press(key)
            rounds += await self.look() == "nowhere"
            assert rounds < 2, f"cannot be reached: {wanted}"
        raise AssertionError(f"too far away: {wanted}")

    async def back_to(self, wanted: Locator) -> None:
        """Go backwards until the keys are here."""
        await self.reach(wanted, "Shift+Tab")

    async def are_at(self, wanted: Locator) -> bool:
        """Tell whether the keys are here."""
        return await wanted.and_(self.focused).count() > 0

    async def button(self, name: str, within: Locator | None = None) -> None:
        """Go to a button of this name and press it."""
        place = within or self.page
        await self.reach(place.get_by_role("button", name=name, exact=True))
        await self.press("Enter")

    async def write(self, name: str, text: str, within: Locator | None = None) -> None:
        """Go to a field of this name and write."""
        place = within or self.page
        await self.reach(place.get_by_role("textbox", name=name, exact=True))
        await self.type(text)

    async def choose(self, name: str, option: str, *, many: bool = False) -> None:
        """Open the drop-down of this name, go down to an entry and take it."""
        box = self.page.get_by_role("combobox", name=name, exact=True)
        await self.reach(box)
        await self.press("Enter")
        offered = self.page.get_by_role("listbox", name=name, exact=True)
        entry = offered.get_by_role("option", name=option, exact=True)
        await entry.wait_for()
        for _ in range(MOST):
            if await box.get_attribute("aria-activedescendant") == (
                await entry.get_attribute("id")
            ):
                break
            await self.press("ArrowDown")
        await self.press("Enter")
        if many:
            await self.press("Escape")
        await offered.wait_for(state="hidden")
        await expect(box).to_be_focused()

    async def are_kept(self) -> None:
        """See that what went away left the keys somewhere."""
        await expect(self.focused).not_to_have_count(0)

    async def into(self, dialog: Locator) -> Locator:
        """Wait until the dialog that was opened has the keys."""
        await dialog.wait_for()
        await expect(dialog.locator(":focus")).to_have_count(1)
        await self.look()
        return dialog


async def sit(office: Any, path: str, person: Any = None) -> Keys:
    """Sit somebody down who touches no mouse, before a clock that goes.

    Rules: while the page's clock stands, Vue takes a key that one part has heard for
    older than the part around it, which then does not hear it.
    """
    desk = await office.desk(person)
    await desk.page.clock.set_system_time(office.ctx.clock.now())
    await desk.page.context.add_init_script(
        f"addEventListener('DOMContentLoaded', {STILL})"
    )
    return Keys(await desk.open(path))
