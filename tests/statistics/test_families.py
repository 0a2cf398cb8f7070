"""Four properties over every family of methods: order of people, a constant, the direction of time, order of items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from braid.statistics.arms import compare_arms
from braid.statistics.association import cross_association
from braid.statistics.change import item_changes, paired_change
from braid.statistics.comparison import compare_groups
from braid.statistics.descriptive import describe
from braid.statistics.effect_size import standardised_mean_difference
from braid.statistics.equity import change_by_group
from braid.statistics.equivalence import equivalent_change
from braid.statistics.independent_change import independent_change
from braid.statistics.items import items_change_differently, items_differ
from braid.statistics.missing import item_missing, little_test
from braid.statistics.mixed_model import mixed_change
from braid.statistics.ordinal import ordinal_change
from braid.statistics.regression import simple_regression
from braid.statistics.regression_to_mean import extreme_quarter
from braid.statistics.reliability import cronbach_alpha, omega_total
from braid.statistics.reliable_change import reliable_change
from braid.statistics.scoring import scale_score
from hypothesis import given, settings
from hypothesis import strategies as st

few = settings(max_examples=2, deadline=None, derandomize=True)
PEOPLE, ITEMS, HIGHEST = 30, 4, 7

Numbers = dict[str, float | None]


@dataclass(frozen=True)
class Data:
    """Answers of the same people at two waves, with what is known about them. shift: added to every answer."""

    before: pd.DataFrame
    after: pd.DataFrame
    group: pd.Series
    age: pd.Series
    shift: float = 0.0

    def score(self, wave: str) -> pd.Series:
        answers: pd.DataFrame = getattr(self, wave)
        return scale_score(answers, minimum=1 + self.shift, maximum=HIGHEST + self.shift)


def drawn(seed: int) -> Data:
    rng = np.random.default_rng(seed)
    people, items = [f"p{k:02d}" for k in range(PEOPLE)], [f"i{k}" for k in range(ITEMS)]
    trait = rng.normal(4, 1, (PEOPLE, 1))

    def wave(centre: float) -> pd.DataFrame:
        answers = np.clip(np.rint(trait + centre + rng.normal(size=(PEOPLE, ITEMS))), 1, HIGHEST)
        answers[rng.random(answers.shape) < 0.03] = np.nan
        return pd.DataFrame(answers, people, items)

    groups = pd.Series(np.resize(["a", "b", "b"], PEOPLE), people)
    return Data(wave(0.0), wave(0.5), groups, pd.Series(rng.integers(20, 60, PEOPLE).astype(float), people))


def shuffled(data: Data, seed: int) -> Data:
    """Each table in an order of its own."""
    rng = np.random.default_rng(seed)
    mixed = [t.iloc[rng.permutation(PEOPLE)] for t in (data.before, data.after, data.group, data.age)]
    return Data(*mixed)  # type: ignore[arg-type]


def moved(data: Data, constant: float) -> Data:
    return replace(data, before=data.before + constant, after=data.after + constant, shift=constant)


def swapped(data: Data) -> Data:
    return replace(data, before=data.after, after=data.before)


def turned(data: Data) -> Data:
    order = list(reversed(data.before.columns))
    return replace(data, before=data.before[order], after=data.after[order])


def fields(result: Any, *names: str) -> Numbers:
    return {name: getattr(result, name) for name in names}


def log_odds(data: Data) -> Numbers:
    found = ordinal_change(data.before["i0"], data.after["i0"])
    return {"log_odds": None if found.odds_ratio is None else float(np.log(found.odds_ratio)), "p": found.p}


def by_group(data: Data) -> Numbers:
    found = change_by_group(data.score("before"), data.score("after"), data.group, margin=0.5).interaction
    return fields(found, "difference", "statistic", "p", "equivalence_p")


def mixed(data: Data) -> Numbers:
    found = mixed_change(data.score("before"), data.score("after")).coefficient("time")
    assert found is not None
    return fields(found, "estimate", "se", "p")


def arms(data: Data) -> Numbers:
    found = compare_arms(data.score("before"), data.score("after"), data.group, ["a", "b"])
    return fields(found, "f", "p", "slope") | fields(found.differences[0], "difference")


def items_one_by_one(data: Data) -> Numbers:
    found = {str(row.item): row for row in item_changes(data.before, data.after)}
    return {f"{name} {part}": getattr(found[name].change, part) for name in sorted(found) for part in ("t", "p")} | {
        f"{name} holm": found[name].p_holm for name in sorted(found)
    }


def shares(data: Data) -> Numbers:
    found = reliable_change(data.score("before"), data.score("after"), 0.8)
    return {name: float(getattr(found, name).k) for name in ("improved", "unchanged", "deteriorated")} | {
        "threshold": found.threshold
    }


def halves(data: Data) -> Numbers:
    member = data.score("before")[data.group == "a"], data.score("before")[data.group == "b"]
    return fields(standardised_mean_difference(*member), "estimate", "low", "high")


def table(data: Data) -> Numbers:
    older = pd.Series(np.where(data.age > 40, "older", "younger"), data.age.index)
    return fields(cross_association(data.group, older), "chi2", "p", "cramers_v")


PAIRED = ("t", "p", "difference", "d_av", "d_z", "wilcoxon_p", "hodges_lehmann", "rank_biserial", "r", "n")
FAMILIES: dict[str, Callable[[Data], Numbers]] = {
    "paired change": lambda d: fields(paired_change(d.score("before"), d.score("after")), *PAIRED),
    "items one by one": items_one_by_one,
    "waves without pairs": lambda d: fields(
        independent_change(d.score("before"), d.score("after")), "t", "p", "difference", "d_s"
    ),
    "equivalence": lambda d: fields(
        equivalent_change(paired_change(d.score("before"), d.score("after")), 0.4), "p", "margin"
    ),
    "ordered categories": log_odds,
    "items differ": lambda d: fields(items_differ(d.before), "f", "p", "epsilon", "friedman_chi2", "kendall_w"),
    "item x time": lambda d: fields(items_change_differently(d.before, d.after), "f", "p", "epsilon"),
    "mixed model": mixed,
    "arms": arms,
    "equity": by_group,
    "groups": lambda d: fields(
        compare_groups(d.score("before"), d.group, margin=0.5), "statistic", "p", "d_s", "levene_p", "equivalence_p"
    ),
    "a number": lambda d: fields(simple_regression(d.age, d.score("before")), "slope", "t", "p"),
    "standardised difference": halves,
    "alpha": lambda d: fields(cronbach_alpha(d.before), "alpha", "low", "high", "n"),
    "omega": lambda d: fields(omega_total(d.before), "omega", "n"),
    "reliable change": shares,
    "regression to the mean": lambda d: fields(
        extreme_quarter(d.score("before"), d.score("after")), "n", "r", "expected"
    ),
    "missing at random": lambda d: fields(little_test(d.before), "chi2", "p"),
    "missing answers": lambda d: {row.item: row.percent for row in item_missing(d.before)},  # type: ignore[misc]
    "description": lambda d: fields(describe(d.score("before")), "mean", "sd", "median", "q1", "q3", "n"),
    "tables of counts": table,
}
SIGNED = {
    "paired change": {"t", "difference", "d_av", "d_z", "hodges_lehmann", "rank_biserial"},
    "items one by one": {f"i{k} t" for k in range(ITEMS)},
    "waves without pairs": {"t", "difference", "d_s"},
    "equivalence": set(),
    "ordered categories": {"log_odds"},
    "item x time": set(),
    "mixed model": {"estimate"},
    "equity": {"difference", "statistic"},
}
"""Families that look at both waves alike, and what turns its sign when the waves change places."""
LOCATED = {"description": {"mean", "median", "q1", "q3"}}
"""What moves with a constant: where the scores lie, and nothing else."""


def agree(ours: Numbers, theirs: Numbers, signed: set[str] | None = None) -> None:
    assert ours.keys() == theirs.keys()
    for name, value in ours.items():
        other = theirs[name]
        assert (value is None) == (other is None), name
        if value is not None:
            sign = -1 if signed and name in signed else 1
            assert other == pytest.approx(sign * value, rel=1e-6, abs=1e-7), name


@pytest.mark.parametrize("family", FAMILIES)
@few
@given(st.integers(0, 500))
def test_the_order_of_people_changes_nothing(family: str, seed: int) -> None:
    data = drawn(seed)
    agree(FAMILIES[family](data), FAMILIES[family](shuffled(data, seed)))


@pytest.mark.parametrize("family", FAMILIES)
@few
@given(st.integers(0, 500), st.sampled_from([-1.0, 3.0, 100.0]))
def test_a_constant_changes_no_test(family: str, seed: int, constant: float) -> None:
    data = drawn(seed)
    plain, other = FAMILIES[family](data), FAMILIES[family](moved(data, constant))
    for name in LOCATED.get(family, ()):
        assert other.pop(name) == pytest.approx((plain.pop(name) or 0) + constant)
    agree(plain, other)


@pytest.mark.parametrize("family", SIGNED)
@few
@given(st.integers(0, 500))
def test_waves_that_change_places_turn_the_signs(family: str, seed: int) -> None:
    data = drawn(seed)
    agree(FAMILIES[family](data), FAMILIES[family](swapped(data)), SIGNED[family])


@pytest.mark.parametrize("family", FAMILIES)
@few
@given(st.integers(0, 500))
def test_the_order_of_items_changes_nothing(family: str, seed: int) -> None:
    data = drawn(seed)
    pd.testing.assert_series_equal(turned(data).score("before"), data.score("before"), rtol=1e-12)
    agree(FAMILIES[family](data), FAMILIES[family](turned(data)))
