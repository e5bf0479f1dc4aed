"""The first screen on an old office PC: how much comes, in how many pieces.

Nothing is kept by these browsers: it is what somebody waits for the first time.
"""

from dataclasses import dataclass, field

import pytest

from tests.models.unions import people

AT_MOST_KB = 300
FILES_AT_MOST = 6
"""The page, its icon, and two scripts and two sheets: others' and ours."""
ANSWERS_AT_MOST = 3
"""Who is in, their hats, and how many messages wait."""


@dataclass
class Line:
    """What comes over the line, with head and body, as it is packed."""

    files: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    octets: int = 0

    async def listen(self, page):
        """Count from now on."""
        line = await page.context.new_cdp_session(page)
        line.on("Network.responseReceived", self._begun)
        line.on("Network.loadingFinished", self._finished)
        await line.send("Network.enable")

    def _begun(self, told):
        url = told["response"]["url"]
        (self.files if "/console/" in url else self.answers).append(url)

    def _finished(self, told):
        self.octets += told["encodedDataLength"]


async def look(office, person=None):
    """Open the console for the first time, and wait until it rests."""
    desk = await office.desk(person, service_workers="allow")
    line = Line()
    await line.listen(desk.page)
    await desk.open("/")
    await desk.page.get_by_role("heading", level=1).wait_for()
    return line


@pytest.mark.parametrize("is_in", [False, True], ids=["sign-in", "home"])
async def test_the_first_screen_is_light_and_comes_in_few_pieces(office, is_in):
    person = await people.administrator(office.ctx, "wang")
    line = await look(office, person if is_in else None)
    assert len(line.files) <= FILES_AT_MOST, line.files
    assert len(line.answers) <= (ANSWERS_AT_MOST if is_in else 0), line.answers
    assert 0 < line.octets <= AT_MOST_KB * 1000, line.octets
