"""p values of a family of tests, adjusted for their number by pingouin."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np

from braid.statistics.samples import Floats, Values, as_floats

Adjustment = Literal["holm", "bonferroni", "bh"]
_NAMES: dict[str, str] = {"holm": "holm", "bonferroni": "bonf", "bh": "fdr_bh"}


def adjust(p_values: Values, method: Adjustment = "holm") -> Floats:
    """Adjusted p values, shape as given; NaN stays NaN and does not count as a test.

    "holm": max over the steps of (m - i + 1) p₍ᵢ₎ (Holm 1979); "bonferroni": m p;
    "bh": min over the later steps of m p₍ᵢ₎ / i (Benjamini & Hochberg 1995); all at most 1.
    Raises ValueError on another method (Šidák underflows to 0 for tiny p) or a p outside 0 to 1.
    """
    if method not in _NAMES:
        raise ValueError(f"no adjustment {method!r}; there are {', '.join(_NAMES)}")
    p = as_floats(p_values)
    there = ~np.isnan(p)
    if ((p[there] < 0) | (p[there] > 1)).any():
        raise ValueError("a p value lies outside 0 to 1")
    adjusted = np.full(p.shape, np.nan)
    if there.any():
        adjusted[there] = np.minimum(_adjusted(p[there], _NAMES[method]), 1.0)
    return adjusted


def _adjusted(p: Floats, method: str) -> Floats:
    import pingouin  # loaded where it is used, as it brings all of matplotlib with it

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return np.asarray(pingouin.multicomp(p, method=method)[1], dtype=float)
