"""Copies the list of who left out of the inn: python -m scripts.backups.erased FILE.

Run every few minutes and keep FILE where the backups are, not on MongoDB's disks: a
restore needs the newest one. It holds blind marks and no names.
"""

import argparse
import asyncio
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from app.settings import read_settings
from app.wiring import House, open_house
from models.privacy import erased
from models.privacy.erased import Mark
from scripts.backups.command import run
from scripts.stack.trouble import Trouble


async def copy_out(house: House, file: Path) -> int:
    """Write every mark, a line each, in one move; returns how many."""
    draft = file.with_name(f".{file.name}")
    marks = [mark async for mark in erased.all_marks(house.ctx)]
    draft.write_bytes(msgspec.json.Encoder().encode_lines(marks))
    draft.rename(file)
    return len(marks)


def read_marks(file: Path) -> list[Mark]:
    """Read a list back. Refuses: Trouble."""
    try:
        return msgspec.json.Decoder(Mark).decode_lines(file.read_bytes())
    except (OSError, msgspec.MsgspecError) as problem:
        raise Trouble(f"{file} cannot be read as a list of who left.") from problem


async def _copy(file: Path) -> int:
    house = await open_house(read_settings(os.environ), live=(), prepared=False)
    try:
        return await copy_out(house, file)
    finally:
        await house.close()


def main(arguments: Sequence[str]) -> None:
    """Copy the list of the inn of the environment."""
    parser = argparse.ArgumentParser(prog="scripts.backups.erased", description=__doc__)
    parser.add_argument("file", type=Path)
    told = parser.parse_args(arguments)
    print(f"✓ {asyncio.run(_copy(told.file))} marks in {told.file}")


if __name__ == "__main__":
    run(main)
