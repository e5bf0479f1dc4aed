"""Reading back what the console let a browser keep: the cells of a spreadsheet."""

from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows(file: Path) -> list[list[str]]:
    """Return the first sheet, row by row, all of it as text."""
    with ZipFile(file) as book:
        shared = _shared(book)
        (sheet,) = [
            each for each in book.namelist() if each.endswith("worksheets/sheet1.xml")
        ]
        root = ElementTree.fromstring(book.read(sheet))  # noqa: S314 - ours
    return [
        [_text(cell, shared) for cell in row.iter(f"{MAIN}c")]
        for row in root.iter(f"{MAIN}row")
    ]


def _shared(book: ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    texts = book.read("xl/sharedStrings.xml")
    root = ElementTree.fromstring(texts)  # noqa: S314 - ours
    return ["".join(each.itertext()) for each in root.iter(f"{MAIN}si")]


def _text(cell: ElementTree.Element, shared: list[str]) -> str:
    said = "".join(cell.itertext())
    return shared[int(said)] if cell.get("t") == "s" else said
