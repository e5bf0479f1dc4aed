"""A film for the browser's fake camera: a QR code held still, as raw video (Y4M)."""

from pathlib import Path

import segno

SIDE = 480
"""Pixels; a square picture."""

FRAMES = 10

WHITE, BLACK, GREY = b"\xff", b"\x00", b"\x80"


def put(place: Path, text: str) -> Path:
    """Write a film that shows a text as a QR code."""
    code = segno.make(text, error="m")
    rows = [bytes(row) for row in code.matrix_iter(scale=1, border=4)]
    scale = SIDE // len(rows)
    margin = (SIDE - scale * len(rows)) // 2
    picture = bytearray(WHITE * SIDE * SIDE)
    for y, row in enumerate(rows):
        line = b"".join((BLACK if dark else WHITE) * scale for dark in row)
        for within in range(scale):
            start = (margin + y * scale + within) * SIDE + margin
            picture[start : start + len(line)] = line
    colours = GREY * (SIDE * SIDE // 2)
    head = f"YUV4MPEG2 W{SIDE} H{SIDE} F10:1 Ip A1:1 C420jpeg\n".encode()
    place.write_bytes(head + (b"FRAME\n" + bytes(picture) + colours) * FRAMES)
    return place
