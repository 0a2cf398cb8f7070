"""Change of single persons: who changed by more than the questionnaire's own error, and in which direction."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from braid.language import N_
from braid.statistics.counting import pairs
from braid.statistics.proportion import Proportion, proportion, rule_of_three
from braid.statistics.samples import NOISE, Floats, Values, as_floats, check_confidence, observed, sd


@dataclass(frozen=True, kw_only=True)
class ReliableChange:
    """People by whether their change is larger than measurement error explains.

    n: complete pairs. sem: standard error of measurement, threshold: smallest detectable change, both in the
    unit of the score. improved, unchanged, deteriorated: shares of n with Wilson intervals.
    deteriorated_at_most: upper 95% limit by the rule of three, where nobody deteriorated.
    """

    n: int
    reliability: float | None = None
    sd_before: float | None = None
    sem: float | None = None
    threshold: float | None = None
    improved: Proportion | None = None
    unchanged: Proportion | None = None
    deteriorated: Proportion | None = None
    deteriorated_at_most: float | None = None
    confidence: float
    method: str = "reliable change index (Jacobson & Truax), Wilson intervals"
    note: str = ""


def reliable_change(
    before: Values,
    after: Values,
    reliability: float | None,
    *,
    sd_before: float | None = None,
    higher_is_better: bool = True,
    confidence: float = 0.95,
) -> ReliableChange:
    """Count who reliably improved and who reliably deteriorated.

    before, after: scores, shape (n,); Series are paired by index. reliability: of the score, 0 to 1 (alpha or
    omega). sd_before: SD of the score before; without it the SD of everybody who has one.
    SEM = s₁ √(1 - reliability); RCI = Δ / (√2 SEM), reliable beyond ±1.96 (Jacobson & Truax 1991), which is
    |Δ| > SDC = 1.96 √2 SEM (de Vet et al. 2006). Other levels of confidence move both 1.96 and the intervals.
    None with a note where there are no pairs, no reliability above 0, or no variation before.
    """
    check_confidence(confidence)
    people = pairs(before, after)
    n = people.size
    spread = sd(observed(before)) if sd_before is None else sd_before
    if reliability is None or not 0 < reliability <= 1:
        why = N_("the score has no reliability between 0 and 1")
        return ReliableChange(n=n, sd_before=spread, confidence=confidence, note=why)
    if n == 0:
        why = N_("nobody has the score in both waves")
        return ReliableChange(n=n, reliability=reliability, sd_before=spread, confidence=confidence, note=why)
    if not spread:
        why = N_("no variation before, so no standard error of measurement")
        return ReliableChange(n=n, reliability=reliability, confidence=confidence, note=why)
    sem = spread * math.sqrt(1 - reliability)
    threshold = float(stats.norm.ppf((1 + confidence) / 2)) * math.sqrt(2) * sem
    up, down = (
        int(people.counts[beyond(people.before, people.after, threshold, better)].sum())
        for better in (higher_is_better, not higher_is_better)
    )
    counts = dict(zip(CLASSES, (up, n - up - down, down), strict=True))
    shares = {name: proportion(count, n, confidence=confidence) for name, count in counts.items()}
    return ReliableChange(
        n=n,
        reliability=reliability,
        sd_before=spread,
        sem=sem,
        threshold=threshold,
        improved=shares["improved"],
        unchanged=shares["unchanged"],
        deteriorated=shares["deteriorated"],
        deteriorated_at_most=rule_of_three(n) if counts["deteriorated"] == 0 else None,
        confidence=confidence,
    )


CLASSES = ("improved", "unchanged", "deteriorated")


def classify_change(
    before: pd.Series[Any], after: pd.Series[Any], threshold: float, *, higher_is_better: bool = True
) -> pd.Series[Any]:
    """ "improved", "unchanged" or "deteriorated" for each person with both scores; index = person.

    threshold: the smallest change that counts, in the unit of the score; the change must exceed it.
    """
    left, right = before.align(after, join="inner")
    x, y = as_floats(left), as_floats(right)
    both = ~(np.isnan(x) | np.isnan(y))
    classes = _classes(x[both], y[both], threshold, higher_is_better)
    return pd.Series(classes, index=left.index[both], dtype="object")


def _classes(x: Any, y: Any, threshold: float, higher_is_better: bool) -> Any:
    better, worse = (beyond(x, y, threshold, up) for up in (higher_is_better, not higher_is_better))
    return np.where(better, CLASSES[0], np.where(worse, CLASSES[2], CLASSES[1]))


def beyond(before: Floats, after: Floats, threshold: float, upwards: bool) -> npt.NDArray[np.bool_]:
    """Whose score changed by more than the threshold in one direction, for complete pairs: shape (n,)."""
    gain = (after - before) if upwards else (before - after)
    scale = max(float(np.abs(before).max(initial=0)), float(np.abs(after).max(initial=0)))
    return np.asarray(gain > threshold + NOISE * scale)
