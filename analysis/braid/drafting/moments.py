"""Words that say when something was asked: before, after, T2, one month on, in names of columns, cells and files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from braid.drafting.columns import folded
from braid.drafting.words import any_of, words

KINDS = {"pre": (0.0, "Before"), "mid": (1.0, "Midway"), "post": (2.0, "After"), "followup": (3.0, "Follow-up")}
"""The rank and the label of each kind of point in time; what they are called stands in words.yml."""
NUMBERED = (
    r"(?:t|time|timepoint|time point|tp|wave|w|occasion|visit|event|phase|round|session|measurement|zeitpunkt|mzp"
    r"|welle)"
)
BEGINS = r"(?:(?<![^\W\d_])|(?-i:(?<=[a-z])(?=[A-Z])))"
"""Where a word begins: after no letter, or at a capital after a small one."""
SPAN = r"(?:months?|mths?|mo|m|weeks?|wks?|wk|years?|yrs?|y|days?)"
MONTHS = {"m": 1.0, "w": 12 / 52, "y": 12.0, "d": 12 / 365}
COUNTED = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "twelve": 12}
LONGEST = 5
"""Words of a phrase that may still be nothing but a point in time."""

_ALL = "|".join(any_of("moments", kind) for kind in KINDS)
TOKEN = re.compile(
    rf"(?:{BEGINS}(?:{NUMBERED}|fu|m|months?|weeks?|wk|years?|days?)[ _.-]?\d{{1,2}}(?!\d)|{_ALL})", re.IGNORECASE
)
"""What may be a point in time inside of a name; that it is one is shown by a partner with another one."""
_WHOLE = re.compile(rf"(?<![^\W_])(?:{_ALL})(?![^\W_])", re.IGNORECASE)
_NUMBER = re.compile(rf"(?<![^\W_])({NUMBERED}|fu)[ _.#-]*(\d{{1,2}})(?!\d)", re.IGNORECASE)
_LATER = re.compile(
    rf"(?<![^\W_])({'|'.join(COUNTED)}|\d{{1,2}})[ _.-]*({SPAN})(?![^\W_])|(?<![^\W_])({SPAN})[ _.-]*(\d{{1,2}})(?!\d)",
    re.I,
)


@dataclass(frozen=True, order=True)
class Moment:
    """A point in time. rank: its place in the order of time. name, label: for study.yml."""

    rank: float
    name: str
    label: str


def moment(text: str) -> Moment | None:
    """The point in time that a short text names, or None."""
    plain = folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).replace("_", " ")
    if not plain or len(plain.split()) > LONGEST:
        return None
    if later := _LATER.search(plain):
        count, span = (later[1], later[2]) if later[1] else (later[4], later[3])
        number = COUNTED.get(count) or int(count)
        if number == 0:
            return Moment(0, "pre", "Before")
        unit = {"m": "month", "w": "week", "y": "year", "d": "day"}[span[0]]
        return Moment(3 + number * MONTHS[span[0]], f"{unit}{number}", f"After {number} {unit}{'s' * (number != 1)}")
    if found := _NUMBER.search(plain):
        number = int(found[2])
        if found[1] == "fu":
            return Moment(3 + number / 100, f"followup{number}", f"Follow-up {number}")
        return Moment(number / 10, f"t{number}", f"Time {number}")
    if word := _WHOLE.search(plain):
        kind = next(kind for kind in KINDS if word[0] in words("moments", kind))
        return Moment(KINDS[kind][0], kind, KINDS[kind][1])
    return None


def moment_of_file(name: str) -> Moment | None:
    """The point in time that a file's name tells."""
    stem = name.rsplit(".", 1)[0]
    parts = [part for part in re.split(r"[\s_.()\[\]-]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", stem)) if part]
    pairs = [f"{one} {two}" for one, two in pairwise(parts)]
    found = [
        m for part in (*pairs, *parts) if (m := moment(part)) is not None and part.casefold() not in ("on", "na", "do")
    ]
    return found[0] if found else None
