"""Before against after where nobody can be found again: the waves are compared as independent groups."""

from __future__ import annotations

from dataclasses import dataclass

from braid.language import N_
from braid.statistics.counting import counted
from braid.statistics.effect_size import d_s
from braid.statistics.samples import Values, check_confidence, finite
from braid.statistics.t_test import independent_t

METHOD = "Welch's t-test between the waves; d_s (pooled SD) with noncentral t interval"


@dataclass(frozen=True)
class IndependentChange:
    """How a score differs between two waves whose people cannot be paired.

    n_before, n_after: people with the score in each wave; n: both together, of whom some may be the same.
    difference: mean after - mean before in the unit of the score, low and high its Welch interval.
    t, df, p: Welch's test, two-sided; significant: p < alpha. d_s: signed as the difference.
    What cannot be estimated is None; `note` says why.
    """

    n_before: int
    n_after: int
    mean_before: float | None
    sd_before: float | None
    mean_after: float | None
    sd_after: float | None
    difference: float | None
    low: float | None
    high: float | None
    t: float | None
    df: float | None
    p: float | None
    alpha: float
    confidence: float
    significant: bool | None
    d_s: float | None
    d_s_low: float | None
    d_s_high: float | None
    method: str = METHOD
    note: str = ""

    @property
    def n(self) -> int:
        """Answers in both waves together."""
        return self.n_before + self.n_after


def independent_change(
    before: Values, after: Values, *, alpha: float = 0.05, confidence: float = 0.95
) -> IndependentChange:
    """The difference between the waves, after - before, without pairing anybody.

    before, after: scores, shape (n₁,) and (n₂,), NaN as missing; names of people are not looked at.
    Welch (1947): t = ΔM / √(s₁²/n₁ + s₂²/n₂); d_s as in `effect_size.d_s`. Where some people answered both times the
    test is too cautious: their answers hang together, which it cannot know. Fewer than two people in a wave, or no
    variation, give None with a note.
    """
    check_confidence(confidence)
    x, y = counted(before), counted(after)
    note = ""
    if not x.size or not y.size:
        note = N_("nobody has the score in the last wave") if x.size else N_("nobody has the score in the first wave")
    elif min(x.size, y.size) < 2:
        note = N_("fewer than two people have the score in a wave")
    elif not (x.varies() or y.varies()):
        note = N_("no variation within the waves")
    test = None if note else independent_t(y, x, welch=True, confidence=confidence)
    effect = None if note else d_s(y, x, confidence)
    p = finite(test.p) if test else None
    first, second = x.mean, y.mean
    return IndependentChange(
        n_before=x.size,
        n_after=y.size,
        mean_before=first,
        sd_before=x.sd,
        mean_after=second,
        sd_after=y.sd,
        difference=None if first is None or second is None else second - first,
        low=finite(test.low) if test else None,
        high=finite(test.high) if test else None,
        t=finite(test.t) if test else None,
        df=finite(test.df) if test else None,
        p=p,
        alpha=alpha,
        confidence=confidence,
        significant=None if p is None else p < alpha,
        d_s=effect.estimate if effect else None,
        d_s_low=effect.low if effect else None,
        d_s_high=effect.high if effect else None,
        note=note,
    )
