"""WeChat stalls and lies: how long a sign-in waits, and whether other doors answer.

Each lie is told to many who sign in at once, while others read, book and call for
help. Then WeChat is well again, and somebody signs in.
"""

import asyncio
from dataclasses import dataclass, field

from scripts.wechat_simulator.faults import Do, Fault
from tests.client import Answer
from tests.faults.inn import Inn
from tests.faults.load import BOOKINGS
from tests.faults.overload import FIRST_AID
from tests.faults.town import Town
from tests.faults.waiting import until

LIES = {
    "silent": Fault(do=Do.STALL, seconds=60),
    "dripping": Fault(do=Do.DRIP, seconds=60),
    "busy (-1)": Fault(do=Do.ERRCODE, errcode=-1),
    "40001 for ever": Fault(do=Do.ERRCODE, errcode=40001),
    "a web page": Fault(do=Do.HTML),
    "half the JSON": Fault(do=Do.HALF),
    "502": Fault(do=Do.STATUS, status=502),
    "hanging up": Fault(do=Do.DROP),
}

PEOPLE = 30
"""Who sign in while it lies: more than make the circuit open."""

UNAVAILABLE = {502, 503}
SENTENCE_END = "。"


@dataclass
class Told:
    """What people were told during one lie."""

    lie: str
    sign_ins: list[Answer] = field(default_factory=list)
    longest: float = 0.0
    """Seconds the slowest sign-in took to be told."""
    others: list[Answer] = field(default_factory=list)
    back_after: float = 0.0
    """Seconds from WeChat's recovery to the first sign-in."""

    @property
    def wrong(self) -> list[str]:
        """What should not have been answered."""
        strange = [each for each in self.sign_ins if not _says_when(each)]
        failed = [each for each in self.others if each.status >= 400]
        return [f"{self.lie}: {a.status} {a.body}" for a in (*strange, *failed)]

    def __str__(self) -> str:
        return (
            f"{self.lie:15} {len(self.sign_ins)} sign-ins told within "
            f"{self.longest:.1f} s, {len(self.others)} others answered, "
            f"back after {self.back_after:.1f} s, wrong {len(self.wrong)}"
        )


async def tell(inn: Inn, town: Town, lie: str, number: int) -> Told:
    """Tell one lie to many, look at the other doors meanwhile, and be well again."""
    told, loop = Told(lie), asyncio.get_running_loop()
    inn.wechat.world.faults.ordered = [LIES[lie]]
    began = loop.time()
    signing_in = asyncio.gather(
        *(_sign_in(inn, f"w-{number}-{n}") for n in range(PEOPLE))
    )
    told.others = await _use_the_others(inn, town, number)
    told.sign_ins = await signing_in
    told.longest = loop.time() - began
    inn.wechat.world.faults.ordered = []
    began = loop.time()
    await until(lambda: _signs_in(inn, f"w-{number}-well"), what="a sign-in")
    told.back_after = loop.time() - began
    return told


async def _sign_in(inn: Inn, code: str) -> Answer:
    return await inn.client().post("/worker/v1/auth/sign-in", {"code": code})


async def _signs_in(inn: Inn, code: str) -> bool:
    return (await _sign_in(inn, code)).status in {200, 201}


async def _use_the_others(inn: Inn, town: Town, number: int) -> list[Answer]:
    """Read, book, call for help: nothing of it needs WeChat."""
    client = inn.client().as_(town.residents[number].token)
    booking = {"slot_id": town.slots[number]}
    return list(
        await asyncio.gather(
            client.get("/worker/v1/home"),
            client.get("/worker/v1/me"),
            client.post(BOOKINGS, booking, key=f"lie-{number}"),
            client.post(FIRST_AID, {"for_self": True}),
            client.get("/readyz"),
        )
    )


def _says_when(answer: Answer) -> bool:
    """Whether somebody was told clearly to come back, and when."""
    return (
        answer.status in UNAVAILABLE
        and answer.body["message"].endswith(SENTENCE_END)
        and answer.headers.get("Retry-After", "").isdecimal()
    )
