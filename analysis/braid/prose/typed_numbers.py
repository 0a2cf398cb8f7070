"""Numbers that look like results and were typed by hand: they stay as they are when the data change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from braid.language import N_, tr, writing
from braid.prose.sentences import Sentence

SHARE_OF = N_("(?:of|out of) (?:the )?", context="pattern")
"""What stands between the numbers of "6 of 7", as a regular expression."""


@lru_cache
def _result_in(point: str, share_of: str) -> re.Pattern[str]:
    """What looks like a result, by the decimal sign of the language (escaped) and its words for "of"."""
    return re.compile(
        r"(?<![\w.,/-])(?:"
        # p < .001, n = 204, t(203) = 15.9
        rf"[npdtFrgM]\s*(?:\([\d.,; ]+\))?\s*[=<>]\s*[-\u2212]?(?:{point}\d+|\d+(?:[.,]\d+)*)"
        r"|\d+(?:[.,]\d+)?\s?%"
        rf"|[-\u2212]?\d*{point}\d+(?:\s?\u00b1\s?\d*{point}\d+)?"
        rf"|\d+ {share_of}\d+"
        rf")(?!{point}?\d|[\w/])"
    )


@dataclass(frozen=True)
class TypedNumber:
    """A number as it was typed, where, and the id of a result that reads the same (empty where none does)."""

    text: str
    place: str
    result: str


def typed_numbers(prose: Iterable[Sentence], variables: Mapping[str, object]) -> list[TypedNumber]:
    """Every number of the prose that looks like a result: decimals, percentages, `n =`, `p <`, `6 of 7`.

    variables: the nested texts that the prose may name; where one of them reads the same, its id is told.
    Whole numbers (years, hours, items of a form) and what stands in a span `{.given}` are left alone.
    """
    pattern = _result_in(_point(), tr(SHARE_OF, context="pattern"))
    known: dict[str, str] = {}
    for name, text in _leaves(variables):
        known.setdefault(_plain(text), name)
    return [
        TypedNumber(found[0].strip(), sentence.place, _result(found[0], known))
        for sentence in prose
        for found in pattern.finditer(sentence.text)
    ]


def _result(number: str, known: Mapping[str, str]) -> str:
    """The result that reads like a number; else the first whose text begins with its digits."""
    whole = _plain(number)
    if whole in known:
        return known[whole]
    digits = re.findall(rf"[-\u2212]?\d*{_point()}?\d+", whole)
    if not digits or len(digits[-1].strip("-\u2212.,0")) < 2:
        return ""
    start = re.compile(
        rf"{re.escape(digits[-1] if '=' in whole or '<' in whole else digits[0])}(?![\d{writing().decimal}])"
    )
    return next((name for text, name in known.items() if start.match(text)), "")


def _point() -> str:
    """The decimal sign of the language in force, for a regular expression."""
    return re.escape(writing().decimal)


def _leaves(node: Mapping[str, object], stem: str = "") -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{stem}{key}.")
        else:
            yield f"{stem}{key}", str(value)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\\*~$]", "", text).replace("\u00a0", " ").replace("\u202f", " ").split())
