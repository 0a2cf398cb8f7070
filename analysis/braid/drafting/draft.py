"""A definition in the making: its content, why each part stands there, and what a person must decide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from braid.intake.reading import Sure

WIDTH = 118
ALLOWED = "\n\u200c\u200d"
"""Marks that are not printed but may stand in a comment: a new line, and the joiners of Persian and Urdu."""
Place = tuple[object, ...]
"""Where something stands: the keys that lead to it."""


@dataclass(frozen=True)
class Reason:
    """Why something is proposed, and how far that may be relied on."""

    sure: Sure
    why: str

    def __str__(self) -> str:
        return f"{self.sure}: {self.why}"


@dataclass
class Draft:
    """Content of a YAML file in the making.

    above: comments before the line of a place. below: comments after all that stands there. decisions: what a person
    must decide, in the order it came up, each with the places that it is asked for.
    """

    content: dict[str, Any] = field(default_factory=dict)
    above: dict[Place, list[str]] = field(default_factory=dict)
    below: dict[Place, list[str]] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)

    def put(self, *place: object, value: Any, why: Reason | str | None = None) -> None:
        """Write a value; the mappings that lead there are made."""
        inside: dict[Any, Any] = self.content
        for key in place[:-1]:
            inside = inside.setdefault(key, {})
        inside[place[-1]] = value
        if why is not None:
            self.above.setdefault(place, []).append(str(why))

    def add(self, *place: object, comment: str) -> None:
        """Write a comment after what stands at the place."""
        self.below.setdefault(place, []).append(comment)

    def ask(self, question: str, at: str = "") -> None:
        """Note what a person must decide, and where; a question that stands at several places is asked once."""
        places = self.asked.setdefault(question, [])
        if at and at not in places:
            places.append(at)

    @property
    def decisions(self) -> list[str]:
        """What a person must decide."""
        return [f"{', '.join(places)}: {question}" if places else question for question, places in self.asked.items()]

    def text(self, header: str) -> str:
        """The file: what must be decided first, then the content, each part with its comments."""
        lines = [*_comment(header, "")]
        if self.decisions:
            lines += ["#", "# TO DECIDE:"]
            for number, question in enumerate(self.decisions, start=1):
                lines += _comment(question, "", first=f"{number}. ")
        return "\n".join([*lines, *self._block(self.content, ())]) + "\n"

    def _block(self, mapping: Mapping[Any, Any], place: Place) -> Iterator[str]:
        indent = "  " * len(place)
        for key, value in mapping.items():
            here = (*place, key)
            for comment in self.above.get(here, []):
                yield from _comment(comment, indent)
            line = f"{indent}{flow(key)}: {flow(value)}"
            if isinstance(value, Mapping) and value and (len(line) > WIDTH or self._commented_within(here)):
                yield f"{indent}{flow(key)}:"
                yield from self._block(value, here)
                inner = indent + "  "
            else:
                yield line
                inner = indent
            for comment in self.below.get(here, []):
                yield from _comment(comment, inner)

    def _commented_within(self, here: Place) -> bool:
        return any(len(place) > len(here) and place[: len(here)] == here for place in (*self.above, *self.below))


def flow(value: object) -> str:
    """A value on one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    # PyYAML breaks plain and single-quoted text at line ends of any kind; in double quotes they are escaped. Inside
    # braces and brackets some marks need quotes that they do not need elsewhere, so all is written as if inside.
    style = '"' if isinstance(value, str) and not value.isprintable() else None
    text = yaml.safe_dump([value], default_flow_style=True, default_style=style, allow_unicode=True, width=10**9)
    text = text.strip()[1:-1]
    return text.removeprefix("!!str ")


def _comment(text: str, indent: str, first: str = "") -> list[str]:
    rows: list[str] = []
    for line in "".join(mark if mark.isprintable() or mark in ALLOWED else " " for mark in text).splitlines():
        start = f"{indent}# {first if not rows else ' ' * len(first)}"
        hang = f"{indent}# {' ' * (len(first) + len(line) - len(line.lstrip()))}"
        width = WIDTH - len(indent)
        rows += textwrap.wrap(
            line.strip(),
            width,
            initial_indent=start + line[: len(line) - len(line.lstrip())],
            subsequent_indent=hang,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [f"{indent}#"]
    return rows
