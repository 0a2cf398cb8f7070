"""Finishes a Word file, whoever wrote it: table rules, repeating headers, a filled table of contents, fixed bytes."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from braid.rendering.quarto_docx import put_right, q, set_alignment, set_style, style_of
from braid.rendering.reference_docx import INK, write_parts
from braid.rendering.word_fields import set_fields

_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_FIXED_TIME = "2000-01-01T00:00:00Z"
_PAGE_BODY_TWIPS = 11906 - 2 * 1417
# Half points of text by the characters of a row, for tables of many columns; styles/report.lua has the same steps.
_MANY, _LONGEST, _PADDING = 6, 40, 2.2
_SIZES = ((122, 14), (108, 15), (94, 16))
_USUAL_SIZE = 18
# A table of so few rows and characters stays on one page; of others so many rows stand together at a page's edge.
_SHORT, _FEW_CHARACTERS, _TOGETHER = 10, 600, 3


def finish(path: Path, *, contents_depth: int = 2) -> None:
    """Rewrites a Word file in place.

    Every table gets the width of its columns in the page, a rule under its header, rows that do not break, and
    smaller text where many columns need it. The table of contents is filled, so that it can be read before Word
    updates its page numbers. Times are fixed: same content, same bytes.
    """
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for prefix, address in _namespaces(parts["word/document.xml"]):
        ElementTree.register_namespace(prefix, address)
    root = ElementTree.fromstring(parts["word/document.xml"])
    put_right(root)
    for table in root.iter(q("tbl")):
        callout = _callout_style(table)
        if callout is None:
            _finish_table(table)
        else:
            _set_callout(table, callout)
    for picture in root.iter(f"{{{_WP}}}inline"):
        # Without these LibreOffice shifts a picture by a distance of its own.
        for side in ("distT", "distB", "distL", "distR"):
            picture.set(side, "0")
    set_fields(root)
    _break_before_headings(root)
    _fill_contents(root, contents_depth)
    # Written as text and encoded at once: ElementTree encodes every tag and word by itself.
    text = ElementTree.tostring(root, encoding="unicode")
    parts["word/document.xml"] = f"<?xml version='1.0' encoding='UTF-8'?>\n{text}".encode()
    core = parts["docProps/core.xml"].decode("utf-8")
    core = re.sub(r"(<dcterms:(created|modified)[^>]*>)[^<]*", rf"\g<1>{_FIXED_TIME}", core)
    parts["docProps/core.xml"] = core.encode("utf-8")
    write_parts(path, parts)


def _namespaces(document: bytes) -> list[tuple[str, str]]:
    """The prefixes that the document declares; without them ElementTree would invent its own."""
    pairs = re.findall(r'xmlns:(\w+)="([^"]+)"', document.decode("utf-8"))
    return [(prefix, address) for prefix, address in pairs if not re.fullmatch(r"ns\d+", prefix)]


def _callout_style(table: ElementTree.Element) -> str | None:
    """The table style of a callout, told by the style of its title; None for every other table."""
    name = style_of(table.find(f"{q('tr')}/{q('tc')}/{q('p')}"))
    return f"{name}Box" if name.startswith("Callout") else None


def _set_callout(table: ElementTree.Element, name: str) -> None:
    """Gives a callout its colours and the whole width of the page."""
    properties = table.find(q("tblPr"))
    grid = table.find(q("tblGrid"))
    if properties is None or grid is None:
        return
    style = properties.find(q("tblStyle"))
    if style is not None:
        style.set(q("val"), name)
    width = properties.find(q("tblW"))
    if width is not None:
        width.set(q("type"), "pct")
        width.set(q("w"), "5000")
    _set_widths(table, grid)


def _finish_table(table: ElementTree.Element) -> None:
    rows = table.findall(q("tr"))
    grid = table.find(q("tblGrid"))
    if grid is None or not rows:
        return
    size = _text_size(rows, len(grid))
    headers = [row for row in rows if row.find(f"{q('trPr')}/{q('tblHeader')}") is not None]
    for row in rows:
        properties = row.find(q("trPr"))
        if properties is None:
            properties = ElementTree.Element(q("trPr"))
            row.insert(0, properties)
        properties.insert(0, ElementTree.Element(q("cantSplit")))
        for cell in row.findall(q("tc")):
            _finish_cell(cell, size, is_header=row in headers, is_last_header=bool(headers) and row is headers[-1])
    _keep_rows(rows)
    _set_widths(table, grid)


def _text_size(rows: list[ElementTree.Element], columns: int) -> int:
    """Half points of text that let the rows of a table with many columns stand on one line, if any do."""
    longest = [0] * columns
    for row in rows:
        is_header = row.find(f"{q('trPr')}/{q('tblHeader')}") is not None
        start = 0
        for cell in row.findall(q("tc")):
            span = cell.find(f"{q('tcPr')}/{q('gridSpan')}")
            taken = int(span.get(q("val"), "1")) if span is not None else 1
            text = "".join(part.text or "" for part in cell.iter(q("t")))
            words = text.split() if is_header else [text]
            if taken == 1 and start < columns:
                longest[start] = max([longest[start], *map(len, words)])
            start += taken
    total = sum(min(length, _LONGEST) + _PADDING for length in longest)
    steps = _SIZES if columns >= _MANY else ()
    return next((size for over, size in steps if total > over), _USUAL_SIZE)


def _keep_rows(rows: list[ElementTree.Element]) -> None:
    """Marks the rows that stay with the next: all of a short table, the first and last few of a long one, and a row
    that is one cell across the table, because it heads what follows."""
    last = len(rows) - 1
    characters = sum(len(part.text or "") for row in rows for part in row.iter(q("t")))
    is_short = last <= _SHORT and characters < _FEW_CHARACTERS
    for number, row in enumerate(rows[:-1]):
        cells = row.findall(q("tc"))
        at_edge = is_short or (last > _SHORT and (number < _TOGETHER or number >= last - _TOGETHER))
        if not at_edge and len(cells) != 1:
            continue
        for paragraph in (paragraph for cell in cells for paragraph in cell.findall(q("p"))):
            properties = paragraph.find(q("pPr"))
            if properties is not None and properties.find(q("keepNext")) is None:
                position = 1 if properties.find(q("pStyle")) is not None else 0
                properties.insert(position, ElementTree.Element(q("keepNext")))


def _finish_cell(cell: ElementTree.Element, size: int, *, is_header: bool, is_last_header: bool) -> None:
    for run in cell.iter(q("r")):
        properties = run.find(q("rPr"))
        if properties is None:
            properties = ElementTree.Element(q("rPr"))
            run.insert(0, properties)
        if is_header and properties.find(q("b")) is None:
            # The order inside rPr is fixed: style, fonts, bold, ...
            position = sum(child.tag in (q("rStyle"), q("rFonts")) for child in properties)
            properties.insert(position, ElementTree.Element(q("b")))
        for tag in ("sz", "szCs"):
            if properties.find(q(tag)) is None:
                properties.append(ElementTree.Element(q(tag), {q("val"): str(size)}))
        _sort_run_properties(properties)
    cell_properties = cell.find(q("tcPr"))
    if cell_properties is None:
        cell_properties = ElementTree.Element(q("tcPr"))
        cell.insert(0, cell_properties)
    span = cell_properties.find(q("gridSpan"))
    spans = span is not None and int(span.get(q("val"), "1")) > 1
    if is_header and spans:
        for paragraph in cell.findall(q("p")):
            set_alignment(paragraph, "center")
    if is_last_header or (is_header and spans):
        borders = ElementTree.Element(q("tcBorders"))
        ElementTree.SubElement(
            borders, q("bottom"), {q("val"): "single", q("sz"): "4", q("space"): "0", q("color"): INK}
        )
        # The order inside tcPr is fixed too: borders stand after the spans and before everything else.
        before = (q("cnfStyle"), q("tcW"), q("gridSpan"), q("hMerge"), q("vMerge"))
        position = sum(child.tag in before for child in cell_properties)
        cell_properties.insert(position, borders)


_RUN_ORDER = (
    *("rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike", "outline", "shadow"),
    *("emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden", "color", "spacing", "w", "kern"),
    *("position", "sz", "szCs", "highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs"),
)


_RUN_POSITIONS = {q(name): position for position, name in enumerate(_RUN_ORDER)}


def _sort_run_properties(properties: ElementTree.Element) -> None:
    properties[:] = sorted(properties, key=lambda child: _RUN_POSITIONS.get(child.tag, len(_RUN_POSITIONS)))


def _set_widths(table: ElementTree.Element, grid: ElementTree.Element) -> None:
    """Fixes each column at its share of the page: word processors disagree on tables that fit themselves."""
    properties = table.find(q("tblPr"))
    if properties is None:
        return
    shares = [int(column.get(q("w"), "0")) for column in grid]
    total = sum(shares)
    if total <= 0:
        return
    width = properties.find(q("tblW"))
    portion = 1.0
    if width is not None and width.get(q("type")) == "pct":
        portion = min(1.0, float(width.get(q("w"), "5000").rstrip("%")) / 5000)
    available = round(_PAGE_BODY_TWIPS * portion)
    widths = [round(available * share / total) for share in shares]
    for column, twips in zip(grid, widths, strict=True):
        column.set(q("w"), str(twips))
    if width is not None:
        width.set(q("type"), "dxa")
        width.set(q("w"), str(sum(widths)))
    layout = properties.find(q("tblLayout"))
    if layout is None:
        layout = ElementTree.Element(q("tblLayout"))
        look = properties.find(q("tblLook"))
        position = list(properties).index(look) if look is not None else len(properties)
        properties.insert(position, layout)
    layout.set(q("type"), "fixed")
    for row in table.findall(q("tr")):
        start = 0
        for cell in row.findall(q("tc")):
            cell_properties = cell.find(q("tcPr"))
            if cell_properties is None:
                continue
            span = cell_properties.find(q("gridSpan"))
            taken = int(span.get(q("val"), "1")) if span is not None else 1
            old = cell_properties.find(q("tcW"))
            if old is not None:
                cell_properties.remove(old)
            own = ElementTree.Element(q("tcW"), {q("w"): str(sum(widths[start : start + taken])), q("type"): "dxa"})
            cell_properties.insert(0, own)
            start += taken


def _break_before_headings(root: ElementTree.Element) -> None:
    """A page break before a heading becomes the heading's own: a paragraph for it could make an empty page."""
    body = root.find(q("body"))
    if body is None:
        return
    for paragraph in [child for child in body if child.find(f"{q('r')}/{q('br')}") is not None]:
        line_break = paragraph.find(f"{q('r')}/{q('br')}")
        following = list(body)[list(body).index(paragraph) + 1 :]
        heading = next((child for child in following if child.tag in (q("p"), q("tbl"))), None)
        properties = heading.find(q("pPr")) if heading is not None else None
        is_heading = style_of(heading).startswith("Heading")
        is_break = line_break is not None and line_break.get(q("type")) == "page"
        if is_heading and is_break and properties is not None and paragraph.find(f".//{q('t')}") is None:
            properties.insert(1, ElementTree.Element(q("pageBreakBefore")))
            body.remove(paragraph)


