"""Headers of survey exports: whole questions, with newlines, markup and repeats, made into names of columns."""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

INLINE = re.compile(r"</?(?:a|b|big|em|font|i|label|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
BLOCK = re.compile(
    r"</?(?:br|center|div|h[1-6]|hr|img|li|o:p|ol|p|style|table|tbody|td|th|tr|ul)\b[^<>]*>", re.IGNORECASE
)


def names(text: str) -> frozenset[str]:
    """Names of columns, written one after another."""
    return frozenset(text.split())


def words(text: str) -> frozenset[str]:
    """Spellings of a header in several languages, parted by bars, without case."""
    return frozenset(word.strip().casefold() for word in text.split("|"))


def tidy(header: str) -> str:
    """A header as one line: white space of any kind becomes one space, letters are composed (Unicode NFC)."""
    return " ".join(composed(header).replace("\ufeff", "").split())


def composed(text: str) -> str:
    """Text with composed letters (Unicode NFC): é is one character, however it was typed."""
    return unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """A question without its markup, as one line: tags of HTML go, a bare `<` stays."""
    return tidy(html.unescape(BLOCK.sub(" ", INLINE.sub("", text))))


def unique(names: Sequence[str], marks: Sequence[str] | None = None) -> list[str]:
    """Names with every repeat made different.

    marks: what tells repeats apart, in the order of the names: every repeat becomes `name [mark]`. Without marks,
    or where a mark is empty or repeated too, the second becomes `name (2)`. A name without text is `column 5`.
    """
    named = [name or f"column {place}" for place, name in enumerate(names, start=1)]
    counts = Counter(named)
    if marks is not None:
        named = [f"{n} [{m}]" if counts[n] > 1 and m else n for n, m in zip(named, marks, strict=True)]
    taken: set[str] = set()
    reserved = set(named)
    result: list[str] = []
    for name in named:
        candidate, number = name, 2
        while candidate in taken or (candidate != name and candidate in reserved):
            candidate, number = f"{name} ({number})", number + 1
        taken.add(candidate)
        result.append(candidate)
    return result
