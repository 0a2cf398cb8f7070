"""Prose of the sections block by block: what is looked up in the catalogue, and put in its place in the text.

A block is a paragraph, a heading, an item of a list, a cell of a table, a caption or the title of a callout. One that
an analyst has changed is not in the catalogue and stays as she wrote it, in whatever language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from braid.language.speech import tr

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_DIV = re.compile(r"^ {0,3}:{3,}")
_TITLE = re.compile(r'(?<=\btitle=")[^"]+(?=")')
_HEADING = re.compile(r"^(?P<before>#{1,6}\s+)(?P<text>.*?)(?P<after>\s*(?:\{[^{}]*\})?\s*)$")
_ITEM = re.compile(r"^(?P<before>\s*(?:[-*+]|\d+[.)])\s+)(?P<text>.*)$")
_CAPTION = re.compile(r"^(?P<before>\s*:\s+)(?P<text>.*?)(?P<after>\s*(?:\{#[^{}]*\})?\s*)$")
_CELL = re.compile(r"(?<=\|)[^|]+(?=\|)")
_RULE = re.compile(r"^[|:\-+= ]+$")
_SHORTCODE = re.compile(r"\{\{<.*?>\}\}")


@dataclass(frozen=True)
class Block:
    """A text on one or more lines (from `first` to before `end`), and what stands around it on them."""

    text: str
    first: int
    end: int
    before: str = ""
    after: str = ""


def translated(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The lines with each block that the catalogue knows in the language in force, each with the number it had."""
    out: list[tuple[int, str]] = []
    blocks = {block.first: block for block in _joined(lines)}
    place = 0
    while place < len(lines):
        block = blocks.get(place)
        if block is None:
            out.append(
                (place, _TITLE.sub(lambda m: tr(m[0]), lines[place]) if _DIV.match(lines[place]) else lines[place])
            )
            place += 1
            continue
        if block.text.lstrip().startswith("|"):
            out += [(number, _row(lines[number])) for number in range(block.first, block.end)]
        elif (said := tr(block.text)) != block.text:
            out.append((place, f"{block.before}{said}{block.after}"))
        else:
            out += [(number, lines[number]) for number in range(block.first, block.end)]
        place = block.end
    return out


def texts(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Every text of a section that goes into the catalogue, with its line from 1."""
    for number, line in enumerate(lines, 1):
        if _DIV.match(line):
            yield from ((number, found) for found in _TITLE.findall(line))
    for block in _joined(lines):
        if not block.text.lstrip().startswith("|"):
            yield block.first + 1, block.text
            continue
        for number in range(block.first, block.end):
            if not _RULE.match(lines[number]):
                cells = (cell.strip() for cell in _CELL.findall(lines[number]))
                yield from ((number + 1, cell) for cell in cells if _speaks(cell))


def _row(line: str) -> str:
    """A row of a table with its cells translated, filled up to the width they had."""
    if _RULE.match(line):
        return line
    return _CELL.sub(lambda cell: f" {tr(cell[0].strip())} ".ljust(len(cell[0])) if cell[0].strip() else cell[0], line)


def _speaks(text: str) -> bool:
    """Whether a text holds words of its own, besides what shortcodes put in."""
    return bool(re.search(r"[^\W\d_]", _SHORTCODE.sub("", text)))


def _joined(lines: Sequence[str]) -> Iterator[Block]:
    """The blocks of a text in order, their lines joined by single spaces."""
    place = _after_front_matter(lines)
    while place < len(lines):
        line = lines[place]
        fence = _FENCE.match(line)
        if fence or line.lstrip().startswith("<!--"):
            place = _end_of(lines, place, fence[1] if fence else "-->")
            continue
        if not line.strip() or _DIV.match(line):
            place += 1
            continue
        block = _block(lines, place)
        if _speaks(block.text):
            yield block
        place = block.end


def _block(lines: Sequence[str], first: int) -> Block:
    line = lines[first]
    heading, item, caption = _HEADING.match(line), _ITEM.match(line), _CAPTION.match(line)
    if heading:
        return Block(heading["text"], first, first + 1, heading["before"], heading["after"])
    end = first + 1
    while end < len(lines) and _continues(lines[end], table=line.lstrip().startswith("|")):
        end += 1
    if caption:
        whole = _CAPTION.match(" ".join([line.rstrip(), *(part.strip() for part in lines[first + 1 : end])]))
        assert whole is not None
        return Block(" ".join(whole["text"].split()), first, end, whole["before"], whole["after"])
    before = item["before"] if item else ""
    told = [line[len(before) :], *lines[first + 1 : end]]
    return Block(" ".join(" ".join(told).split()), first, end, before)


def _continues(line: str, *, table: bool) -> bool:
    """Whether a line goes on with the block above it."""
    if not line.strip() or _DIV.match(line) or _FENCE.match(line) or line.lstrip().startswith("<!--"):
        return False
    if table:
        return line.lstrip().startswith("|")
    return not (_HEADING.match(line) or _ITEM.match(line))


def _after_front_matter(lines: Sequence[str]) -> int:
    if not lines or lines[0].rstrip() != "---":
        return 0
    return next((number + 1 for number, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)


def _end_of(lines: Sequence[str], first: int, mark: str) -> int:
    """The line after a fenced block of code or a comment."""
    if mark == "-->":
        return next((n + 1 for n in range(first, len(lines)) if mark in lines[n]), len(lines))
    return next((n + 1 for n in range(first + 1, len(lines)) if lines[n].strip().startswith(mark)), len(lines))
