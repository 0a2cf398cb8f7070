"""Reads a staged project into one markdown text: includes and embeds put in, other shortcodes held as marks.

A mark is a number between two private-use characters. Pandoc carries it through as a word, and `document`
puts the value's own tree in its place, so that a value can never change how the text around it is read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from braid.errors import UserError
from braid.prose.lines import Line, Shortcode, code_flags, numbered, shortcodes, suggestion
from braid.rendering.cells import MARKDOWN, PublishedCell, published_cells
from braid.study.reading import Loader

OPEN, CLOSE = "\ue000", "\ue001"
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")

_LIVE_CODE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*\{(?P<language>=?[A-Za-z][\w-]*)")
_OWN_KEYS = ("format", "execute", "jupyter", "engine", "filters", "notebook-links", "project")


@dataclass(frozen=True)
class Mark:
    """What a mark stands for: `var` or `meta` with a dotted name, `literal` with a text, `break`, `picture`, or
    `table` with its label."""

    kind: str
    name: str
    place: str
    cell: PublishedCell | None = None


@dataclass
class Source:
    """A staged project as read.

    settings: `_quarto.yml`; metadata: its document keys with the front matter over them; variables:
    `_variables.yml`; lines: the whole text with places; marks: what the marks in it stand for; tables: the embedded
    tables, each inside a Div with its label, which are read apart.
    """

    directory: Path
    settings: dict[str, Any]
    metadata: dict[str, Any]
    variables: dict[str, Any]
    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    tables: list[Line] = field(default_factory=list)

    def place_of(self, pattern: str) -> str:
        """Where a regular expression first matches, for an error about something found in the tree."""
        found = next((line for line in (*self.lines, *self.tables) if re.search(pattern, line.text)), None)
        return found.place if found else "index.qmd"


def load(staged: Path) -> Source:
    """Reads a staged project.

    Raises UserError with file and line for a shortcode that is unknown, misplaced or without its target, for
    code that would have to be executed, and for raw blocks.
    """
    settings = _mapping(staged / "_quarto.yml")
    index = numbered((staged / "index.qmd").read_text(encoding="utf-8"), "index.qmd")
    front, body = _front_matter(index)
    metadata = {key: value for key, value in settings.items() if key not in _OWN_KEYS} | front
    variables = staged / "_variables.yml"
    source = Source(staged, settings, metadata, _mapping(variables) if variables.is_file() else {})
    _Reader(source).read(body, ("index.qmd",))
    return source


class _Reader:
    """Appends lines to a source, following includes and embeds."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.notebooks: dict[str, dict[str, PublishedCell]] = {}

    def read(self, lines: Sequence[Line], chain: tuple[str, ...]) -> None:
        for line, is_code in zip(lines, code_flags(lines), strict=True):
            _refuse_live_code(line)
            _refuse_private_characters(line)
            calls = list(shortcodes(line))
            block = next((call for call in calls if call.name in ("include", "embed", "pagebreak")), None)
            if is_code and any(call.literal is None for call in calls):
                raise UserError(
                    "a shortcode stands in a code block",
                    place=line.place,
                    todo="write {{{< ... >}}} to show it as text",
                )
            if block is None:
                self.source.lines.append(line.with_text(self._marked(line, calls)))
            elif line.text.strip() != line.text[block.start : block.end]:
                raise UserError(f"{block.name} must stand alone on its line", place=line.place, found=line.text)
            else:
                self._block(block, line, chain)

    def _block(self, call: Shortcode, line: Line, chain: tuple[str, ...]) -> None:
        if call.name == "pagebreak":
            self._own_lines(line, self._mark(Mark("break", "", line.place)))
        elif len(call.arguments) != 1:
            raise UserError(
                f"{call.name} takes one path", place=line.place, found=line.text, todo="use no other argument"
            )
        elif call.name == "include":
            self._include(call.arguments[0], line, chain)
        else:
            self._embed(call.arguments[0], line)

    def _include(self, target: str, line: Line, chain: tuple[str, ...]) -> None:
        name = str(PurePosixPath(target))
        path = self.source.directory / name
        if not path.is_file():
            raise UserError(f"{target} does not exist", place=line.place)
        if name in chain:
            raise UserError(f"{target} includes itself", place=line.place, found=" -> ".join((*chain, name)))
        lines = numbered(path.read_text(encoding="utf-8"), name)
        if lines and lines[0].text.strip() == "---":
            raise UserError("an included file has front matter", place=lines[0].place, todo="put it in index.qmd")
        self.source.lines.append(line.with_text(""))
        self.read(lines, (*chain, name))
        self.source.lines.append(line.with_text(""))

    def _embed(self, target: str, line: Line) -> None:
        path, _, labels = target.partition("#")
        if not labels:
            raise UserError("an embed must name a label", place=line.place, expected=f"{path}#tbl-name")
        if path not in self.notebooks:
            cells = published_cells(self.source.directory / path, staged=True)
            self.notebooks[path] = {cell.label: cell for cell in cells}
        known = self.notebooks[path]
        for label in labels.split(","):
            if label not in known:
                raise UserError(f"{path} holds no {label}", place=line.place, expected=suggestion(label, known))
            self._cell(known[label], f"{path}#{label}", line)

    def _cell(self, cell: PublishedCell, place: str, line: Line) -> None:
        self._own_lines(line, f"::: {{#{cell.label} .braid-embed}}")
        if cell.kind == "tbl" and cell.mime == MARKDOWN:
            self._own_lines(line, self._mark(Mark("table", cell.label, place)))
            self._table(cell, place, line)
        elif cell.mime == MARKDOWN:
            self.source.lines.extend(numbered(cell.data, place))
        else:
            self._own_lines(line, self._mark(Mark("picture", cell.label, place, cell)))
        if cell.caption:
            self._own_lines(line, "::: {.braid-caption}")
            self.source.lines.append(Line(" ".join(cell.caption.split()), f"{place}, caption", 1))
            self._own_lines(line, ":::")
        self._own_lines(line, ":::")

    def _table(self, cell: PublishedCell, place: str, line: Line) -> None:
        opening, closing, empty = (line.with_text(text) for text in (f"::: {{#{cell.label}}}", ":::", ""))
        self.source.tables.extend([opening, empty, *numbered(cell.data, place), empty, closing, empty])

    def _own_lines(self, line: Line, text: str) -> None:
        """A line of ours with an empty one on both sides, so that it cannot join a paragraph."""
        self.source.lines.extend(line.with_text(part) for part in ("", text, ""))

    def _mark(self, mark: Mark) -> str:
        self.source.marks.append(mark)
        return f"{OPEN}{len(self.source.marks) - 1}{CLOSE}"

    def _marked(self, line: Line, calls: Sequence[Shortcode]) -> str:
        """A line with each of its inline shortcodes replaced by a mark."""
        parts: list[str] = []
        position = 0
        for call in calls:
            parts.append(line.text[position : call.start])
            position = call.end
            if call.literal is not None:
                parts.append(self._mark(Mark("literal", call.literal, line.place)))
            elif call.name in ("var", "meta") and len(call.arguments) == 1:
                parts.append(self._mark(Mark(call.name, call.arguments[0].strip("\"'"), line.place)))
            else:
                raise UserError(
                    "this shortcode is not supported without Quarto",
                    place=line.place,
                    found=line.text[call.start : call.end],
                    expected="include, embed, var, meta or pagebreak",
                    todo="write {{{< ... >}}} to show it as text",
                )
        parts.append(line.text[position:])
        return "".join(parts)


