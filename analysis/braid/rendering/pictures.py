"""Pictures of the report: written out from notebooks, sized for a page, never fetched from elsewhere."""

from __future__ import annotations

import base64
import binascii
import struct
from pathlib import Path

from braid.errors import UserError
from braid.rendering.cells import PublishedCell
from braid.rendering.pandoc import Node, attribute_list, words

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_METRES_PER_INCH = 0.0254
TEXT_WIDTH_INCHES = 6.3  # A4 with margins of 25 mm


def picture(cell: PublishedCell, place: str, work: Path) -> Node:
    """Writes the picture of a published cell to `work` and gives the Image that shows it.

    The width is the picture's own in inches, at most the width of the text. Raises UserError for a picture that
    is no PNG and for a figure without alternative text.
    """
    if not cell.alt:
        raise UserError("this figure has no alternative text", place=place, todo="add #| fig-alt:")
    try:
        data = base64.b64decode("".join(cell.data.split()), validate=True)
    except binascii.Error:
        raise UserError("this picture cannot be read", place=place) from None
    path = work / f"{cell.label}.png"
    path.write_bytes(data)
    return {
        "t": "Image",
        "c": [
            attribute_list(pairs={"alt": cell.alt, "width": f"{width_inches(data, place):.2f}in"}),
            words(cell.alt),
            [path.name, ""],
        ],
    }


def width_inches(data: bytes, place: str) -> float:
    """The printed width of a PNG: its pixels by its resolution (96 a inch if it has none), at most the text's."""
    if not data.startswith(_SIGNATURE) or data[12:16] != b"IHDR":
        raise UserError("this picture is not a PNG", place=place)
    pixels = int.from_bytes(data[16:20], "big")
    per_inch = 96.0
    position = 8
    while position + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[position : position + 8])
        if kind == b"pHYs" and length == 9:
            across, _, unit = struct.unpack(">IIB", data[position + 8 : position + 17])
            if unit == 1 and across:
                per_inch = across * _METRES_PER_INCH
        if kind == b"IDAT":
            break
        position += length + 12
    return min(pixels / per_inch, TEXT_WIDTH_INCHES)
