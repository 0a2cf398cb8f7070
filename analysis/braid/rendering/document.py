"""The document tree of a staged project, values put in, and what the built-in renderer cannot do refused."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from braid.errors import UserError
from braid.prose.lines import Line, suggestion
from braid.rendering import set_tables
from braid.rendering.pandoc import (
    ATTRIBUTED,
    Node,
    PandocError,
    attributes,
    change,
    plain_text,
    raw,
    read_markdown,
    version,
    visit,
)
from braid.rendering.pictures import picture
from braid.rendering.remembering import remembered
from braid.rendering.set_tables import is_aside, put_aside
from braid.rendering.source import CLOSE, MARK, OPEN, Mark, Source

# Classes to which Quarto gives a meaning of its own that this renderer does not know.
_UNKNOWN_CLASSES = re.compile(r"panel-tabset|column-.*|aside|fragment|margin-.*|theorem|proof|remark|solution")
_UNKNOWN_KEYS = re.compile(r"layout.*|when-profile|unless-profile|fig-pos|tbl-colwidths|fig-env")
_OTHER_LABELS = re.compile(r"(lst|eq|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|nte|tip|wrn|imp|cau|vid)-")
_CALLOUTS = ("note", "tip", "warning", "caution", "important")
_MARKUP = re.compile(r"[*_`$\[\]@{}\\^~]")
_COMMENT = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
_VALUES = "braid-values"
_ALONE = ("break", "picture", "table")
_FILLED = frozenset({"Para", "Plain", "Str", "Code", "CodeBlock", "Math", "Link", "Image"})
# Named here because the names that Python gives follow the locale of the machine.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Document:
    """A document before it takes a format: pandoc's version and metadata, the blocks, and where they came from.

    aside: the tables that were put aside from the blocks, as `set_tables` does.
    """

    version: list[int]
    meta: dict[str, Any]
    blocks: list[Node]
    source: Source
    aside: Sequence[str] = ()

    def tree(self, blocks: list[Node], meta: Mapping[str, Any]) -> Node:
        """A whole tree for pandoc."""
        return {"pandoc-api-version": self.version, "meta": dict(meta), "blocks": blocks}


def read(source: Source, work: Path, kept: Path | None = None) -> Document:
    """Parses a source and puts values, page breaks and pictures in the place of their marks.

    work: a directory that takes the pictures; kept: the folder that remembers the tables as read, if any.
    Raises UserError for an unknown variable and for a construct that is not supported.
    """
    values = {
        str(number): _value(mark, source) for number, mark in enumerate(source.marks) if mark.kind in ("var", "meta")
    }
    metadata = dict(source.metadata)
    metadata["date"] = formatted_date(metadata)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(_tables, source, kept)
        tree = _text(source, {**metadata, _VALUES: values}, work)
        tables, aside = reading.result()
    meta: dict[str, Any] = dict(tree["meta"])
    parsed = meta.pop(_VALUES, {"c": {}})["c"]
    inlines = {int(number): _inlines(value, source.marks[int(number)]) for number, value in parsed.items()}

    def fill(node: Node) -> list[Node] | None:
        return _filled(node, source, inlines, tables, work)

    blocks = change(tree["blocks"], fill, _FILLED)
    meta = change(meta, fill, _FILLED)
    document = Document(tree["pandoc-api-version"], meta, blocks, source, aside)
    _refuse_unknown(document)
    return document


def _text(source: Source, metadata: Mapping[str, Any], work: Path) -> Node:
    """The tree of the text; strings inside its metadata are read as markdown too."""
    path = work / "metadata.json"
    path.write_text(json.dumps(metadata, ensure_ascii=False), encoding="utf-8")
    tree: Node = json.loads(_parsed(source.lines, f"--metadata-file={path}"))
    return tree


def _tables(source: Source, kept: Path | None) -> tuple[dict[str, list[Node]], list[str]]:
    """The blocks of each embedded table by its label, and the plain tables put aside from them. They are most of a
    report, and prose does not change them."""

    def parted() -> bytes:
        blocks, aside = put_aside(json.loads(_parsed(source.tables))["blocks"])
        return json.dumps({"blocks": blocks, "aside": aside}, ensure_ascii=False).encode("utf-8")

    made_of = (version(), _joined(source.tables), Path(set_tables.__file__).read_bytes())
    read = json.loads(remembered(kept, "tables", made_of, parted))
    return {block["c"][0][0]: block["c"][1] for block in read["blocks"]}, read["aside"]


def _joined(lines: Sequence[Line]) -> bytes:
    return ("\n".join(line.text for line in lines) + "\n").encode("utf-8")


def _parsed(lines: Sequence[Line], *more: str) -> bytes:
    """The tree of a text; what pandoc warns of is a mistake at a line of the user's."""
    try:
        return read_markdown(_joined(lines), *more)
    except PandocError as error:
        match = re.search(r"\[WARNING\] (?P<what>.*) at line (?P<line>\d+)", str(error))
        if match is None:
            raise
        # Pandoc names the line after the block it read; what it quotes stands in the last line before that.
        quoted = re.search(r"'([^']+)'", match["what"])
        above = lines[: int(match["line"])]
        near = [line for line in above if quoted and quoted[1] in line.text] or above
        raise UserError(match["what"], place=near[-1].place) from error


