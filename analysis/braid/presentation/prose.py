"""Paragraphs that a notebook publishes: generated sentences, and what stands in place of a piece that is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from braid.presentation.inline import Cell, shown, source


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
        return {"text/markdown": self.markdown(), "text/plain": str(self)}, {}


def enumeration(words: Iterable[str], last: str = "and") -> str:
    """Words as a list in a sentence: `a`, `a and b`, `a, b and c`. The words are ready markdown."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def counted(n: int, one: str, many: str | None = None) -> str:
    """A count with its noun: `1 person`, `3 people`."""
    return f"{n} {one if n == 1 else many or one + 's'}"