def _front_matter(lines: Sequence[Line]) -> tuple[dict[str, Any], list[Line]]:
    """The YAML block at the top of index.qmd, and the lines after it."""
    if not lines or lines[0].text.rstrip() != "---":
        return {}, list(lines)
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.text.rstrip() in ("---", "...")), None)
    if end is None:
        raise UserError("the front matter is never closed", place=lines[0].place, todo="add a line ---")
    try:
        front = yaml.load("\n".join(line.text for line in lines[1:end]), Loader) or {}
    except yaml.YAMLError as error:
        raise UserError("the front matter cannot be read", place="index.qmd", found=str(error)) from None
    if not isinstance(front, dict):
        raise UserError("the front matter must be a mapping", place="index.qmd")
    for key in front:
        if key in _OWN_KEYS:
            line = next((line for line in lines if line.text.startswith(f"{key}:")), lines[0])
            raise UserError(f"{key} is not supported in the front matter", place=line.place, todo="use _quarto.yml")
    return front, list(lines[end + 1 :])


def _refuse_live_code(line: Line) -> None:
    match = _LIVE_CODE.match(line.text)
    if match:
        raise UserError(
            "raw blocks and code that is executed are not supported",
            place=line.place,
            found=line.text.strip(),
            todo="compute in a notebook and embed the labelled cell",
        )


def _refuse_private_characters(line: Line) -> None:
    if OPEN in line.text or CLOSE in line.text:
        raise UserError("the text holds a private-use character (U+E000 or U+E001)", place=line.place)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader)
    except FileNotFoundError:
        raise UserError(f"{path.name} does not exist", place=str(path.parent), todo="stage the report") from None
    except yaml.YAMLError as error:
        raise UserError("the file cannot be read", place=path.name, found=str(error)) from None
    if not isinstance(content, Mapping):
        return {}
    return dict(content)
