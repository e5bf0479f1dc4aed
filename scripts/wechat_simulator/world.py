"""Everything the simulated platform knows, in one place."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from scripts.wechat_simulator.clock import Clock
from scripts.wechat_simulator.faults import Faults
from scripts.wechat_simulator.messages import Messages
from scripts.wechat_simulator.mini_codes import MiniCodes
from scripts.wechat_simulator.pushes import Pushes
from scripts.wechat_simulator.quotas import Quotas
from scripts.wechat_simulator.safety import Safety
from scripts.wechat_simulator.tokens import Tokens
from scripts.wechat_simulator.users import Users

APPID = "wx0000000000000000"
SECRET = "simulated-secret"  # noqa: S105 - public, it opens nothing


class World:
    """One app on the platform, with its people, tokens, messages and faults."""

    def __init__(
        self,
        appid: str = APPID,
        secret: str = SECRET,
        *,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.appid = appid
        self.secret = secret
        self.clock = Clock(now)
        self.media_delay_s: float | None = 0.2
        """Real seconds till a media verdict is pushed; None: only by a door."""
        self.pushes = Pushes(appid, self.clock)
        self.forget()

    def forget(self) -> None:
        """Begin anew: no tokens, codes, credits, faults or sent messages."""
        self.pushes.delivered.clear()
        self.users = Users(self.clock)
        self.tokens = Tokens(self.clock)
        self.messages = Messages(self.clock)
        self.safety = Safety(self.clock)
        self.mini_codes = MiniCodes()
        self.quotas = Quotas(self.clock)
        self.faults = Faults()
        self.calls: Counter[str] = Counter()
        """Calls that arrived, by path, also those that a fault struck."""
        self.media: dict[str, str] = {}
        """URLs under check, by trace id."""