def _fill_contents(root: ElementTree.Element, depth: int) -> None:
    """Writes the headings into the contents field, each a link; Word adds page numbers when asked to update."""
    contents = next(
        (block for block in root.iter(q("sdt")) if block.find(f".//{q('docPartGallery')}") is not None), None
    )
    content = contents.find(q("sdtContent")) if contents is not None else None
    _move_contents(root, contents)
    if content is None:
        return
    instruction = content.find(f".//{q('instrText')}")
    if instruction is None:
        return
    entries = _headings(root, depth)
    field_paragraph = next(child for child in content if child.find(f".//{q('fldChar')}") is not None)
    position = list(content).index(field_paragraph)
    content.remove(field_paragraph)
    for number, (level, bookmark, text) in enumerate(entries):
        paragraph = ElementTree.Element(q("p"))
        style = ElementTree.SubElement(paragraph, q("pPr"))
        ElementTree.SubElement(style, q("pStyle"), {q("val"): f"TOC{level}"})
        if number == 0:
            _field_start(paragraph, f'TOC \\o "1-{depth}" \\h \\z \\u')
        link = ElementTree.SubElement(paragraph, q("hyperlink"), {q("anchor"): bookmark, q("history"): "1"})
        run = ElementTree.SubElement(link, q("r"))
        ElementTree.SubElement(run, q("t"), {_SPACE: "preserve"}).text = text
        if number == len(entries) - 1:
            ElementTree.SubElement(ElementTree.SubElement(paragraph, q("r")), q("fldChar"), {q("fldCharType"): "end"})
        content.insert(position + number, paragraph)
    spacer = ElementTree.Element(q("p"))
    set_style(spacer, "TableNote")
    content.append(spacer)


