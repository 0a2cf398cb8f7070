"""Conditions of content-visible and content-hidden blocks: on metadata while staging, on the format afterwards.

Quarto would decide `when-meta` while it renders, but it fails on an embed of a missing notebook even inside a
hidden block. So a staged project holds only the blocks that apply to its cohort (`resolve`, on lines of text);
what depends on the format is decided in the tree (`visible`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from braid.errors import UserError
from braid.prose.lines import Line, code_flags, div_fence, suggestion
from braid.rendering.pandoc import ATTRIBUTED, Node, attributes, change
from braid.rendering.source import Source

_META = re.compile(r"""\s*\b(?P<key>when-meta|unless-meta)\s*=\s*(?P<quote>["'])(?P<name>[^"']*)(?P=quote)""")
_CLASSES = (".content-visible", ".content-hidden")


@dataclass
class _Open:
    """A fenced div that is not yet closed: its line, what becomes of its fences, whether its inside stays."""

    line: Line
    drop_fences: bool
    shown: bool


def resolve(lines: Sequence[Line], has: Mapping[str, bool]) -> list[Line]:
    """The lines with every block whose metadata condition fails emptied; the number of lines stays.

    has: what the cohort has, named without the leading `has.` (`{"satisfaction": True}`).
    Returns as many lines as came in, so that a later message still names the line of the user's file.
    Raises UserError for an unknown name, and for a div that is not closed or was never opened.
    """
    facts = {f"has.{name}": value for name, value in has.items()}
    resolved: list[Line] = []
    stack: list[_Open] = []
    for line, is_code in zip(lines, code_flags(lines), strict=True):
        fence = None if is_code else div_fence(line.text)
        shown = all(block.shown for block in stack)
        text = line.text if shown else ""
        if fence is not None and fence.opens:
            block, fence_text = _opened(line, facts, decided=shown)
            stack.append(block)
            text = fence_text if shown and not block.drop_fences else ""
        elif fence is not None:
            if not stack:
                raise UserError("this fence closes a block that was never opened", place=line.place)
            block = stack.pop()
            outside = all(other.shown for other in stack)
            text = "" if block.drop_fences or not outside else line.text
        resolved.append(line.with_text(text))
    if stack:
        raise UserError(
            "this block is never closed", place=stack[-1].line.place, todo="add a line with the same colons"
        )
    return resolved


def _opened(line: Line, facts: Mapping[str, bool], *, decided: bool) -> tuple[_Open, str]:
    """Judges an opening fence; `decided` says that the surrounding block is shown, so names must be known."""
    conditional = any(name in line.text for name in _CLASSES)
    matches = list(_META.finditer(line.text)) if conditional else []
    if not matches:
        return _Open(line, drop_fences=False, shown=True), line.text
    holds = True
    for match in matches:
        name = match["name"]
        if name not in facts:
            if decided:
                raise UserError(f"unknown condition {name}", place=line.place, expected=suggestion(name, facts))
            continue
        holds = holds and (facts[name] is (match["key"] == "when-meta"))
    rest = _META.sub("", line.text)
    hidden = ".content-hidden" in line.text
    by_format = re.search(r"\b(when|unless)-(format|profile)\s*=", rest) is not None
    if not by_format:
        return _Open(line, drop_fences=True, shown=holds is not hidden), line.text
    # `content-visible` needs all conditions; `content-hidden` hides only where all of them hold.
    if hidden:
        return _Open(line, drop_fences=not holds, shown=True), rest
    return _Open(line, drop_fences=not holds, shown=holds), rest


_FORMATS = {"html": "html", "html:js": "html", "typst": "typst", "docx": "docx"}


def visible(blocks: list[Node], format_name: str, meta: Mapping[str, object], source: Source) -> list[Node]:
    """The blocks that one format (html, typst, docx) shows; a shown block loses its fence, as in Quarto.

    Raises UserError for a format that does not exist here. `pdf` is one of these: to Quarto it means LaTeX and
    would never hold for typst.
    """

    def holds(key: str, name: str) -> bool:
        if key.endswith("-meta"):
            value: object = meta
            for part in name.split("."):
                value = value.get(part) if isinstance(value, Mapping) else None
            return value is True
        if name not in _FORMATS:
            raise UserError(
                f"the format {name} is not known",
                place=source.place_of(rf"{key}\s*=\s*.{re.escape(name)}"),
                expected="html, typst (the PDF) or docx",
            )
        return _FORMATS[name] == format_name

    def choose(node: Node) -> list[Node] | None:
        _, classes, pairs = attributes(node)
        behaviour = next((name for name in ("content-visible", "content-hidden") if name in classes), None)
        if behaviour is None:
            return None
        answers = [
            holds(key, value) is key.startswith("when-")
            for key, value in pairs.items()
            if re.fullmatch(r"(when|unless)-(format|meta)", key)
        ]
        shown = all(answers) is (behaviour == "content-visible")
        if not shown:
            return []
        content = node["c"][1]
        return list(content) if node["t"] in ("Div", "Span") else [node]

    result = change(blocks, choose, ATTRIBUTED)
    assert isinstance(result, list)
    return result
