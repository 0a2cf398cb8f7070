"""Paragraphs that a notebook publishes: generated sentences, and what stands in place of a piece that is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from braid.language import ntr, tr
from braid.presentation import numbers
from braid.presentation.inline import Cell, Markdown, as_html, shown, source


@dataclass(frozen=True)
class Prose:
    """One or more paragraphs. A `str` is text from data and is escaped; `Markdown` is ready (it may cite or refer)."""

    paragraphs: tuple[Cell, ...]

    def __init__(self, *paragraphs: Cell) -> None:
        object.__setattr__(self, "paragraphs", tuple(p for p in paragraphs if source(p)))

    def markdown(self) -> str:
        return "\n\n".join(source(paragraph) for paragraph in self.paragraphs)

    def __str__(self) -> str:
        return "\n\n".join(shown(paragraph) for paragraph in self.paragraphs)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        return {"text/markdown": self.markdown(), "text/html": self.html(), "text/plain": str(self)}, {}

    def html(self) -> str:
        """The paragraphs for JupyterLab, whose own markdown knows neither subscripts nor escapes."""
        return "\n".join(_block(paragraph) for paragraph in self.paragraphs)


def _block(paragraph: Cell) -> str:
    """A paragraph, or a list where each of its lines begins with a hyphen."""
    lines = source(paragraph).split("\n")
    if all(line.startswith("- ") for line in lines):
        items = "".join(f"<li>{as_html(Markdown(line[2:]))}</li>" for line in lines)
        return f"<ul>{items}</ul>"
    return f"<p>{as_html(paragraph)}</p>"


def enumeration(words: Iterable[str], last: Literal["and", "or", "and no"] = "and") -> str:
    """Words as a list in a sentence: `a`, `a and b`, `a, b and c`. The words are ready markdown."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    first = tr(", ", context="list").join(items[:-1])
    if last == "or":
        return tr("{first} or {last}", context="list", first=first, last=items[-1])
    if last == "and no":
        return tr("{first} and no {last}", context="list", first=first, last=items[-1])
    return tr("{first} and {last}", context="list", first=first, last=items[-1])


def counted(n: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 person`, `3 people`; the nouns are literals: the catalogue has them with the count."""
    singular, plural = f"{{n}} {one}", f"{{n}} {many or one + 's'}"
    return ntr(singular, plural, n, n=numbers.whole(n))
