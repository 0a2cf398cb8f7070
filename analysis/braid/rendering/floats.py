"""Numbered tables and figures: found in the tree in whatever way they were written, and set for a format."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from braid.errors import UserError
from braid.language import N_, tr
from braid.rendering.pandoc import Node, attribute_list, attributes, change, div, plain_text, raw, visit
from braid.rendering.source import Source

LABEL = re.compile(r"(tbl|fig)-[\w.:-]+")
NAMES = {"tbl": N_("Table"), "fig": N_("Figure"), "sec": N_("Section")}
FLOAT = "braid-float"
_CAPTION_LABEL = re.compile(r"\{#((?:tbl|fig)-[\w.:-]+)\}")


@dataclass(frozen=True)
class Float:
    """A table or figure with its label, the inlines of its caption, and its other blocks."""

    label: str
    caption: list[Node]
    blocks: list[Node]

    @property
    def kind(self) -> str:
        """`tbl` or `fig`."""
        return self.label[:3]


def gathered(blocks: list[Node], source: Source) -> list[Node]:
    """The blocks with every table and figure as a Div of class `braid-float`: first its caption, then the rest.

    Four ways of writing are known: an embedded cell, `::: {#tbl-x}` with the caption as last paragraph, a table
    with `: caption {#tbl-x}`, and `![caption](picture.png){#fig-x}`. A caption without a label stops.
    """

    def gather(node: Node) -> list[Node] | None:
        name, classes, _ = attributes(node)
        if node["t"] == "Div" and FLOAT not in classes and LABEL.fullmatch(name):
            return [_as_div(_from_div(name, node["c"][1], source))]
        if node["t"] == "Div" and "braid-embed" in classes:
            return [div(node["c"][1], name)]
        if node["t"] == "Figure":
            return _from_figure(name, node, source)
        if node["t"] == "Table":
            return _from_table(name, node, source)
        return None

    # A Div with a label holds its table already gathered if that had a label of its own: then both would number.
    result = change(blocks, gather, ("Div", "Figure", "Table"))
    assert isinstance(result, list)
    return result


def found(node: Node) -> Float | None:
    """The float that a gathered Div stands for."""
    name, classes, _ = attributes(node)
    if node["t"] != "Div" or FLOAT not in classes:
        return None
    caption, *blocks = node["c"][1]
    return Float(name, caption["c"], blocks)


def set_for(format_name: str, item: Float, number: int) -> list[Node]:
    """The blocks that show a float in html, typst or docx: tables with the caption above, figures below."""
    if format_name == "typst":
        return _typst(item)
    label: Node = {"t": "Str", "c": f"{tr(NAMES[item.kind])}\u00a0{number}:"}
    if format_name == "docx":
        label = {"t": "Strong", "c": [label]}
    numbered: list[Node] = [label, {"t": "Space"}, *item.caption]
    return _html(item, numbered) if format_name == "html" else _docx(item, numbered)


def _html(item: Float, caption: list[Node]) -> list[Node]:
    heading = [raw("html", "<figcaption>"), {"t": "Plain", "c": caption}, raw("html", "</figcaption>")]
    opening = raw("html", f'<figure id="{html.escape(item.label)}" class="float float-{item.kind}">')
    body = div(item.blocks, classes=("float-body",))
    parts = [*heading, body] if item.kind == "tbl" else [body, *heading]
    return [opening, *parts, raw("html", "</figure>")]


def _typst(item: Float) -> list[Node]:
    position = "top" if item.kind == "tbl" else "bottom"
    return [
        raw("typst", "#figure(["),
        *item.blocks,
        raw("typst", f"], caption: figure.caption(position: {position}, ["),
        {"t": "Plain", "c": item.caption},
        raw(
            "typst",
            f']), kind: "quarto-float-{item.kind}", supplement: "{tr(NAMES[item.kind])}")\n<{item.label}>\n',
        ),
    ]


def _docx(item: Float, caption: list[Node]) -> list[Node]:
    style = "Table Caption" if item.kind == "tbl" else "Image Caption"
    heading = div([{"t": "Para", "c": caption}], custom_style=style)
    if item.kind == "tbl":
        notes = [div([block], custom_style="Table Note") if block["t"] == "Para" else block for block in item.blocks]
        if item.blocks[-1]["t"] != "Para":
            # Word sets what follows a table right against its lower rule.
            notes.append(div([{"t": "Para", "c": [{"t": "Str", "c": "\u200b"}]}], custom_style="Table Note"))
        return [div([heading, *notes], item.label)]
    pictures = div(item.blocks, custom_style="Captioned Figure")
    return [div([pictures, heading], item.label)]


def _as_div(item: Float) -> Node:
    return div([{"t": "Para", "c": item.caption}, *item.blocks], item.label, (FLOAT,))


def _from_div(label: str, blocks: Sequence[Node], source: Source) -> Float:
    """A labelled Div: its caption is the marked one of an embed, else its last paragraph."""
    inner = [block for block in blocks if found(block)]
    if inner:
        _stop(f"{label} holds another numbered table or figure", label, source)
    captions = [block for block in blocks if "braid-caption" in attributes(block)[1]]
    rest = [block for block in blocks if block not in captions]
    if captions:
        paragraphs = captions[0]["c"][1]
        if len(paragraphs) != 1 or paragraphs[0]["t"] not in ("Para", "Plain"):
            _stop(f"the caption of {label} is not one paragraph", label, source)
        return Float(label, list(paragraphs[0]["c"]), rest)
    if len(rest) < 2 or rest[-1]["t"] != "Para":
        _stop(f"{label} has no caption", label, source)
    return Float(label, list(rest[-1]["c"]), rest[:-1])


def _from_figure(label: str, node: Node, source: Source) -> list[Node]:
    _, caption, blocks = node["c"]
    inlines = _caption_inlines(caption)
    if not label:
        images = _images(blocks)
        label = next((attributes(image)[0] for image in images if attributes(image)[0]), "")
    if not LABEL.fullmatch(label):
        text = plain_text(inlines)
        _stop("a picture with a caption needs a label like {#fig-name}", text[:40], source)
    return [_as_div(Float(label, inlines, [{"t": "Para", "c": [image]} for image in _images(blocks)]))]


def _from_table(label: str, node: Node, source: Source) -> list[Node] | None:
    inlines = _caption_inlines(node["c"][1])
    if not inlines:
        return None
    if not label:
        match = _CAPTION_LABEL.fullmatch(plain_text(inlines[-1:]))
        label = match[1] if match else ""
        inlines = inlines[:-2] if match else inlines
    if not LABEL.fullmatch(label):
        _stop("a table with a caption needs a label like {#tbl-name}", plain_text(inlines)[:40], source)
    bare: list[Any] = [attribute_list(), [None, []], *node["c"][2:]]
    return [_as_div(Float(label, inlines, [{"t": "Table", "c": bare}]))]


def _caption_inlines(caption: Sequence[Any]) -> list[Node]:
    """The inlines of a pandoc caption `[short, blocks]`."""
    inlines: list[Node] = []
    for block in caption[1]:
        if block["t"] in ("Plain", "Para"):
            inlines.extend(block["c"])
    return inlines


def _images(value: Any) -> list[Node]:
    images: list[Node] = []
    visit(value, images.append, ("Image",))
    return images


def _stop(message: str, needle: str, source: Source) -> None:
    raise UserError(message, place=source.place_of(re.escape(needle)), found=needle or None)
