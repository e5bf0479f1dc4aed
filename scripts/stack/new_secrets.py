"""Makes the secret files of compose.yaml that may be random; standard library only.

By hand, once: python3 -m scripts.stack.new_secrets deploy/secrets
"""

import sys
from pathlib import Path

from scripts.stack.settings import KEYS, PUSH
from scripts.stack.trouble import Trouble, give_up

YOURS = {
    "wechat_secret": "the AppSecret of your mini-program",
    "alert_webhook": "the URL that calls somebody (profile watch)",
}
"""What only you can tell: from WeChat's console, and from whoever is on call."""


def main(folder: Path) -> None:
    """Write what is missing; name what only a person can bring."""
    if not folder.is_dir():
        raise Trouble(f"{folder} is not a folder. Name one: deploy/secrets")
    folder.chmod(0o700)
    for name, make in (KEYS | PUSH).items():
        place = folder / name.lower()
        if not place.exists():
            place.write_text(make())
            # the container's user reads it; other people stop at the folder
            place.chmod(0o444)
            print(f"• made {place}")
    for name, what in YOURS.items():
        if not (folder / name).exists():
            print(f"• missing: put {what} into {folder / name}")


if __name__ == "__main__":
    try:
        main(Path((sys.argv[1:] or ["deploy/secrets"])[0]))
    except Trouble as trouble:
        give_up(trouble)
