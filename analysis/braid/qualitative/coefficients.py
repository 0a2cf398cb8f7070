"""Agreement of two coders on one code, from the four counts of units."""

from __future__ import annotations

from dataclasses import dataclass

NOBODY = "nobody applied this code"
EVERYBODY = "both coders applied this code to every unit"
NO_UNITS = "no unit was coded by both coders"


@dataclass(frozen=True)
class Coefficients:
    """Counts of units (both applied the code, only the first, only the second, neither) and what follows.

    percent: observed agreement, 0 to 1. kappa, alpha, ac1: chance-corrected, 1 is perfect.
    They are None where not estimable, and `reason` says why.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    percent: float | None
    kappa: float | None
    alpha: float | None
    ac1: float | None
    reason: str = ""

    @property
    def n(self) -> int:
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def disagreements(self) -> int:
        return self.only_first + self.only_second


def coefficients(both: int, only_first: int, only_second: int, neither: int) -> Coefficients:
    """Percent agreement, Cohen's kappa, Krippendorff's alpha and Gwet's AC1 for two coders and one yes/no code.

    With n units, po = (both + neither)/n, and pA, pB the shares of units each coder marked:
    kappa = (po - pe)/(1 - pe), pe = pA pB + (1 - pA)(1 - pB) (Cohen 1960);
    alpha = 1 - Do/De, Do = 1 - po, De = 2 n0 n1/(N(N - 1)), N = 2n, n1 marks and n0 = N - n1 (Krippendorff 2019);
    AC1 = (po - pe)/(1 - pe), pe = 2 q (1 - q), q = (pA + pB)/2 (Gwet 2008).
    A code that nobody or everybody applied varies in nobody's hands: not estimable, by all three.

    >>> result = coefficients(3, 2, 2, 93)
    >>> [round(value, 3) for value in (result.percent, result.kappa, result.alpha, result.ac1)]
    [0.96, 0.579, 0.581, 0.956]
    """
    counts = (both, only_first, only_second, neither)
    if min(counts) < 0:
        raise ValueError(f"counts of units cannot be negative: {counts}")
    n = sum(counts)
    if n == 0:
        return Coefficients(*counts, None, None, None, None, NO_UNITS)
    observed = (both + neither) / n
    if both + only_first + only_second == 0:
        return Coefficients(*counts, observed, None, None, None, NOBODY)
    if both == n:
        return Coefficients(*counts, observed, None, None, None, EVERYBODY)
    first, second = (both + only_first) / n, (both + only_second) / n
    by_chance = first * second + (1 - first) * (1 - second)
    marks = 2 * both + only_first + only_second
    expected_difference = 2 * marks * (2 * n - marks) / (2 * n * (2 * n - 1))
    middle = (first + second) / 2
    by_chance_gwet = 2 * middle * (1 - middle)
    return Coefficients(
        *counts,
        percent=observed,
        kappa=(observed - by_chance) / (1 - by_chance),
        alpha=1 - (1 - observed) / expected_difference,
        ac1=(observed - by_chance_gwet) / (1 - by_chance_gwet),
        reason="only one coder used this code" if both == 0 and 0 in (only_first, only_second) else "",
    )
