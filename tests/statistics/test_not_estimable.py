"""Where nothing can be estimated there is a reason, and never nan, infinity, a warning or a traceback."""

from __future__ import annotations

import dataclasses
import itertools
import math
import warnings
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
import pandas as pd
import pytest
from braid.statistics.association import association
from braid.statistics.change import item_changes, paired_change
from braid.statistics.comparison import compare_groups
from braid.statistics.descriptive import ceiling, describe, frequencies
from braid.statistics.effect_size import d_s, hedges_correction, standardised_mean_difference
from braid.statistics.equity import change_by_group
from braid.statistics.items import items_change_differently, items_differ
from braid.statistics.missing import item_missing, little_test
from braid.statistics.mixed_model import mixed_change
from braid.statistics.proportion import difference_of_proportions, proportion, rule_of_three
from braid.statistics.regression import simple_regression
from braid.statistics.reliability import cronbach_alpha, omega_total
from braid.statistics.reliable_change import reliable_change

SAMPLES = {
    "nobody": [],
    "nobody answered": [math.nan] * 3,
    "one": [3.0],
    "two": [3.0, 4.0],
    "two alike": [3.0, 3.0],
    "constant": [3.0] * 8,
    "rounding noise": [0.1 + 0.2, 0.3] * 4,
    "varied": [1.0, 2.0, 3.0, 4.0, 5.0, 2.0, 3.0, 4.0],
    "moved by a tenth": [1.1, 2.1, 3.1, 4.1, 5.1, 2.1, 3.1, 4.1],
    "three": [1.0, 2.0, 4.0],
    "one apart": [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0],
}

FEW = [SAMPLES[name] for name in ("nobody", "one", "two", "constant", "varied")]


def floats(result: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Every float in a result, with the path to it."""
    if dataclasses.is_dataclass(result):
        for field in dataclasses.fields(result):
            yield from floats(getattr(result, field.name), f"{path}.{field.name}")
    elif isinstance(result, tuple):
        for place, item in enumerate(result):
            yield from floats(item, f"{path}[{place}]")
    elif isinstance(result, float):
        yield path, result


def check(result: Any) -> None:
    for path, value in floats(result):
        assert math.isfinite(value), path


@pytest.mark.parametrize("first", SAMPLES)
def test_every_pair_of_awkward_samples_has_an_answer(first: str) -> None:
    x = SAMPLES[first]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for y in FEW:
            before, after = pd.Series(x, dtype=float), pd.Series(y, dtype=float)
            sides = pd.Series((["a", "b", "b", "a"] * 2)[: len(x)], dtype=object)
            check(paired_change(before, after))
            check(simple_regression(before, after))
            check(d_s(x, y))
            check(standardised_mean_difference(x, y))
            check(reliable_change(before, after, 0.8))
            check(mixed_change(before, after, sides))
            check(change_by_group(before, after, sides, threshold=0.5))


@pytest.mark.parametrize("third", ["c", None])
@pytest.mark.parametrize("test", ["welch", "student"])
def test_every_pair_of_awkward_groups_has_an_answer(test: Literal["welch", "student"], third: str | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for x, y in itertools.combinations_with_replacement([*FEW, SAMPLES["one apart"]], 2):
            names = ["a"] * len(x) + ["b"] * len(y) + [third] * 4
            check(compare_groups([*x, *y, 2.0, 3.0, 4.0, 2.0], names, test=test, margin=0.5))


@pytest.mark.parametrize("first", SAMPLES)
def test_every_awkward_scale_has_an_answer(first: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for y in (SAMPLES["two"], SAMPLES["constant"], SAMPLES["varied"]):
            n = min(len(SAMPLES[first]), len(y))
            rest = [1.0, 2.0, 2.0, 1.0, 3.0, 1.0, 2.0, 5.0][:n]
            whole = pd.DataFrame({"a": SAMPLES[first][:n], "b": y[:n], "c": y[:n][::-1], "d": rest}, dtype=float)
            for items in (whole, whole[["a", "b"]], whole[[]]):
                for run in (cronbach_alpha, omega_total, items_differ, little_test, item_missing):
                    check(run(items))
                other = items[items.columns[::-1]].set_axis(items.columns, axis=1)
                check(items_change_differently(items, other))
                check(item_changes(items, other))


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_awkward_sample_is_described(sample: str) -> None:
    check(describe(SAMPLES[sample]))
    check(ceiling(SAMPLES[sample], 1, 5))
    check(frequencies(SAMPLES[sample]))


@pytest.mark.parametrize("table", [[], [[1]], [[1, 2]], [[0, 0], [0, 0]], [[1, 0], [0, 1]], [[3, 0], [5, 0]]])
def test_every_awkward_table_has_an_answer(table: list[list[int]]) -> None:
    check(association(table))


def test_shares_of_nobody() -> None:
    assert proportion(0, 0).share is None
    assert proportion(0, 0).percent is None
    assert difference_of_proportions(0, 0, 1, 2).estimate is None
    assert rule_of_three(0) is None
    assert rule_of_three(150) == pytest.approx(0.02)
    assert hedges_correction(1) is None


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ([], [], "nobody"),
        ([3.0], [4.0], "one person"),
        ([3.0, 4.0], [4.0, 4.0], "two people"),
        ([3.0, 4.0, 5.0], [3.0, 4.0, 5.0], "nobody's score changed"),
        ([3.0, 4.0, 5.0], [4.0, 5.0, 6.0], "same amount"),
    ],
)
def test_the_note_says_why(before: list[float], after: list[float], why: str) -> None:
    assert why in paired_change(before, after).note


def test_a_group_of_one_person_is_described_but_not_tested() -> None:
    ours = compare_groups([1.0, 2.0, 3.0, 4.0, 5.0, 9.0], ["a", "a", "b", "b", "b", "c"])
    assert ours.statistic_name == "t"
    assert [(row.level, row.n) for row in ours.levels] == [("a", 2), ("b", 3), ("c", 1)]
    assert (ours.n, ours.n_left_out) == (5, 1)
    assert "c" in ours.note


def test_one_group_is_no_comparison() -> None:
    ours = compare_groups([1.0, 2.0, 3.0], ["a", "a", "a"])
    assert ours.p is None
    assert "fewer than two groups" in ours.note


def test_a_group_without_variation_stops_welch_over_several_groups_only() -> None:
    score = [2.0, 2.0, 2.0, 1.0, 3.0, 5.0, 2.0, 4.0, 1.0]
    names = ["a"] * 3 + ["b"] * 3 + ["c"] * 3
    assert compare_groups(score, names).p is None
    assert "variation in every group" in compare_groups(score, names).note
    assert compare_groups(score, names, test="student").p is not None
    assert compare_groups(score[:6], names[:6]).p is not None


def test_changes_equal_within_each_group_have_no_mixed_model() -> None:
    before = pd.Series(np.arange(6.0) ** 1.5)
    after = before + np.repeat([1.0, 2.0], 3)
    ours = mixed_change(before, after, pd.Series(list("aaabbb")))
    assert ours.coefficients == ()
    assert ours.note
