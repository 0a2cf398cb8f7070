"""Numbers as they were printed: the interval a rounded number stands for, and rounding like it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import StringConstraints

Printed = Annotated[str, StringConstraints(pattern=r"^(< )?-?\d*\.?\d+$")]
"""A number exactly as printed (`4.03`, `.097`, `< .001`); its digits say how far it was rounded."""


def interval(printed: str) -> tuple[Fraction, Fraction]:
    """Lowest and highest value that a printed number can stand for, closed: x - ½ulp, x + ½ulp.

    `< .001` stands for everything from 0 to .001.
    """
    if printed.startswith("< "):
        return Fraction(0), Fraction(printed[2:])
    half = Fraction(1, 2 * 10 ** _decimals(printed))
    return Fraction(printed) - half, Fraction(printed) + half


def print_like(printed: str, value: float) -> str:
    """The value rounded to the decimals of a printed number, half away from zero, in its style (`.097`)."""
    style = printed.removeprefix("< ")
    if printed.startswith("< ") and value < float(style):
        return printed
    text = str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-_decimals(style)), ROUND_HALF_UP))
    return text.replace("0.", ".", 1) if style.startswith((".", "-.")) else text


def _decimals(printed: str) -> int:
    return len(printed.partition(".")[2])
