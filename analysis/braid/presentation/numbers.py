"""How numbers are written: the one place for rounding, signs, intervals, p-values and counts.

The style is that of the APA manual: no zero before the point where a number cannot exceed 1 (p), two
decimals for means, one for percentages, a true minus sign, and an en dash where there is no number. The decimal sign,
the grouping and the percent sign are those of the language in force; where the decimal sign is a comma, a zero stands
before it and a semicolon parts the numbers of a list.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, SupportsFloat

from braid.language import tr, writing

Number = SupportsFloat | None

MISSING = "–"
MINUS = "−"


def decimal(value: Number) -> Decimal | None:
    """A number as the decimal a person means by it, or None where it is missing or not finite.

    Fifteen significant digits are kept: 0.285 is then 0.285 and not 0.28499999999999998, and the noise of
    the last bit in a computed mean (4.034999999999999) does not decide how it is rounded.
    """
    if value is None:
        return None
    if isinstance(value, Decimal):
        return value if value.is_finite() else None
    if isinstance(value, int):
        return Decimal(value)
    try:
        number = float(value)
    except TypeError:  # pandas.NA says that it is not a float
        return None
    return Decimal(format(number, ".15g")) if math.isfinite(number) else None


def rounded(value: Number, digits: int = 2) -> Decimal | None:
    """Round half away from zero to `digits` decimals; never a negative zero."""
    number = decimal(value)
    if number is None:
        return None
    # Scaling keeps clear of the context's precision, which quantize would trip over for huge numbers.
    with_digits = Decimal(1).scaleb(-digits)
    if number.adjusted() > 20:
        return number
    result = number.quantize(with_digits, rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def _written(number: Decimal | None, *, leading_zero: bool = True) -> str:
    if number is None:
        return MISSING
    signs = writing()
    text = format(abs(number), "f")
    if not leading_zero and not signs.leading_zero and text.startswith("0."):
        text = text[1:]
    return (MINUS if number < 0 else "") + text.replace(".", signs.decimal)


def _share(text: str) -> str:
    """A written number with the percent sign, where and how the language sets it: "69.6%", "69,6 %"."""
    return writing().percent.format(text)


def between() -> str:
    """What parts the numbers of a list: ", ", or "; " where a comma stands in the numbers themselves."""
    return writing().between


def short(value: float) -> str:
    """A number with the digits it needs: "0.05", "4", as a margin or the end of a scale is named."""
    return f"{value:g}".replace(".", writing().decimal)


def fixed(value: Number, digits: int = 2) -> str:
    """A number with a fixed count of decimals: `fixed(0.285)` is "0.29", `fixed(-1.5, 1)` is "−1.5"."""
    return _written(rounded(value, digits))


def whole(value: Number, *, separator: Literal["thin", "none"] = "thin") -> str:
    """A count: "204"; from five digits on in groups of three, unless `separator` is none (English: a thin space)."""
    number = rounded(value, 0)
    if number is None:
        return MISSING
    text = format(abs(number), "f")
    if separator == "thin" and len(text) > 4:
        text = f"{int(text):,}".replace(",", writing().group)
    return (MINUS if number < 0 else "") + text


def mean_sd(mean: Number, sd: Number, digits: int = 2) -> str:
    """Mean and standard deviation: "4.03 ± 0.54". One value alone has no deviation: "4.03 ± –"."""
    if decimal(mean) is None:
        return MISSING
    return f"{fixed(mean, digits)} ± {fixed(sd, digits)}"


def digits_that_show(*values: Number, digits: int = 2, at_most: int = 6) -> int:
    """The decimals at which no value other than zero is written as zero, from `digits` up to `at_most`.

    A bound of 0.003 written "0.00" would seem to touch zero; an interval is written with as many decimals
    as its bounds need.
    """
    numbers = [number for number in map(decimal, values) if number]
    for places in range(digits, at_most):
        if all(rounded(number, places) for number in numbers):
            return places
    return at_most if numbers else digits


def digits_that_part(low: Number, high: Number, digits: int = 2, at_most: int = 6) -> int:
    """The decimals at which the bounds of an interval are neither written as zero nor both as the same number.

    Of many thousand people an interval is so narrow that "0.41 to 0.41" would hide how much is known: it is written
    "0.408 to 0.413". Bounds that are one number keep `digits`.
    """
    places = digits_that_show(low, high, digits=digits, at_most=at_most)
    for more in range(places, at_most + 1):
        if rounded(low, more) != rounded(high, more):
            return more
    return places


def interval(low: Number, high: Number, digits: int = 2, *, between: str | None = None) -> str:
    """An interval: "0.47 to 0.63". Bounds beside zero or each other get the decimals they need: "0.003 to 0.120".

    between: what stands between the bounds instead of "to": `numbers.between()` in brackets, an en dash.
    """
    if decimal(low) is None and decimal(high) is None:
        return MISSING
    places = digits_that_part(low, high, digits)
    bottom, top = fixed(low, places), fixed(high, places)
    return tr("{low} to {high}", low=bottom, high=top) if between is None else f"{bottom}{between}{top}"


def estimate_ci(
    estimate: Number, low: Number, high: Number, digits: int = 2, *, level: float = 0.95, brackets: bool = False
) -> str:
    """An estimate with its confidence interval: "0.55, 95% CI 0.47 to 0.63", or "0.55 [0.47, 0.63]" for tables."""
    if decimal(estimate) is None:
        return MISSING
    places = digits_that_part(low, high, digits)
    if brackets:
        return f"{fixed(estimate, places)} [{interval(low, high, places, between=between())}]"
    return f"{fixed(estimate, places)}, {ci_name(level)} {interval(low, high, places)}"


def ci_name(level: float = 0.95) -> str:
    """The name of an interval by its level: "95% CI", "99.5% CI"."""
    number = Decimal(format(level * 100, ".6g")).normalize()
    return tr("{level} CI", level=_share(f"{number:f}".replace(".", writing().decimal)))


def p_value(
    p: Number, digits: int = 3, *, leading_zero: bool = False, alpha: float | None = None, spaced: bool = True
) -> str:
    """A p-value in APA style: "< .001", ".034", "> .999".

    alpha: where the decision falls; a p that is below it but would be written as it (.0499 as ".050")
    gets one more decimal at a time, so that text and decision agree.
    spaced: False writes "<.001".
    Raises ValueError outside of 0 to 1.
    """
    number = decimal(p)
    if number is None:
        return MISSING
    if not 0 <= number <= 1:
        raise ValueError(f"a p-value lies between 0 and 1, this one is {number}")
    smallest = Decimal(1).scaleb(-digits)
    gap = " " if spaced else ""
    if number < smallest:
        return f"<{gap}{_written(smallest, leading_zero=leading_zero)}"
    if number != 1 and rounded(number, digits) == 1:
        return f">{gap}{_written(1 - smallest, leading_zero=leading_zero)}"
    if number == 1:
        return f">{gap}{_written(1 - smallest, leading_zero=leading_zero)}"
    shown = rounded(number, digits)
    if alpha is not None:
        edge = decimal(alpha)
        places = digits
        while number != edge and shown == edge and places < 12:
            places += 1
            shown = rounded(number, places)
    return _written(shown, leading_zero=leading_zero)


def p_clause(p: Number, digits: int = 3, *, symbol: str = "p", alpha: float | None = None) -> str:
    """A p-value as a clause: "p < .001", "p = .034"; an en dash where there is none."""
    text = p_value(p, digits, alpha=alpha)
    if text == MISSING:
        return MISSING
    return f"{symbol} {text}" if text[0] in "<>" else f"{symbol} = {text}"


def percent(part: Number, total: Number, digits: int = 1) -> str:
    """A share in per cent: "69.6%"; "< 0.1%" for one of 4,000, which is not none, and likewise "> 99.9%".

    Raises ValueError where the part exceeds the total or either is negative.
    """
    top, bottom = decimal(part), decimal(total)
    if top is None or bottom is None or bottom == 0:
        return MISSING
    if top < 0 or bottom < 0 or top > bottom:
        raise ValueError(f"{top} of {bottom} is not a share")
    share = rounded(top / bottom * 100, digits)
    step = Decimal(1).scaleb(-digits)
    if top > 0 and share == 0:
        return f"< {_share(_written(step))}"
    if top < bottom and share == 100:
        return f"> {_share(_written(100 - step))}"
    return _share(_written(share))


def count_percent(count: Number, total: Number, digits: int = 1) -> str:
    """A count and its share: "142 (69.6%)"."""
    if decimal(count) is None:
        return MISSING
    return f"{whole(count)} ({percent(count, total, digits)})"


def degrees_of_freedom(value: Number, digits: int = 1) -> str:
    """Degrees of freedom: "203" where they are whole, "187.4" where they were estimated (Welch)."""
    number = decimal(value)
    if number is None:
        return MISSING
    return whole(number, separator="none") if number == number.to_integral_value() else fixed(number, digits)


def statistic(name: str, value: Number, *df: Number, digits: int = 2) -> str:
    """A test statistic with its degrees of freedom: `statistic("t", 14.2, 203)` is "t(203) = 14.20"."""
    if decimal(value) is None:
        return MISSING
    inside = f"({between().join(degrees_of_freedom(one) for one in df)})" if df else ""
    return f"{name}{inside} = {fixed(value, digits)}"