def formatted_date(metadata: Mapping[str, Any]) -> str:
    """The document's date in its `date-format`, of which `D`, `DD`, `MMMM`, `MMM`, `MM` and `YYYY` are known."""
    value = metadata.get("date")
    pattern = str(metadata.get("date-format") or "YYYY-MM-DD")
    if value is None:
        return ""
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    month = _MONTHS[day.month - 1]
    parts = {
        "YYYY": f"{day.year:04d}",
        "MMMM": month,
        "MMM": month[:3],
        "MM": f"{day.month:02d}",
        "DD": f"{day.day:02d}",
        "D": str(day.day),
    }
    unknown = re.sub(r"YYYY|MMMM|MMM|MM|DD|D|[ ,./-]", "", pattern)
    if unknown:
        raise UserError("date-format is not supported", place="_quarto.yml", found=pattern, expected="D MMMM YYYY")
    return re.sub(r"YYYY|MMMM|MMM|MM|DD|D", lambda match: parts[match[0]], pattern)


def _value(mark: Mark, source: Source) -> str | int | float | bool:
    """What a var or meta shortcode names."""
    table: Any = source.variables if mark.kind == "var" else {**source.metadata}
    if mark.kind == "meta" and mark.name == "date":
        return formatted_date(source.metadata)
    value: Any = table
    for part in mark.name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    raise UserError(
        f"unknown {'variable' if mark.kind == 'var' else 'metadata'} {mark.name}",
        place=mark.place,
        found="a group of values" if isinstance(value, Mapping | list) else None,
        expected=suggestion(mark.name, _names(table)),
    )


def _names(table: Mapping[str, Any], prefix: str = "") -> list[str]:
    """The dotted names of all single values."""
    names: list[str] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            names.extend(_names(value, f"{prefix}{key}."))
        else:
            names.append(f"{prefix}{key}")
    return names


def _inlines(value: Node, mark: Mark) -> list[Node]:
    """The inlines of a metadata value, which pandoc read as markdown."""
    kind, content = value["t"], value.get("c")
    if kind == "MetaInlines" and isinstance(content, list):
        return content
    if kind == "MetaBlocks" and isinstance(content, list) and len(content) == 1 and content[0]["t"] == "Para":
        return list(content[0]["c"])
    if kind in ("MetaString", "MetaBool"):
        return [{"t": "Str", "c": content if isinstance(content, str) else str(content).lower()}]
    raise UserError(f"{mark.name} is longer than a paragraph", place=mark.place)


def _filled(
    node: Node, source: Source, inlines: Mapping[int, list[Node]], tables: Mapping[str, list[Node]], work: Path
) -> list[Node] | None:
    """The nodes for one that holds marks; None for every other node."""
    kind, content = node["t"], node.get("c")
    if kind in ("Para", "Plain") and isinstance(content, list) and len(content) == 1:
        return _lone_mark(content[0], source, tables, work)
    if kind == "Str" and isinstance(content, str) and OPEN in content:
        parts: list[Node] = []
        for position, part in enumerate(MARK.split(content)):
            if position % 2 == 0:
                parts.extend([{"t": "Str", "c": part}] if part else [])
            elif source.marks[int(part)].kind in _ALONE:
                parts.append({"t": "Str", "c": f"{OPEN}{part}{CLOSE}"})
            else:
                parts.extend(_mark_inlines(int(part), source, inlines))
        return parts

    def text(match: re.Match[str]) -> str:
        return plain_text(_mark_inlines(int(match[1]), source, inlines))

    if kind in ("Code", "CodeBlock", "Math") and isinstance(content, list) and OPEN in content[1]:
        return [{"t": kind, "c": [content[0], MARK.sub(text, content[1])]}]
    if kind in ("Link", "Image") and isinstance(content, list) and OPEN in content[2][0]:
        return [{"t": kind, "c": [content[0], content[1], [MARK.sub(text, content[2][0]), content[2][1]]]}]
    return None


