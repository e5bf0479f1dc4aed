"""Where a request comes from, as far as a proxy in front is believed.

Worked out when somebody asks, which few requests do: limits by address, first aid,
what answers this machine only. Tornado would look at every request.

Source: tornado.httpserver, whose reading of X-Real-Ip and X-Forwarded-For this is.
"""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address

LONGEST_ADDRESS = 45
"""Characters of the longest IPv6 address, written with an IPv4 one in it."""


def address_of(headers: Mapping[str, str], peer: str, *, behind_proxy: bool) -> str:
    """Return who calls: the proxy's word, if it is one, or the peer itself.

    behind_proxy: whether what the headers say was written by a proxy of ours.
    """
    if not behind_proxy:
        return peer
    told = headers.get("X-Real-Ip")
    if told is None:
        told = headers.get("X-Forwarded-For", peer).rpartition(",")[2].strip()
    return told if _is_address(told) else peer


def _is_address(told: str) -> bool:
    return len(told) <= LONGEST_ADDRESS and _parses(told)


@lru_cache(maxsize=4_096)
def _parses(told: str) -> bool:
    try:
        ip_address(told)
    except ValueError:
        return False
    return True