def _move_contents(root: ElementTree.Element, contents: ElementTree.Element | None) -> None:
    """Puts the contents in the place that the filter of the report marked for them."""
    body = root.find(q("body"))
    here = next((part for part in root.iter(q("p")) if style_of(part) == "ContentsHere"), None)
    if body is None or here is None or here not in list(body):
        return
    if contents is not None and contents in list(body):
        body.remove(contents)
        position = list(body).index(here)
        body.insert(position, contents)
        properties = contents.find(f".//{q('pPr')}")
        if properties is not None and any(child.tag == q("tbl") for child in body[:position]):
            # After the key findings, which are a page of their own.
            properties.insert(1, ElementTree.Element(q("pageBreakBefore")))
    body.remove(here)


_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def _field_start(paragraph: ElementTree.Element, instruction: str) -> None:
    for kind in ("begin", "", "separate"):
        run = ElementTree.SubElement(paragraph, q("r"))
        if kind:
            ElementTree.SubElement(run, q("fldChar"), {q("fldCharType"): kind})
        else:
            ElementTree.SubElement(run, q("instrText"), {_SPACE: "preserve"}).text = instruction


def _headings(root: ElementTree.Element, depth: int) -> list[tuple[int, str, str]]:
    """Level, bookmark and words of each heading down to a depth, in order."""
    found: list[tuple[int, str, str]] = []
    bookmark = ""
    start, paragraph = q("bookmarkStart"), q("p")
    for element in root.iter():
        if element.tag == start:
            bookmark = element.get(q("name"), "")
        if element.tag != paragraph:
            continue
        match = re.fullmatch(r"Heading(\d)", style_of(element))
        if match and int(match[1]) <= depth:
            text = "".join(
                " " if part.tag == q("tab") else part.text or ""
                for part in element.iter()
                if part.tag in (q("t"), q("tab"))
            )
            found.append((int(match[1]), bookmark, text))
    return found
