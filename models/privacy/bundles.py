"""Bundles (数据包): all that the house keeps of a person, in one zip.

JSON, a file a shelf, sealed fields opened; the pages of proof as they were uploaded;
and a page in Chinese that says what is what. Which shelves, they say themselves.

Source: features X-09; PIPL (个人信息保护法) art. 45.
"""

import asyncio
import io
import zipfile
from collections.abc import Mapping
from typing import Any

import msgspec

from models.base import aliases, files
from models.base.clock import SHANGHAI
from models.base.context import Context
from models.base.files import KeptFile
from models.base.inspection import Purpose
from models.base.media import SUFFIXES
from models.privacy import shelves

README = "说明.txt"

INTRODUCTION = """云端客栈 · 我的个人信息

导出时间：{at}
本压缩包是您在云端客栈的全部个人信息，供您留存或转交他人；请妥善保管。

data 文件夹：每个文件是一类记录，JSON 格式，UTF-8 编码，时间为世界协调时（UTC）。
files 文件夹：您上传的证明材料原件。

{list}

未包含：登录密钥、防重放标记等只对系统有意义的内容，以及他人的信息。
如有错误或疑问，请联系所属工会，或在“我的-隐私”中更正、撤回同意、注销账号。
"""


class Bundle(msgspec.Struct, kw_only=True, frozen=True):
    """A zip, and how much is in it."""

    content: bytes
    counts: dict[str, int]
    """Rows by shelf."""

    def __repr__(self) -> str:
        return "Bundle(…)"


async def make(ctx: Context, worker_id: str) -> Bundle:
    """Collect everything about a worker, shelf by shelf."""
    alias = await aliases.of(ctx, worker_id)
    told: dict[str, shelves.Rows] = {}
    for kind in shelves.exported():
        told[kind.SHELF] = await shelves.rows_of(ctx, kind, worker_id, alias)
    pages = await _pages(ctx, worker_id)
    readme = _readme(ctx, told)
    content = await asyncio.to_thread(_zip, told, pages, readme)
    return Bundle(
        content=content, counts={shelf: len(rows) for shelf, rows in told.items()}
    )


async def _pages(ctx: Context, worker_id: str) -> dict[str, bytes]:
    kept = await KeptFile.many(
        ctx, {"kept_by": worker_id, "purpose": Purpose.EVIDENCE}, limit=0
    )
    return {
        file.id + SUFFIXES[file.media][0]: b"".join(
            [piece async for piece in files.read(ctx, file)]
        )
        for file in kept
    }


def _readme(ctx: Context, told: Mapping[str, shelves.Rows]) -> str:
    titles = {kind.SHELF: shelves.word_of(kind).title for kind in shelves.exported()}
    lines = [
        f"data/{shelf}.json　{titles[shelf]}（{len(rows)} 条）"
        for shelf, rows in told.items()
    ]
    at = ctx.clock.now().astimezone(SHANGHAI)
    return INTRODUCTION.format(at=f"{at:%Y-%m-%d %H:%M}", list="\n".join(lines))


def _zip(
    told: Mapping[str, list[dict[str, Any]]], pages: Mapping[str, bytes], readme: str
) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(README, readme)
        for shelf, rows in told.items():
            text = msgspec.json.format(msgspec.json.encode(rows), indent=2)
            archive.writestr(f"data/{shelf}.json", text)
        for name, content in pages.items():
            archive.writestr(f"files/{name}", content)
    return whole.getvalue()
