"""Lines of Quarto markdown that remember where they stand, and what a reader of single lines must know.

Errors name file and line, which pandoc's markdown reader does not keep; so everything that has to be judged
before pandoc sees the text (shortcodes, fences, conditions) is judged here, line by line.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from braid.errors import UserError

_CODE_FENCE = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})(?P<info>.*)$")
_DIV_FENCE = re.compile(r"^ {0,3}(?P<colons>:{3,})\s*(?P<rest>.*?)\s*:*$")
_SHORTCODE = re.compile(r"\{\{\{<(?P<literal>.*?)>\}\}\}|\{\{<\s*(?P<call>.*?)\s*>\}\}")


@dataclass(frozen=True)
class Line:
    """One line of text with the file it came from and its number there (from 1)."""

    text: str
    file: str
    number: int

    @property
    def place(self) -> str:
        """The place as a person reads it in a message."""
        return f"{self.file}: line {self.number}"

    def with_text(self, text: str) -> Line:
        """The same place, another text."""
        return replace(self, text=text)


@dataclass(frozen=True)
class Shortcode:
    """A call like `{{< var change.scq.n >}}`: its name, its arguments, and the columns it spans in its line."""

    name: str
    arguments: tuple[str, ...]
    start: int
    end: int
    literal: str | None = None


def numbered(text: str, file: str) -> list[Line]:
    """Splits a file's text into lines that know their place."""
    return [Line(part, file, number) for number, part in enumerate(text.splitlines(), start=1)]


def code_flags(lines: Sequence[Line]) -> list[bool]:
    """True for each line that belongs to a fenced code block, the fences included.

    An opened block that is never closed raises UserError at its opening line.
    """
    flags: list[bool] = []
    fence: str | None = None
    opened: Line | None = None
    for line in lines:
        match = _CODE_FENCE.match(line.text)
        if fence is None:
            starts = match is not None and not (match["fence"][0] == "`" and "`" in match["info"])
            if starts and match is not None:
                fence, opened = match["fence"], line
            flags.append(starts)
            continue
        flags.append(True)
        closes = match is not None and not match["info"].strip() and match["fence"].startswith(fence)
        if closes:
            fence = None
    if fence is not None and opened is not None:
        raise UserError("this code block is never closed", place=opened.place, todo=f"add a line `{fence}`")
    return flags


@dataclass(frozen=True)
class DivFence:
    """A line that opens (attributes not None) or closes a fenced div."""

    attributes: str | None

    @property
    def opens(self) -> bool:
        """Whether the line opens a block."""
        return self.attributes is not None


def div_fence(text: str) -> DivFence | None:
    """What a line does as the fence of a div; None for every other line."""
    match = _DIV_FENCE.match(text)
    if match is None:
        return None
    rest = match["rest"]
    return DivFence(rest or None)


def shortcodes(line: Line) -> Iterator[Shortcode]:
    """The shortcodes of a line, in order; `{{{< ... >}}}` comes with `literal` set to what it stands for.

    A `{{<` that is not closed on its line raises UserError; `\\{\\{<` is ordinary text.
    """
    position = 0
    while (start := line.text.find("{{<", position)) >= 0:
        begin = start - 1 if start and line.text[start - 1] == "{" else start
        match = _SHORTCODE.match(line.text, begin)
        if match is None:
            raise UserError(
                "a shortcode is not closed on its line",
                place=line.place,
                found=line.text[start : start + 60],
                expected="{{< name argument >}}",
                todo="close it, or write {{{< name >}}} to show it as text",
            )
        if match["literal"] is not None:
            yield Shortcode("", (), match.start(), match.end(), "{{<" + match["literal"] + ">}}")
        else:
            words = match["call"].split()
            yield Shortcode(words[0] if words else "", tuple(words[1:]), match.start(), match.end())
        position = match.end()


def suggestion(name: str, known: Iterable[str]) -> str:
    """A sentence naming the nearest known names, for the `expected` field of an error."""
    names = sorted(set(known))
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if near:
        return "did you mean " + " or ".join(near) + "?"
    if not names:
        return "there are none"
    return "one of " + ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
