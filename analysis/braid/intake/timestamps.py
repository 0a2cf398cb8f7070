"""Times as survey tools write them in many countries, as ISO 8601; the order of day and month is not guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pandas as pd

from braid.intake.headers import words

Order = Literal["day first", "month first", "year first"]

AFTERNOON = words("pm|p.m.|p.m|nachm.|nachmittags|μ.μ.|μμ|下午|오후|午後|م|du")
MORNING = words("am|a.m.|a.m|vorm.|vormittags|π.μ.|πμ|上午|오전|午前|ص|de")
TIME = re.compile(
    r"(?P<first>\d{1,4})\s*[/.\-年]\s*(?P<second>\d{1,2})\s*[/.\-月]\s*(?P<third>\d{1,4})[日.]?,?"
    r"(?:[T\s]+(?P<before>[^\d\s][^\d]*?)?\s*(?P<hour>\d{1,2})[:.時](?P<minute>\d{2})(?:[:.分](?P<seconds>\d{2})(?:\.\d+)?)?秒?"
    r"\s*(?P<after>[^\d\s+\-].*?)??\s*(?P<zone>(?<![^\W\d_])(?:(?:GMT|UTC)?[+\-−]\d{1,2}(?::?\d{2})?|Z|GMT|UTC))?)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Times:
    """A column of times. cells: ISO 8601 where the order is known, as they came where it is not.

    order: of day and month, None where it could not be told. why: how it was known, or why not.
    zones: letters of time zones that have no fixed offset and were left out.
    """

    cells: pd.Series[str]
    order: Order | None
    why: str
    zones: tuple[str, ...] = ()


def read_times(cells: pd.Series[str], declared: Order | None = None) -> Times | None:
    """Read a column of times; None where fewer than nine in ten of its filled cells are times.

    The order of day and month is the declared one; else the one that all cells allow; else the one in which the rows
    stand in order of time. Where none is left over, the cells stay as they are.
    """
    filled = cells[cells != ""]
    matches = {cell: TIME.fullmatch(cell) for cell in filled.unique()}
    read = {cell: match for cell, match in matches.items() if match}
    if not len(filled) or filled.isin(set(read)).mean() < 0.9:
        return None
    order, why = _order([read[cell] for cell in filled if cell in read], declared)
    if order is None:
        return Times(cells, None, why)
    zones: set[str] = set()
    iso: dict[str, str] = {}
    for cell, match in read.items():
        moment, zone, letters = _moment(match, order)
        if moment is not None:
            iso[cell] = moment.isoformat() + zone if match["hour"] else moment.date().isoformat()
            zones |= {letters} - {""}
    return Times(cells.map(lambda cell: iso.get(cell, cell)).astype("str"), order, why, tuple(sorted(zones)))


def _order(read: Sequence[re.Match[str]], declared: Order | None) -> tuple[Order | None, str]:
    if declared is not None:
        return declared, "as declared"
    if all(len(match["first"]) == 4 for match in read):
        return "year first", "the year stands first"
    days, months = (any(int(match[part]) > 12 for match in read) for part in ("first", "second"))
    if days and months:
        return None, "some cells have the day first, others the month"
    if days:
        return "day first", "a first number is above 12"
    if months:
        return "month first", "a second number is above 12"
    sorted_by: list[Order] = [order for order in ("day first", "month first") if _in_order(read, order)]
    if len(sorted_by) == 1:
        return sorted_by[0], "only so the rows stand in order of time"
    return None, "no number is above 12: the day or the month may stand first"


def _in_order(read: Sequence[re.Match[str]], order: Order) -> bool:
    """Whether at least three different days stand in order of time."""
    moments = [moment for match in read if (moment := _moment(match, order)[0]) is not None]
    return len({moment.date() for moment in moments}) >= 3 and moments == sorted(moments)


def _moment(match: re.Match[str], order: Order) -> tuple[datetime | None, str, str]:
    """The moment, its offset in ISO form, and a time zone's letters that say no offset."""
    first, second, third = (int(match[part]) for part in ("first", "second", "third"))
    if len(match["first"]) == 4:
        year, month, day = first, second, third
    elif order == "month first":
        year, month, day = third, first, second
    else:
        year, month, day = third, second, first
    hour = int(match["hour"] or 0)
    said = f"{match['before'] or ''} {match['after'] or ''}".replace("\u202f", " ").split()
    halves = _halves(said)
    if halves == "pm" and hour < 12:
        hour += 12
    elif halves == "am" and hour == 12:
        hour = 0
    letters = " ".join(word for word in said if re.fullmatch(r"[A-ZÀ-Ý]{2,5}", word) and _halves([word]) == "")
    try:
        moment = datetime(
            year if year > 99 else 2000 + year, month, day, hour, int(match["minute"] or 0), _seconds(match)
        )
    except ValueError:
        return None, "", ""
    return moment, _offset(match["zone"] or ""), letters


def _seconds(match: re.Match[str]) -> int:
    return int(match["seconds"] or 0)


def _halves(said: list[str]) -> str:
    """Morning or afternoon, where the words say so (`PM`, `p. m.`, `下午`, `nachm.`)."""
    joined = "".join(said).casefold()
    for half, known in (("pm", AFTERNOON), ("am", MORNING)):
        if any(word.casefold() in known for word in said) or any(
            joined.startswith(word) for word in known if "." in word
        ):
            return half
    return ""


def _offset(zone: str) -> str:
    match = re.search(r"([+\-−])(\d{1,2}):?(\d{2})?$", zone)
    if match:
        return f"{'+' if match[1] == '+' else '-'}{int(match[2]):02d}:{match[3] or '00'}"
    return "+00:00" if zone.upper() in {"Z", "GMT", "UTC"} else ""
