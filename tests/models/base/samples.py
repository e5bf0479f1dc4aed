"""Small real files of every kind, and some that are not what they say."""

import io
import struct
import zipfile
import zlib

EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04" + bytes(200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PLACE = b"GPS 34.75N 113.62E"
"""What a phone writes into a photo."""

WORD_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns='
    '"http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/{part}" ContentType="application/'
    'vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
)
RELS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns='
    '"http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/officeDocument" Target="{part}"/>'
    "</Relationships>"
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(words=b"one", size=0):
    body = b"%PDF-1.7\n1 0 obj\n<< /Title (" + words + b") >>\nendobj\n"
    return body + b"%" + b"x" * size + b"\ntrailer\n<<>>\n%%EOF\n"


def zipped(entries, way=zipfile.ZIP_DEFLATED):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", way) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return kept.getvalue()


def docx(body="<w:p><w:r><w:t>正文</w:t></w:r></w:p>", **other):
    entries = {
        "[Content_Types].xml": WORD_TYPES.format(
            part="word/document.xml", kind="wordprocessingml.document"
        ),
        "_rels/.rels": RELS.format(part="word/document.xml"),
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}'
        "</w:body></w:document>",
    }
    return zipped(entries | other)


def xlsx():
    types = WORD_TYPES.format(part="xl/workbook.xml", kind="spreadsheetml.sheet")
    return zipped({"[Content_Types].xml": types, "xl/workbook.xml": "<workbook/>"})


def ofd():
    return zipped({"OFD.xml": "<OFD/>", "Doc_0/Document.xml": "<Document/>"})


def odt():
    told = "application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": told, "content.xml": "<x/>"}, zipfile.ZIP_STORED)


def bomb(megabytes=120):
    return docx(**{"word/media/zeros.bin": bytes(megabytes * 1024 * 1024)})


def ole(*streams):
    def entry(name):
        raw = name.encode("utf-16-le")
        return (raw + bytes(64 - len(raw)) + struct.pack("<H", len(raw) + 2)).ljust(
            128, b"\x00"
        )

    directory = b"".join(entry(name) for name in ("Root Entry", *streams))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + directory


def segment(marker, told):
    return struct.pack(">BBH", 0xFF, marker, len(told) + 2) + told


def exif(turned=6, order="<"):
    mark = b"II*\x00" if order == "<" else b"MM\x00*"
    entries = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turned, 0)
    gps = struct.pack(f"{order}HHII", 0x8825, 4, 1, 38)
    head = mark + struct.pack(f"{order}IH", 8, 2)
    return b"Exif\x00\x00" + head + entries + gps + bytes(4) + PLACE


def jpeg(*more, scan=b"\x01\xff\x00\x02\xff\xd0\x03", after=b""):
    return (
        b"\xff\xd8"
        + segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
        + b"".join(more)
        + segment(0xDB, bytes(65))
        + segment(0xC0, b"\x08\x00\x01\x00\x01\x01\x01\x11\x00")
        + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
        + scan
        + b"\xff\xd9"
        + after
    )


def chunk(name, told=b""):
    crc = zlib.crc32(name + told)
    return struct.pack(">I", len(told)) + name + told + struct.pack(">I", crc)


def png(*more, after=b""):
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + b"".join(more)
        + chunk(b"IDAT", zlib.compress(b"\x00\x00"))
        + chunk(b"IEND")
        + after
    )
