"""A picture says nothing of its maker, and looks as it did."""

import struct

import pytest

from models.base.archives import FileDamaged
from models.base.media import Media
from models.base.pictures import without_traces
from tests.models.base import samples
from tests.models.base.samples import chunk, exif, jpeg, png, segment


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photo_keeps_which_way_up_it_is_and_nothing_else(order):
    photo = jpeg(
        segment(0xE1, exif(turned=6, order=order)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + samples.PLACE),
        segment(0xFE, samples.PLACE),
        segment(0xED, b"Photoshop 3.0\x00" + samples.PLACE),
    )
    clean = without_traces(photo, Media.JPEG)
    assert samples.PLACE not in clean
    turned = b"MM\x00*\x00\x00\x00\x08\x00\x01" + struct.pack(
        ">HHIHHI", 0x0112, 3, 1, 6, 0, 0
    )
    assert clean == jpeg(segment(0xE1, b"Exif\x00\x00" + turned))


def test_an_upright_photo_keeps_no_exif_at_all():
    photo = jpeg(segment(0xE1, exif(turned=1)))
    assert without_traces(photo, Media.JPEG) == jpeg()


@pytest.mark.parametrize("told", [b"", b"II", b"XX*\x00", b"II*\x00\xff\xff\xff\xff"])
def test_exif_that_cannot_be_read_goes(told):
    photo = jpeg(segment(0xE1, b"Exif\x00\x00" + told))
    assert without_traces(photo, Media.JPEG) == jpeg()


def test_colours_stay():
    kept = (segment(0xE2, b"ICC_PROFILE\x00\x01\x01x"), segment(0xEE, b"Adobe\x00d"))
    assert without_traces(jpeg(*kept), Media.JPEG) == jpeg(*kept)


def test_what_hides_behind_the_picture_goes():
    hidden = samples.zipped({"evil.jar": "x"})
    assert without_traces(jpeg(after=hidden), Media.JPEG) == jpeg()
    assert without_traces(png(after=hidden), Media.PNG) == png()


def test_a_picture_in_several_scans_stays_whole():
    second = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x07\xff\xff\x00"
    photo = jpeg(scan=b"\x01\x02" + second)
    assert without_traces(photo, Media.JPEG) == photo


def test_a_png_loses_its_texts_its_time_and_its_exif():
    told = png(
        chunk(b"tEXt", b"Comment\x00" + samples.PLACE),
        chunk(b"eXIf", exif()[6:]),
        chunk(b"tIME", bytes(7)),
        chunk(b"prVt", samples.PLACE),
        chunk(b"gAMA", bytes(4)),
    )
    assert without_traces(told, Media.PNG) == png(chunk(b"gAMA", bytes(4)))


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (jpeg()[:-2], Media.JPEG),
        (jpeg()[:20], Media.JPEG),
        (jpeg()[:-9], Media.JPEG),
        (b"\xff\xd8\xff\xe0\x00\x01", Media.JPEG),
        (b"\xff\xd8\xff\xdb\x00\x02\xff\xd9", Media.JPEG),
        (b"\xff\xd8\x00\x00\x00\x00\x00\x00", Media.JPEG),
        (png()[:-12], Media.PNG),
        (png()[:20], Media.PNG),
        (png().replace(b"IDAT", b"IDAX"), Media.PNG),
    ],
)
def test_a_picture_that_is_not_whole_is_damaged(content, media):
    with pytest.raises(FileDamaged):
        without_traces(content, media)


def test_what_is_no_picture_stays_as_it_is():
    assert without_traces(samples.pdf(), Media.PDF) == samples.pdf()
