"""Sentences of Quarto markdown, each with its place and the results that it names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from braid.prose.lines import Line, code_flags, div_fence, numbered, shortcodes

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_END = re.compile(r"(?<=[.!?])[\"')\]*_]*\s+(?=[\"'(\[*_]*(?:[A-Z]|\ue000))")
_GIVEN = re.compile(r"\[[^\[\]]*\]\{[^}]*\.given\b[^}]*\}")
_ATTRIBUTES = re.compile(r"\{[#.][^}]*\}")
_LINK = re.compile(r"\]\([^)]*\)|<https?:[^>]*>|https?://\S+")
_CODE = re.compile(r"`[^`]*`")
_CITATION = re.compile(r"@[\w:.-]*\w")
_NAME = "\ue000"  # stands where a result is put in


@dataclass(frozen=True)
class Sentence:
    """One sentence. text: without shortcodes, links and comments; names: the ids its `{{< var ... >}}` name."""

    text: str
    names: tuple[str, ...]
    place: str


def sentences(text: str, file: str) -> list[Sentence]:
    """The sentences of a file's paragraphs; headings, code and the fences of blocks are no prose.

    What stands in a span of the class `given`, as in `[80%]{.given}`, is left out: a number that no result gives.
    Raises UserError for a code block or a shortcode that is not closed.
    """
    lines = numbered(_COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text), file)
    out: list[Sentence] = []
    paragraph: list[Line] = []
    for line, is_code in zip(lines, code_flags(lines), strict=True):
        if is_code or not line.text.strip() or line.text.startswith(("#", "|", "+")) or div_fence(line.text):
            out += _of_paragraph(paragraph)
            paragraph = []
        else:
            paragraph.append(line)
    return out + _of_paragraph(paragraph)


def _of_paragraph(lines: list[Line]) -> list[Sentence]:
    if not lines:
        return []
    names: list[str] = []
    parts, numbers = [], []
    for line in lines:
        shown, last = "", 0
        for call in shortcodes(line):
            shown += line.text[last : call.start]
            if call.name == "var" and call.arguments:
                names.append(call.arguments[0])
                shown += _NAME
            last = call.end
        shown += line.text[last:]
        for pattern in (_GIVEN, _CODE, _LINK, _ATTRIBUTES, _CITATION):
            shown = pattern.sub(" ", shown)
        parts.append(shown)
        numbers.append(line.number)
    text, position, out, taken = " ".join(parts), 0, [], 0
    for piece in _END.split(text):
        start = text.index(piece, position)
        at = numbers[_line_at(parts, start)]
        held = piece.count(_NAME)
        out.append(
            Sentence(piece.replace(_NAME, " "), tuple(names[taken : taken + held]), f"{lines[0].file}: line {at}")
        )
        taken, position = taken + held, start + len(piece)
    return [sentence for sentence in out if sentence.text.strip() or sentence.names]


def _line_at(parts: list[str], position: int) -> int:
    """Which of the joined lines a position lies in."""
    end = 0
    for index, part in enumerate(parts):
        end += len(part) + 1
        if position < end:
            return index
    return len(parts) - 1
