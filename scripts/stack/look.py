"""Says how one process of the inn is, from inside it: python -m scripts.stack.look

Asks /readyz at PORT and the figures at WATCH_PORT of this very container, and says the
few that tell whether all is well; a process of `work` has no door. With --all: every
figure, as Prometheus reads it.

    docker compose exec --index 1 app python -m scripts.stack.look
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from scripts.stack.trouble import Trouble, give_up

PATIENCE_SECONDS = 5
"""A probe of the inn gives MongoDB one second."""

TOLD = {
    "inn_leans_on": "依赖可用（1 为可用）",
    "inn_changes_silent_seconds": "变更流静默（秒）",
    "inn_events_waiting": "待投递的事件",
    "inn_events_lag_seconds": "最早一条待投递事件已等待（秒）",
    "inn_events_stuck": "重试用尽的事件",
    "schedule_overdue": "逾期的定时工作",
    "inn_mongodb_members_away": "不可用的副本集成员",
    "inn_mongodb_lag_seconds": "副本落后（秒）",
    "inn_mongodb_disk_used_ratio": "主节点磁盘已用（0 到 1）",
    "inn_clock_offset_seconds": "与数据库的时差（秒）",
    "inn_wechat_refusals_total": "微信拒绝的次数",
}
"""What the first look is at, in this order; docs/operations.md leads on from each."""

WORDS = {"ok": "正常", "gone": "不可用"}


def readiness(port: str) -> str:
    """Return one line of what /readyz says."""
    try:
        status, parts = 200, json.loads(_get(port, "/readyz"))
    except HTTPError as refused:
        status, parts = refused.code, json.loads(refused.read())["details"]
    except OSError:
        return "就绪 /readyz：这个进程没有门（后台进程），或没有应答"
    said = "，".join(f"{name} {WORDS[is_]}" for name, is_ in parts.items())
    return f"就绪 /readyz：{status} {said}".rstrip()


def figures(text: str) -> Iterator[str]:
    """Yield a line for each figure that the first look is at.

    Rules: a count that stands at 0 tells nothing; there is one for every errcode.
    """
    found: dict[str, list[str]] = {name: [] for name in TOLD}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            counts_nothing = family.type == "counter" and not sample.value
            if sample.name in found and not counts_nothing:
                named = _named(sample.name, sample.labels)
                found[sample.name].append(
                    f"{TOLD[sample.name]} {named}：{sample.value:g}"
                )
    for lines in found.values():
        yield from lines


def main(environ: Mapping[str, str], *, everything: bool) -> None:
    """Say it of the process whose ports the environment names. Refuses: Trouble."""
    port = environ.get("PORT", "8080")
    watched = environ.get("WATCH_PORT", "0")
    watched = port if watched == "0" else watched
    try:
        text = _get(watched, "/metrics")
    except (OSError, HTTPException) as problem:
        raise Trouble(
            f"Nothing answers at 127.0.0.1:{watched}. Set PORT and WATCH_PORT as the "
            "process has them, or look at its last lines: docker compose logs --tail 50"
        ) from problem
    if everything:
        print(text, end="")
        return
    print(readiness(port))
    for line in figures(text):
        print(line)


def _named(name: str, labels: Mapping[str, str]) -> str:
    inside = ",".join(f'{each}="{value}"' for each, value in labels.items())
    return f"{name}{{{inside}}}" if inside else name


def _get(port: str, path: str) -> str:
    address = f"http://127.0.0.1:{port}{path}"
    with urlopen(address, timeout=PATIENCE_SECONDS) as answer:
        body: bytes = answer.read()
    return body.decode()


if __name__ == "__main__":
    try:
        main(os.environ, everything="--all" in sys.argv[1:])
    except Trouble as trouble:
        give_up(trouble)
