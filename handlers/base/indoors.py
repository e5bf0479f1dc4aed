"""What is for those who stand in the house: its figures and its API page.

They ask from the machine itself; to everybody else there is no such place. Watchers
on other machines ask the watch port (`app/watch`), which no proxy leads to.
"""

from ipaddress import ip_address

from tornado.web import HTTPError

from handlers.base.endpoint import Handler


class IndoorsHandler(Handler):
    """Base of handlers that answer this machine only."""

    def prepare(self) -> None:
        """Know nobody who asks from outside.

        Rules: behind a proxy (BEHIND_PROXY) the caller is whom the proxy names, so
        a proxy on this machine leads nobody in.
        """
        if not _is_this_machine(self.caller):
            raise HTTPError(404)


def _is_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:  # a socket that has no address is none we opened
        return False
