"""Puts right what Quarto 1.9 writes into Word files, so that both renderers' files read the same.

Quarto sets each numbered table and figure into a table of its own, whose width cuts wide tables off and whose
alignment centres every cell, and it writes paragraph properties twice, which the format does not allow.
"""

from __future__ import annotations

import functools
from xml.etree import ElementTree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@functools.cache
def q(name: str) -> str:
    """An element name in the namespace of Word's text."""
    return f"{{{W}}}{name}"


def put_right(root: ElementTree.Element) -> None:
    """Changes a document in place; one that pandoc wrote alone has nothing of this and stays as it is."""
    for paragraph in root.iter(q("p")):
        _merge_properties(paragraph)
    for parent in list(root.iter()):
        for table in parent.findall(q("tbl")):
            cell = _wrapped_float(table)
            if cell is not None:
                position = list(parent).index(table)
                parent.remove(table)
                for offset, child in enumerate(_float_blocks(cell)):
                    parent.insert(position + offset, child)


def style_of(paragraph: ElementTree.Element | None) -> str:
    """The style id of a paragraph, or nothing."""
    style = paragraph.find(f"{q('pPr')}/{q('pStyle')}") if paragraph is not None else None
    return style.get(q("val"), "") if style is not None else ""


def set_style(paragraph: ElementTree.Element, name: str) -> None:
    """Gives a paragraph a style and takes away what was set by hand."""
    old = paragraph.find(q("pPr"))
    if old is not None:
        paragraph.remove(old)
    properties = ElementTree.Element(q("pPr"))
    ElementTree.SubElement(properties, q("pStyle"), {q("val"): name})
    paragraph.insert(0, properties)


def set_alignment(paragraph: ElementTree.Element, side: str) -> None:
    """Aligns a paragraph: left, center or right."""
    properties = paragraph.find(q("pPr"))
    if properties is None:
        properties = ElementTree.Element(q("pPr"))
        paragraph.insert(0, properties)
    for old in properties.findall(q("jc")):
        properties.remove(old)
    properties.append(ElementTree.Element(q("jc"), {q("val"): side}))


def _merge_properties(paragraph: ElementTree.Element) -> None:
    """One set of properties for a paragraph, each property once; where two speak, the first set's first word holds
    within a set, and the later set over the earlier."""
    sets = paragraph.findall(q("pPr"))
    if not sets:
        return
    merged: dict[str, ElementTree.Element] = {}
    for one in sets:
        own: dict[str, ElementTree.Element] = {}
        for child in one:
            own.setdefault(child.tag, child)
        merged |= own
        paragraph.remove(one)
    properties = ElementTree.Element(q("pPr"))
    properties.extend(sorted(merged.values(), key=lambda child: _POSITIONS.get(child.tag, len(_POSITIONS))))
    paragraph.insert(0, properties)


_ORDER = (
    *("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl", "numPr", "suppressLineNumbers"),
    *("pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap", "overflowPunct", "topLinePunct"),
    *("autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd", "snapToGrid", "spacing", "ind", "contextualSpacing"),
    *("mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl"),
)
_POSITIONS = {q(name): position for position, name in enumerate(_ORDER)}


def _wrapped_float(table: ElementTree.Element) -> ElementTree.Element | None:
    """The only cell of a table that Quarto put around a numbered table or figure."""
    cells = table.findall(f"{q('tr')}/{q('tc')}")
    if len(cells) != 1 or not any(style_of(child) == "ImageCaption" for child in cells[0].findall(q("p"))):
        return None
    return cells[0]


def _float_blocks(cell: ElementTree.Element) -> list[ElementTree.Element]:
    """The blocks of a wrapped float with the styles that braid's own renderer gives them."""
    blocks = [child for child in cell if child.tag != q("tcPr")]
    tables = [block for block in blocks if block.tag == q("tbl")]
    for table in tables:
        for paragraph in table.iter(q("p")):
            _uncentre(paragraph)
    for block in blocks:
        if block.tag != q("p"):
            continue
        if style_of(block) == "ImageCaption":
            set_style(block, "TableCaption" if tables else "ImageCaption")
            _strengthen_number(block)
        else:
            set_style(block, "TableNote" if tables else "CaptionedFigure")
    if tables and blocks[-1 if blocks[-1].tag != q("bookmarkEnd") else -2].tag == q("tbl"):
        spacer = ElementTree.Element(q("p"))
        set_style(spacer, "TableNote")
        blocks.append(spacer)
    return blocks


def _uncentre(paragraph: ElementTree.Element) -> None:
    """Takes away the centring that a cell has from the wrapper; an alignment of its own was written before it."""
    alignment = paragraph.find(f"{q('pPr')}/{q('jc')}")
    properties = paragraph.find(q("pPr"))
    if alignment is not None and properties is not None and alignment.get(q("val")) == "center":
        properties.remove(alignment)


def _strengthen_number(caption: ElementTree.Element) -> None:
    """Sets "Table 3:" at the start of a caption in bold, in a run of its own."""
    run = caption.find(q("r"))
    text = run.find(q("t")) if run is not None else None
    if run is None or text is None or ":" not in (text.text or ""):
        return
    number, colon, rest = (text.text or "").partition(":")
    text.text = rest
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    bold = ElementTree.Element(q("r"))
    ElementTree.SubElement(ElementTree.SubElement(bold, q("rPr")), q("b"))
    ElementTree.SubElement(bold, q("t")).text = number + colon
    caption.insert(list(caption).index(run), bold)
