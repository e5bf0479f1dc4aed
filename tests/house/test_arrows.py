"""Every arrow points down, and every room is on the picture."""

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[2]


def test_the_pictures_in_setup_cfg_hold():
    checked = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from importlinter.cli import lint_imports_command as check;"
            "sys.argv = ['lint-imports', '--no-cache']; check()",
        ],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
