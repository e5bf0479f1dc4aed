"""A file is what its content is, and only one thing at a time."""

import zipfile

import pytest

from models.base.archives import MOST_ENTRIES, FileDamaged, UnpacksTooLarge
from models.base.media import HasMacros, Media, recognise
from tests.models.base import samples


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (samples.pdf(), Media.PDF),
        (samples.docx(), Media.DOCX),
        (samples.xlsx(), Media.XLSX),
        (samples.ofd(), Media.OFD),
        (samples.odt(), Media.ODT),
        (samples.ole("WordDocument"), Media.DOC),
        (samples.ole("Workbook"), Media.XLS),
        (samples.ole("Book"), Media.XLS),
        (samples.png(), Media.PNG),
        (samples.jpeg(), Media.JPEG),
    ],
)
def test_a_file_is_told_from_its_content(content, media):
    assert recognise(content) is media


@pytest.mark.parametrize(
    "content",
    [
        samples.EXE,
        samples.SVG,
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + bytes(20),
        b"#!/bin/sh\n",
        samples.zipped({"a.txt": "a"}),
        samples.zipped({"mimetype": "text/html"}),
        samples.ole("PowerPoint Document"),
        b"x",
    ],
)
def test_what_we_do_not_know_is_nothing(content):
    assert recognise(content) is None


@pytest.mark.parametrize(
    "content",
    [
        samples.pdf() + samples.docx(),
        samples.pdf()[:-7],
        b"\xef\xbb\xbf" + samples.pdf(),
        b"<script>1</script>" + samples.pdf(),
    ],
)
def test_a_pdf_that_is_something_else_besides_is_nothing(content):
    assert recognise(content) is None


@pytest.mark.parametrize(
    "content",
    [
        samples.docx() + b"<script>",
        samples.docx()[:-30],
        samples.docx()[:200],
        samples.docx().replace(b"word/document.xml", b"word/../../t.xml"),
        samples.zipped({"OFD.xml": b"x" * 9}, zipfile.ZIP_BZIP2),
        samples.ofd().replace(b"OFD.xml", b"OFD.xm", 1),
        samples.docx().replace(b"_rels/.rels", b"_rels", 1),
    ],
)
def test_a_broken_or_crooked_archive_is_damaged(content):
    with pytest.raises(FileDamaged):
        recognise(content)


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "../up.xml", "C:/win.ini", "a\\b.xml", "word/../../x"]
)
def test_names_that_lead_out_of_an_archive_are_refused(name):
    with pytest.raises(FileDamaged):
        recognise(samples.docx(**{name: "x"}))


def test_an_archive_under_a_password_is_damaged():
    crooked = bytearray(samples.docx())
    central = crooked.rindex(b"PK\x01\x02")
    crooked[central + 8] |= 1
    with pytest.raises(FileDamaged):
        recognise(bytes(crooked))


def test_a_bomb_is_refused_by_what_it_says():
    with pytest.raises(UnpacksTooLarge):
        recognise(samples.bomb())


def test_a_bomb_that_lies_about_its_size_is_refused():
    honest = samples.docx(**{"word/media/zeros.bin": bytes(3 * 1024 * 1024)})
    lying = honest.replace((3 * 1024 * 1024).to_bytes(4, "little"), b"\x10\0\0\0")
    assert lying != honest
    with pytest.raises((FileDamaged, UnpacksTooLarge)):
        recognise(lying)


def test_too_many_entries_are_refused():
    many = {f"word/{number}.xml": "" for number in range(MOST_ENTRIES)}
    with pytest.raises(UnpacksTooLarge):
        recognise(samples.docx(**many))


@pytest.mark.parametrize(
    "content",
    [
        samples.docx(**{"word/vbaProject.bin": b"x"}),
        samples.docx(**{"word/activeX/activeX1.xml": b"x"}),
        samples.docx(
            **{
                "[Content_Types].xml": "application/vnd.ms-word.document."
                "macroEnabled.main+xml"
            }
        ),
        samples.ole("WordDocument", "_VBA_PROJECT"),
    ],
)
def test_macros_are_refused(content):
    with pytest.raises(HasMacros):
        recognise(content)
