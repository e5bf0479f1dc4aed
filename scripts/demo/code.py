"""Shows the code of the demo's authenticator, as the phone would: scripts/demo_code."""

import sys

import pyotp

from scripts.stack.bootstrap import DATA
from scripts.stack.settings import DEMO, kept_secrets


def main() -> int:
    """Print the code of this moment."""
    if not (DATA / "secrets.env").exists():
        print("Open the inn first: scripts/server", file=sys.stderr)
        return 1
    print(pyotp.TOTP(kept_secrets(DEMO, DATA)["DEMO_AUTHENTICATOR"]).now())
    return 0


if __name__ == "__main__":
    sys.exit(main())
