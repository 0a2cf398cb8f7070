"""Words that are almost spelled like a known one; never a word and its opposite."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

CLOSE = 0.8
DENYING = frozenset({"not", "no", "never", "nicht", "kein", "keine", "pas", "non", "nunca", "niet", "не"})


def almost(word: str, known: Iterable[str]) -> str | None:
    """The known word that a folded word is almost spelled like, or None."""
    for close in difflib.get_close_matches(word, list(known), n=3, cutoff=CLOSE):
        if not _opposite(word, close):
            return close
    return None


def _opposite(one: str, two: str) -> bool:
    """Whether two texts may say the opposite: `agree` and `disagree`, `clear` and `not clear`, `male` and `female`."""
    first, second = set(one.split()), set(two.split())
    only_first, only_second = first - second, second - first
    if (only_first | only_second) & DENYING:
        return True
    return any(a.endswith(b) or b.endswith(a) for a in only_first for b in only_second)
