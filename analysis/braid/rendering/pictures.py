"""Pictures of the report: written out from notebooks, sized for a page, never fetched from elsewhere."""

from __future__ import annotations

import base64
import binascii
import json
import mimetypes
import re
import struct
from pathlib import Path

from braid.errors import UserError
from braid.rendering.cells import SVG, PublishedCell
from braid.rendering.floats import LABEL
from braid.rendering.pandoc import Node, attribute_list, attributes, change, plain_text, words
from braid.rendering.source import Source

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_METRES_PER_INCH = 0.0254
_PER_INCH = {"pt": 72.0, "px": 96.0, "in": 1.0, "cm": 2.54, "mm": 25.4}
_MARK = "braid-picture-"
TEXT_WIDTH_INCHES = 6.3  # A4 with margins of 25 mm


def picture(cell: PublishedCell, place: str, work: Path) -> Node:
    """Writes the picture of a published cell to `work` and gives the Image that shows it.

    The width is the picture's own in inches, at most the width of the text. Raises UserError for a picture that
    cannot be read and for a figure without alternative text.
    """
    if not cell.alt:
        raise UserError("this figure has no alternative text", place=place, todo="add #| fig-alt:")
    if cell.mime == SVG:
        name, data, width = f"{cell.label}.svg", cell.data.encode("utf-8"), _svg_inches(cell.data, place)
    else:
        name, data = f"{cell.label}.png", _decoded(cell.data, place)
        width = width_inches(data, place)
    (work / name).write_bytes(data)
    pairs = {"alt": cell.alt, "width": f"{min(width, TEXT_WIDTH_INCHES):.2f}in"}
    return {"t": "Image", "c": [attribute_list(pairs=pairs), words(cell.alt), [name, ""]]}


def _decoded(text: str, place: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        raise UserError("this picture cannot be read", place=place) from None


def _svg_inches(text: str, place: str) -> float:
    """The width that an SVG states, in inches; a picture without it is as wide as the text."""
    start = re.search(r"<svg\b[^>]*>", text)
    if start is None:
        raise UserError("this picture is not an SVG", place=place)
    width = re.search(r'\bwidth="([\d.]+)(pt|px|in|cm|mm)?"', start[0])
    return float(width[1]) / _PER_INCH[width[2] or "px"] if width else TEXT_WIDTH_INCHES


def width_inches(data: bytes, place: str) -> float:
    """The width of a PNG in inches: its pixels by its resolution (96 an inch if it has none)."""
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
    return pixels / per_inch


def placed(blocks: list[Node], source: Source, work: Path) -> list[Node]:
    """The blocks with every picture lying in `work`, with its alternative text.

    Raises UserError for a picture from elsewhere (nothing is fetched) and for one that does not exist.
    """

    def where(target: str) -> str:
        return source.place_of(re.escape(target))

    def place(node: Node) -> list[Node] | None:
        _, classes, pairs = attributes(node)
        target = str(node["c"][2][0])
        if re.match(r"[a-z]+:|//", target, re.IGNORECASE):
            raise UserError("a picture from elsewhere is not supported", place=where(target), found=target)
        copy = work / target
        if not copy.is_file():
            original = source.directory / target
            if not original.is_file():
                raise UserError(f"the picture {target} does not exist", place=where(target))
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(original.read_bytes())
        alt = pairs.pop("fig-alt", None) or pairs.get("alt") or plain_text(node["c"][1])
        if not alt:
            raise UserError("a picture has no alternative text", place=where(target), todo='add fig-alt="..."')
        name = node["c"][0][0] if not LABEL.fullmatch(node["c"][0][0]) else ""
        return [{"t": "Image", "c": [attribute_list(name, classes, {**pairs, "alt": alt}), words(alt), [target, ""]]}]

    result = change(blocks, place, ("Image",))
    assert isinstance(result, list)
    return result


def page_image(image: Node) -> Node:
    """The picture as a page takes it: a mark until `with_pictures`, as pandoc would take long over its bytes."""
    own, text, (target, title) = image["c"]
    return {"t": "Image", "c": [own, text, [f"{_MARK}{str(target).encode().hex()}", title]]}


def with_pictures(page: str, work: Path) -> str:
    """A page with the bytes of its pictures in the place of their marks."""

    def data(match: re.Match[str]) -> str:
        target = bytes.fromhex(match[1]).decode()
        kind = mimetypes.MimeTypes().guess_type(target, strict=False)[0] or "application/octet-stream"
        return f'src="data:{kind};base64,{base64.b64encode((work / target).read_bytes()).decode("ascii")}"'

    return re.sub(f'src="{_MARK}([0-9a-f]+)"', data, page)


def typst_image(image: Node) -> Node:
    """The call that shows a picture which `placed` gave; pandoc's own would lose the alternative text."""
    _, _, pairs = attributes(image)
    width = pairs.get("width")
    quoted = [json.dumps(text, ensure_ascii=False) for text in (image["c"][2][0], pairs["alt"])]
    size = f", width: {width}" if width and re.fullmatch(r"[\d.]+(in|cm|mm|pt|em|%)", width) else ""
    return {"t": "RawInline", "c": ["typst", f"#box(image({quoted[0]}, alt: {quoted[1]}{size}))"]}


def word_image(image: Node) -> Node:
    """The picture as Word takes it: of an SVG the PNG that stands beside it."""
    own, text, (target, title) = image["c"]
    return {"t": "Image", "c": [own, text, [re.sub(r"\.svg$", ".png", target), title]]}
