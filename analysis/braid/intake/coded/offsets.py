"""Which way of counting characters the offsets of a source follow: programs differ, and none says so.

The standard (REFI-QDA 1.5) counts code points. Others count units of UTF-16, a line end as one or two characters, a
byte order mark or not, and some name the last character instead of the one behind it. All ways are tried for each
source; the texts that a program keeps with its selections decide, or else how many selections end at ends of words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

Offsets = tuple[int, int]
ENOUGH = 0.75
"""The share of selections that must fit; by chance about a third of all places are ends of words."""
NAMED = 0.5
"""The share of texts that must be found word for word, for the texts to decide."""
WITHOUT_SPACES = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
LINE_END = re.compile("\r*\n|\r")
"""QualCoder on Windows writes `\\r\\r\\n` for MAXQDA: one end of a line, however often it returns."""


@dataclass(frozen=True)
class Fitted:
    """The selections of one source as code points into its text.

    text: with line ends LF, without a byte order mark. spans: None where a selection lies outside of the text.
    said: the way of counting, in words, and how well it fits. trusted: whether words may be quoted by it.
    """

    text: str
    spans: tuple[Offsets | None, ...]
    said: str
    trusted: bool


@dataclass(frozen=True)
class _Way:
    utf16: bool
    ends: str
    mark: bool
    inclusive: bool

    @property
    def said(self) -> str:
        unit = "UTF-16 units" if self.utf16 else "code points"
        more = [f"line ends {self.ends}"] + ["byte order mark counted"] * self.mark
        return ", ".join([unit, *more, *(["end included"] * self.inclusive)])


def plain(raw: str) -> str:
    """A text with line ends LF and without a byte order mark."""
    return LINE_END.sub("\n", raw.removeprefix("\ufeff"))


def fit(raw: str, spans: Sequence[Offsets], texts: Sequence[str] = (), *, utf16_first: bool = False) -> Fitted:
    """Find the way of counting under which the selections of a source make sense.

    raw: the text as it is stored. spans: start and end as the program wrote them. texts: what the program keeps as the
    words of each selection, empty where it keeps none; it may be shortened. utf16_first: what to prefer where both
    kinds of unit fit as well.
    """
    text = plain(raw)
    if not spans:
        return Fitted(text, (), "", True)
    best: tuple[tuple[bool, float, float], _Way, tuple[Offsets | None, ...]] | None = None
    tried: set[tuple[Offsets | None, ...]] = set()
    for way in _ways(raw, utf16_first):
        found = _placed(way, raw, text, spans)
        if found in tried:
            continue
        tried.add(found)
        named = _share_named(text, found, texts)
        decided = named is not None and named >= NAMED
        if way.inclusive and not decided:
            continue
        share = named if decided and named is not None else _share_at_words(text, found)
        rank = decided, share, _share_tight(text, found)
        if best is None or rank > best[0]:
            best = rank, way, found
    assert best is not None
    (decided, share, _), way, found = best
    why = f"{share:.0%} of the texts are exact" if decided else f"{share:.0%} of the ends are ends of words"
    return Fitted(text, tuple(_trimmed(text, span) for span in found), f"{way.said}: {why}", decided or share >= ENOUGH)


def _ways(raw: str, utf16_first: bool) -> list[_Way]:
    units = (True, False) if utf16_first else (False, True)
    marks = (False, True) if raw.startswith("\ufeff") else (False,)
    return [
        _Way(unit, ends, mark, inclusive)
        for inclusive, mark, ends, unit in product((False, True), marks, ("as stored", "LF", "CRLF"), units)
    ]


def _placed(way: _Way, raw: str, text: str, spans: Sequence[Offsets]) -> tuple[Offsets | None, ...]:
    """The spans as code points into the text, under one way of counting."""
    signs = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    width = np.ones(len(signs), dtype=np.int64)
    line_ends = np.flatnonzero(signs == 10)
    if way.ends == "CRLF":
        width[line_ends] = 2
    elif way.ends == "as stored":
        width[line_ends] = [len(end[0]) for end in LINE_END.finditer(raw)]
    if way.utf16:
        width[signs > 0xFFFF] = 2
    places = np.concatenate(([0], np.cumsum(width))) + way.mark
    found: list[Offsets | None] = []
    for first, last in spans:
        last = last + 1 if way.inclusive else last
        if not (places[0] <= first < last <= places[-1]):
            found.append(None)
            continue
        start = int(np.searchsorted(places, first))
        end = int(np.searchsorted(places, last, side="right")) - 1
        found.append((start, end) if start < end else None)
    return tuple(found)


def _share_named(text: str, spans: Sequence[Offsets | None], texts: Sequence[str]) -> float | None:
    """How many selections are the words that the program keeps of them; None where it keeps none."""
    kept = [(span, " ".join(words.split())) for span, words in zip(spans, texts, strict=False)]
    kept = [(span, words) for span, words in kept if len(words) > 2]
    if not kept:
        return None
    return sum(span is not None and _same(text[slice(*span)], words) for span, words in kept) / len(kept)


def _same(found: str, words: str) -> bool:
    found = " ".join(found.split())
    begun = words.removesuffix("...").removesuffix("…").rstrip()
    return found == words or (len(begun) > 11 and found.startswith(begun))


def _share_at_words(text: str, spans: Sequence[Offsets | None]) -> float:
    """The share of ends that are ends of words; where the script has no spaces, of selections inside of the text."""
    judged: list[bool] = []
    for span in spans:
        if span is None:
            judged += [False, False]
            continue
        for place in span:
            around = text[max(place - 1, 0) : place + 1]
            if not WITHOUT_SPACES.search(around):
                judged.append(place in (0, len(text)) or not around.isalnum())
    return sum(judged) / len(judged) if judged else 1.0


def _share_tight(text: str, spans: Sequence[Offsets | None]) -> float:
    """The share of selections that neither begin nor end with a space; it decides between ways that fit as well."""
    words = [text[slice(*span)] for span in spans if span is not None]
    return sum(not (word[0].isspace() or word[-1] == " ") for word in words) / max(len(spans), 1)


def _trimmed(text: str, span: Offsets | None) -> Offsets | None:
    """The span without line ends behind its last word."""
    if span is None:
        return None
    start, end = span
    words = text[start:end].rstrip("\n\u2028\u2029")
    return (start, start + len(words)) if words else None
