"""Control doors, for tests and for a person with curl: what the platform shall do.

Answers are JSON with ordinary HTTP statuses; a wrong body is 422 and says where.
"""

from scripts.wechat_simulator.doors import people, platform, traffic
from scripts.wechat_simulator.doors.base import Door


class Doors(Door):
    """GET /_simulator: this list."""

    def get(self) -> None:
        """List all doors by what they say of themselves."""
        self.tell([" ".join(str(door.__doc__).split()) for _, door in ROUTES])


ROUTES: list[tuple[str, type[Door]]] = [
    ("/_simulator", Doors),
    *platform.ROUTES,
    *people.ROUTES,
    *traffic.ROUTES,
]