def _mark_inlines(number: int, source: Source, inlines: Mapping[int, list[Node]]) -> list[Node]:
    mark = source.marks[number]
    return [{"t": "Str", "c": mark.name}] if mark.kind == "literal" else inlines[number]


def _lone_mark(inline: Node, source: Source, tables: Mapping[str, list[Node]], work: Path) -> list[Node] | None:
    """A page break, a table or a picture where its mark is a paragraph of its own."""
    match = MARK.fullmatch(inline["c"]) if inline["t"] == "Str" else None
    mark = source.marks[int(match[1])] if match else None
    if mark is None or mark.kind not in _ALONE:
        return None
    if mark.kind == "table":
        return tables[mark.name]
    if mark.kind == "break":
        return [raw("braid-break", "")]
    assert mark.cell is not None
    return [{"t": "Para", "c": [picture(mark.cell, mark.place, work)]}]


def _refuse_unknown(document: Document) -> None:
    """Stops at the first construct whose meaning would be lost."""
    source = document.source

    def look(node: Node) -> None:
        kind = node["t"]
        name, classes, pairs = attributes(node)
        if kind in ("RawBlock", "RawInline") and node["c"][0] != "braid-break" and not is_aside(node):
            text = str(node["c"][1])
            if not _COMMENT.fullmatch(text):
                _stop(f"raw {node['c'][0]}", text.strip().splitlines()[0], source)
        if kind == "Div":
            _check_callout(classes, pairs, source)
        for class_name in classes:
            if _UNKNOWN_CLASSES.fullmatch(class_name):
                _stop(f"the class .{class_name}", class_name, source)
        for key in pairs:
            if _UNKNOWN_KEYS.fullmatch(key):
                _stop(f"the attribute {key}", key, source)
        if kind in ("Div", "Span", "Header", "Table", "Figure", "Image") and _OTHER_LABELS.match(name):
            _stop(f"the label {name}", name, source)
        if kind in ("Link", "Image") and OPEN in str(node["c"][2]):
            _stop("a shortcode in this place", "", source)
        for value in pairs.values():
            if OPEN in value:
                mark = source.marks[int(MARK.findall(value)[0])]
                raise UserError("a shortcode inside an attribute is not supported", place=mark.place)

    visit(document.blocks, look, ATTRIBUTED | {"RawBlock", "RawInline"})


def _check_callout(classes: list[str], pairs: Mapping[str, str], source: Source) -> None:
    """styles/callouts.lua sets callouts; what it does not know is refused here, where the line is known."""
    name = next((name for name in classes if name.startswith("callout-")), None)
    if name is None:
        return
    place = source.place_of(re.escape(name))
    if name.removeprefix("callout-") not in _CALLOUTS:
        raise UserError(f"unknown callout {name}", place=place, expected=", ".join(_CALLOUTS))
    for key in pairs:
        if key not in ("title", "collapse", "icon"):
            place = source.place_of(rf"{re.escape(name)}.*{re.escape(key)}")
            raise UserError(f"the callout attribute {key} is not supported", place=place)
    title = pairs.get("title", "")
    if _MARKUP.search(title):
        place = source.place_of(rf"{re.escape(name)}.*{re.escape(title)}")
        raise UserError("the title of a callout holds markup", place=place, todo="write it as a heading inside")


def _stop(what: str, needle: str, source: Source) -> None:
    raise UserError(
        f"{what} is not supported without Quarto",
        place=source.place_of(re.escape(needle)),
        found=needle,
        todo="write it with the constructs of reports/index.qmd, or install Quarto",
    )
