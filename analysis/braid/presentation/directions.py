"""What an interval allows to say: better, worse, or neither; and the words that claim it.

Whether something rose, fell or differs is decided by the interval as it is written: no word of direction stands beside
one that contains zero.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from braid.language import N_, tr
from braid.presentation import inline, numbers
from braid.presentation.inline import Cell

Direction = Literal["better", "worse", "unclear", "not estimable"]
HigherIs = Literal["better", "worse"]

# Words that claim a direction, as a regular expression. "Differ" is one of them: it says that zero is excluded.
CLAIMS = N_(
    r"\b(improv\w*|worsen\w*|deteriorat\w*|rose|risen?|rises|fell|fall(?:s|en)?|increas\w*|decreas\w*|declin\w*"
    r"|grew|grown|dropp?(?:ed|s)?|higher|lower|better|worse|more|less|greater|smaller|gain\w*|reduc\w*|differed)\b",
    context="claims",
)


def claim_in(text: str) -> str:
    """The first word of a text that claims a direction, in the language in force; empty where there is none."""
    found = _pattern(tr(CLAIMS, context="claims")).search(text)
    return found.group(0) if found else ""


@lru_cache(maxsize=4)
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE)


def direction(
    estimate: numbers.Number, low: numbers.Number, high: numbers.Number, higher_is: HigherIs = "better"
) -> Direction:
    """What an estimate with its interval allows to say.

    "better" or "worse" only where the whole interval lies on one side of zero; an interval that contains or
    touches zero is "unclear"; without an estimate or an interval the result is "not estimable".
    Raises ValueError where the bounds are in the wrong order or the estimate lies outside of them.
    """
    values = [numbers.decimal(value) for value in (estimate, low, high)]
    middle, bottom, top = values
    if middle is None or bottom is None or top is None:
        return "not estimable"
    slack = abs(top - bottom) * numbers.decimal(1e-6)  # type: ignore[operator]
    if bottom > top or not bottom - slack <= middle <= top + slack:
        raise ValueError(f"an estimate of {middle} with an interval from {bottom} to {top} is not one")
    if bottom <= 0 <= top:
        return "unclear"
    return "better" if (bottom > 0) == (higher_is == "better") else "worse"


def shown_direction(
    estimate: float | None, low: float | None, high: float | None, digits: int, higher_is: HigherIs
) -> Direction:
    """The direction, by the bounds as they will be written: one that is printed as zero counts as zero."""
    found = direction(estimate, low, high, higher_is)
    places = numbers.digits_that_part(low, high, digits)
    if found in ("better", "worse") and 0 in (numbers.rounded(low, places), numbers.rounded(high, places)):
        return "unclear"
    return found


def guard(sentence: Cell, low: numbers.Number, high: numbers.Number) -> Cell:
    """A sentence written elsewhere, given back if its words go with the interval.

    Raises ValueError where a word of direction stands beside an interval that contains zero or is missing.
    "No clear" and "not" in front of such a word do not excuse it: write "no clear change".
    """
    bottom, top = numbers.decimal(low), numbers.decimal(high)
    found = claim_in(inline.shown(sentence))
    if found and (bottom is None or top is None or bottom <= 0 <= top):
        raise ValueError(
            f"{found!r} cannot stand beside the interval {numbers.interval(low, high)}: {inline.shown(sentence)}"
        )
    return sentence
