"""Before against after, for the same people: one score, or every item of a scale."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from braid.language import N_
from braid.statistics.counting import Pairs, pairs
from braid.statistics.effect_size import bonett_interval, noncentral_t_interval
from braid.statistics.independent_change import IndependentChange, independent_change
from braid.statistics.multiplicity import adjust
from braid.statistics.ordinal import OrdinalChange, ordinal_change
from braid.statistics.samples import Values, check_confidence, finite
from braid.statistics.signed_rank import hodges_lehmann, signed_rank
from braid.statistics.t_test import paired_t

METHOD = (
    "paired t-test; d_av (average SD) with Bonett's interval; g_av corrected by √((n-2)/(n-1)); "
    "d_z (SD of the differences) with noncentral t interval"
)


@dataclass(frozen=True)
class PairedChange:
    """The change of one score in the people who have it in both waves.

    n: complete pairs; n_before, n_after: people with the score in each wave.
    difference: mean of after - before in the unit of the score, low and high its t interval; sd_difference.
    t, df, p: paired t-test, two-sided; significant: p < alpha.
    r: Pearson correlation of the waves. d_av, g_av, d_z: signed as the difference.
    wilcoxon_w: rank sum of the positive differences; hodges_lehmann: shift in the unit of the score.
    n_better, n_worse, n_same: people, by the direction that `higher_is_better` says.
    What cannot be estimated is None; `note` says why.
    """

    n: int
    n_before: int
    n_after: int
    mean_before: float | None
    sd_before: float | None
    mean_after: float | None
    sd_after: float | None
    difference: float | None
    sd_difference: float | None
    low: float | None
    high: float | None
    t: float | None
    df: float | None
    p: float | None
    alpha: float
    confidence: float
    significant: bool | None
    r: float | None
    d_av: float | None
    d_av_low: float | None
    d_av_high: float | None
    g_av: float | None
    d_z: float | None
    d_z_low: float | None
    d_z_high: float | None
    wilcoxon_w: float | None
    wilcoxon_p: float | None
    wilcoxon_method: str
    rank_biserial: float | None
    hodges_lehmann: float | None
    hodges_lehmann_low: float | None
    hodges_lehmann_high: float | None
    hodges_lehmann_method: str
    n_better: int
    n_worse: int
    n_same: int
    method: str = METHOD
    note: str = ""


def paired_change(
    before: Values | Pairs,
    after: Values | None = None,
    *,
    alpha: float = 0.05,
    confidence: float = 0.95,
    higher_is_better: bool = True,
) -> PairedChange:
    """The change from before to after, over complete pairs.

    before, after: scores, shape (n,), NaN as missing. Two Series are paired by index (a person may be in one
    only); arrays by position. Raises ValueError on a repeated index entry or unequal lengths. Pairs that are counted
    already stand for both.

    d_av = ΔM / s̄, s̄² = (s₁² + s₂²)/2, interval by Bonett (2008); g_av = d_av √((n-2)/(n-1));
    d_z = ΔM / s_D = t/√n, interval from the noncentral t limits over √n (Cumming 2012; Lakens 2013).
    Below two pairs, or where everybody changed by the same amount, there is no test: t, p and intervals are
    None. Below three pairs r, g_av and the intervals of d are None too.
    """
    check_confidence(confidence)
    paired = pairs(before, after)
    n, start, end, delta = paired.size, paired.first, paired.last, paired.differences
    spread = delta.varies(paired.scale)
    rank, shift = signed_rank(delta, paired.scale), hodges_lehmann(delta, confidence)
    up, down = (int(delta.counts[side].sum()) for side in (delta.values > 0, delta.values < 0))
    test = paired_t(delta, confidence) if spread else None
    d_av = _d_av(paired)
    d_low, d_high = bonett_interval(paired, confidence) if d_av is not None and spread else (None, None)
    d_z = test.t / math.sqrt(n) if test else None
    z_low, z_high = noncentral_t_interval(test.t, test.df, confidence) if test and n > 2 else (None, None)
    p = finite(test.p) if test else None
    return PairedChange(
        n=n,
        n_before=paired.n_before,
        n_after=paired.n_after,
        mean_before=start.mean,
        sd_before=start.sd,
        mean_after=end.mean,
        sd_after=end.sd,
        difference=delta.mean,
        sd_difference=(math.sqrt(delta.variance) if spread else 0.0) if delta.variance is not None else None,
        low=finite(test.low) if test else None,
        high=finite(test.high) if test else None,
        t=finite(test.t) if test else None,
        df=finite(test.df) if test else None,
        p=p,
        alpha=alpha,
        confidence=confidence,
        significant=None if p is None else p < alpha,
        r=paired.r,
        d_av=finite(d_av),
        d_av_low=d_low,
        d_av_high=d_high,
        g_av=d_av * math.sqrt((n - 2) / (n - 1)) if d_av is not None and n > 2 else None,
        d_z=finite(d_z),
        d_z_low=None if z_low is None else z_low / math.sqrt(n),
        d_z_high=None if z_high is None else z_high / math.sqrt(n),
        wilcoxon_w=rank.w,
        wilcoxon_p=rank.p,
        wilcoxon_method=rank.method,
        rank_biserial=rank.rank_biserial,
        hodges_lehmann=shift.estimate,
        hodges_lehmann_low=shift.low,
        hodges_lehmann_high=shift.high,
        hodges_lehmann_method=shift.method,
        n_better=up if higher_is_better else down,
        n_worse=down if higher_is_better else up,
        n_same=n - up - down,
        note=_note(n, spread, bool(up or down)),
    )


def _d_av(paired: Pairs) -> float | None:
    """ΔM / √((s₁² + s₂²)/2); None below two pairs or where neither wave varies."""
    start, end = paired.first, paired.last
    if not (start.varies() or end.varies()):
        return None
    assert start.mean is not None and end.mean is not None and start.variance is not None and end.variance is not None
    return (end.mean - start.mean) / math.sqrt((start.variance + end.variance) / 2)


def _note(n: int, spread: bool, changed: bool) -> str:
    if n == 0:
        return N_("nobody has the score in both waves")
    if n == 1:
        return N_("only one person has the score in both waves")
    if not changed:
        return N_("no variation: nobody's score changed")
    if not spread:
        return N_("no variation: every person's score changed by the same amount")
    if n == 2:
        return N_("two people have the score in both waves: no correlation and no interval of the effect size")
    return ""


@dataclass(frozen=True)
class ItemChange:
    """The change of one item, with its p adjusted over all the items of the scale, and as ordered categories.

    ordinal: None where the waves are not paired. p_holm is the primary adjustment, p_bonferroni the one of the
    reference study, p_bh (false discovery rate) exploratory; None where the item has no test.
    """

    item: Hashable
    change: PairedChange | IndependentChange
    ordinal: OrdinalChange | None
    p_holm: float | None
    p_bonferroni: float | None
    p_bh: float | None


def item_changes(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    paired: bool = True,
    alpha: float = 0.05,
    confidence: float = 0.95,
    higher_is_better: bool = True,
) -> tuple[ItemChange, ...]:
    """`paired_change` and `ordinal_change` for each item that both frames have, in the order of `before`.

    before, after: persons x items, index = person. paired: False gives `independent_change`, which looks at nobody's
    name. Each item is tested at alpha / number of items (Bonferroni), which its `significant` reports. Raises
    ValueError on a repeated person.
    """
    items = [name for name in before.columns if name in after.columns]
    level = alpha / len(items) if items else alpha

    def both(first: pd.Series, last: pd.Series) -> tuple[PairedChange | IndependentChange, OrdinalChange | None]:
        if not paired:
            return independent_change(first, last, alpha=level, confidence=confidence), None
        people, better = pairs(first, last), higher_is_better
        change = paired_change(people, alpha=level, confidence=confidence, higher_is_better=better)
        return change, ordinal_change(people, confidence=confidence)

    changes = [both(before[name], after[name]) for name in items]
    p_values = np.array([np.nan if change.p is None else change.p for change, _ in changes])
    holm, bonferroni, bh = (adjust(p_values, how) for how in ("holm", "bonferroni", "bh"))
    return tuple(
        ItemChange(name, *found, finite(holm[i]), finite(bonferroni[i]), finite(bh[i]))
        for i, (name, found) in enumerate(zip(items, changes, strict=True))
    )
