"""How a language writes numbers and dates: signs and patterns of the CLDR as Babel has them, English without Babel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from braid.language.speech import ENGLISH, current

THIN_SPACE = "\u202f"  # the narrow space that does not break


@dataclass(frozen=True)
class Writing:
    """The signs of numbers.

    decimal, group: between whole and part, and between thousands. percent: how a share is written, "{}%".
    between: what parts numbers of a list, "; " where a comma stands in the numbers. leading_zero: whether a number that
    cannot exceed 1 is written with the zero before its decimal sign all the same.
    """

    decimal: str = "."
    group: str = THIN_SPACE
    percent: str = "{}%"
    between: str = ", "
    leading_zero: bool = False


_ENGLISH = Writing()


def writing() -> Writing:
    """How numbers are written in the language in force."""
    code = current()
    return _ENGLISH if code == ENGLISH else _writing(code)


@lru_cache
def _writing(code: str) -> Writing:
    locale = _locale(code)
    if locale is None:
        return _ENGLISH
    symbols = locale.number_symbols["latn"]
    decimal = str(symbols["decimal"])
    pattern = str(locale.percent_formats[None].pattern).split(";")[0]
    return Writing(
        decimal=decimal,
        group=str(symbols["group"]),
        percent=pattern.replace("#,##0", "{}").replace("#,#0", "{}").replace("#0", "{}"),
        between="; " if decimal == "," else ", ",
        leading_zero=decimal == ",",
    )


def written_date(day: date) -> str:
    """A date in the language in force: "7 March 2026"."""
    code = current()
    if code == ENGLISH:
        return f"{day.day} {day:%B} {day.year}"
    from babel.dates import format_date

    return format_date(day, "long", locale=_locale(code) or ENGLISH)


@lru_cache
def _locale(code: str):  # type: ignore[no-untyped-def]
    """Babel's data of a language; None where it has none, as of a language made up for a test."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError):
        return None
