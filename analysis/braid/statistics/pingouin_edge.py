"""The only module that touches pingouin: each function wrapped once, columns under the field's names.

What the wrappers take care of: results come unrounded (pingouin rounds intervals to two decimals unless told
otherwise); Welch is asked for by name (`correction="auto"` means Welch only where group sizes differ); power,
Bayes factor and the unsigned effect size are dropped; warnings about versions stay out of the reports.
Callers hand over complete, aligned, varying data: pairing and refusal are decided before this edge.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import pingouin

from braid.statistics.samples import Floats

ROUNDING = ("round", "round.column.CI95", "round.column.BF10")


@contextmanager
def _unrounded() -> Iterator[None]:
    """Ask pingouin for all digits, and leave its options as a notebook may have set them."""
    before = {name: pingouin.options.get(name) for name in ROUNDING}
    pingouin.options.update(dict.fromkeys(ROUNDING))
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        pingouin.options.update(before)


@dataclass(frozen=True)
class TTest:
    """t, degrees of freedom, two-sided p, and the interval of the mean difference."""

    t: float
    df: float
    p: float
    low: float
    high: float


def _t_test(x: Floats, y: Floats, *, paired: bool, welch: bool, confidence: float) -> TTest:
    with _unrounded():
        row = pingouin.ttest(x, y, paired=paired, correction=welch, confidence=confidence).iloc[0]
    low, high = row[f"CI{100 * confidence:.0f}"]
    return TTest(t=float(row["T"]), df=float(row["dof"]), p=float(row["p_val"]), low=float(low), high=float(high))


def paired_t(after: Floats, before: Floats, confidence: float) -> TTest:
    """Paired t-test of after - before; two arrays of one length whose differences vary."""
    if after.size != before.size:
        raise ValueError("pairs need arrays of one length: pingouin would make this an independent test")
    return _t_test(after, before, paired=True, welch=False, confidence=confidence)


def independent_t(x: Floats, y: Floats, *, welch: bool, confidence: float) -> TTest:
    """t-test of two groups, difference x - y: Welch (unequal variances) or Student (pooled)."""
    return _t_test(x, y, paired=False, welch=welch, confidence=confidence)


def equivalence_p(x: Floats, y: Floats, *, margin: float, welch: bool) -> float:
    """The larger p of the two one-sided t-tests against -margin and +margin (Schuirmann 1987)."""
    with _unrounded():
        return float(pingouin.tost(x, y, bound=margin, correction=welch)["pval"].iloc[0])


@dataclass(frozen=True)
class FTest:
    """F, its two degrees of freedom, and p."""

    f: float
    df: float
    df_error: float
    p: float


def one_way_anova(groups: list[Floats], *, welch: bool) -> FTest:
    """One-way analysis of variance over independent groups: Welch's or the ordinary one."""
    long = _long(groups)
    with _unrounded():
        run = pingouin.welch_anova if welch else pingouin.anova
        row = run(data=long, dv="score", between="group").iloc[0]
    return FTest(f=float(row["F"]), df=float(row["ddof1"]), df_error=float(row["ddof2"]), p=float(row["p_unc"]))


def levene_p(groups: list[Floats]) -> float:
    """p of Levene's test of equal variances, centred on the medians (Brown & Forsythe 1974)."""
    with _unrounded():
        table = pingouin.homoscedasticity(_long(groups), dv="score", group="group", method="levene")
        return float(table["pval"].iloc[0])


def _long(groups: list[Floats]) -> pd.DataFrame:
    labels = np.repeat(np.arange(len(groups)), [group.size for group in groups])
    return pd.DataFrame({"score": np.concatenate(groups), "group": labels})


def adjusted_p(p_values: Floats, method: Literal["holm", "bonf", "fdr_bh"]) -> Floats:
    """Adjusted p values of a family without missing ones. Šidák is not offered: it underflows to 0."""
    with _unrounded():
        return np.asarray(pingouin.multicomp(p_values, method=method)[1], dtype=float)
