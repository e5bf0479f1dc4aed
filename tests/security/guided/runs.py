"""Running one target in a process of its own, and what came of it."""

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.security.guided.targets import Target

MODULE = "tests.security.guided.targets"
CHILD = "tests.security.guided.child"

SECONDS_AN_INPUT = 20
"""What takes longer is a finding: so would a phone's request be."""

MEGABYTES = 2_048
BOUNDS = (f"-timeout={SECONDS_AN_INPUT}", f"-rss_limit_mb={MEGABYTES}")
LONGEST_TOLD = 3_000
USUAL = "INFO: Instrumenting"
LONGEST_INPUT = 4_096

TRIED = re.compile(r"stat::number_of_executed_units:\s+(\d+)")
SEEN = re.compile(r"\bcov: (\d+)")
RAISED = re.compile(r"=== Uncaught Python exception: ===\n(.*?)\n\n", re.DOTALL)
FOUND = re.compile(r"Test unit written to (\S*broken-(?!slow-unit)\S+)")
"""What is merely slow is written down as well, and no finding."""


@dataclass(frozen=True)
class Outcome:
    """What came of feeding one target."""

    name: str
    tried: int
    """Inputs."""
    seen: int
    """Edges of our lines that some input went along."""
    found: Path | None
    """The input that broke it."""
    told: str
    """How it broke: the exception, or else the end of what the process said."""


class NotFed(Exception):
    """libFuzzer did not begin, or ended without a word of why."""


def feed(
    name: str,
    target: Target,
    limits: Sequence[str],
    *,
    into: Path,
    module: str = MODULE,
) -> Outcome:
    """Feed a target within libFuzzer's limits; what was learned is kept for next time.

    into: holds a folder a target, with what showed new lines and what broke it.
    Raises NotFed.
    """
    corpus = _laid_out(into / name, target)
    words = [f"-dict={corpus.parent / 'words'}"] if target.words else []
    code, told = _run(
        name,
        module,
        *limits,
        *words,
        f"-artifact_prefix={corpus.parent}/broken-",
        f"-max_len={LONGEST_INPUT}",
        "-print_final_stats=1",
        str(corpus),
    )
    found, tried, seen = FOUND.search(told), TRIED.search(told), SEEN.findall(told)
    if bool(code) != bool(found) or not (found or (tried and seen)):
        raise NotFed(told[-LONGEST_TOLD:])
    return Outcome(
        name=name,
        tried=int(tried[1]) if tried else 0,
        seen=int(seen[-1]) if seen else 0,
        found=Path(found[1]) if found else None,
        told=_how_it_broke(told) if found else "",
    )


def feed_again(name: str, file: Path, *, module: str = MODULE) -> Outcome:
    """Feed a target one input that broke it; it does not count what it sees.

    Raises NotFed.
    """
    code, told = _run(name, module, str(file))
    if f"Running: {file}" not in told:
        raise NotFed(told[-LONGEST_TOLD:])
    return Outcome(
        name=name,
        tried=1,
        seen=0,
        found=file if code else None,
        told=_how_it_broke(told) if code else "",
    )


def _run(name: str, module: str, *options: str) -> tuple[int, str]:
    """Return the code a process left with and what it said, less the usual."""
    done = subprocess.run(
        [sys.executable, "-m", CHILD, module, name, *BOUNDS, *options],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    lines = (done.stdout + done.stderr).splitlines()
    return done.returncode, "\n".join(
        line for line in lines if not line.startswith(USUAL)
    )


def _how_it_broke(told: str) -> str:
    exception = RAISED.search(told)
    return exception[1] if exception else told[-LONGEST_TOLD:]


def _laid_out(folder: Path, target: Target) -> Path:
    """Put the seeds and the words where libFuzzer finds them; return the corpus."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    words = (word.encode() for word in target.words)
    lines = ["".join(f"\\x{byte:02x}" for byte in word) for word in words]
    (folder / "words").write_text("".join(f'"{line}"\n' for line in lines))
    return corpus
