"""Equivalence, items as ordered categories, regression to the mean: against R (r/sensitivity.R), and at their edges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from braid.statistics.change import paired_change
from braid.statistics.comparison import compare_groups
from braid.statistics.equivalence import equivalent_change, equivalent_groups, two_one_sided
from braid.statistics.independent_change import independent_change
from braid.statistics.ordinal import ordinal_change
from braid.statistics.regression_to_mean import extreme_quarter

from .agreement import SEARCHED, same

FROM_R = json.loads((Path(__file__).parent / "r" / "sensitivity.json").read_text(encoding="utf-8"))["answers"]
RNG = np.random.default_rng(20)


def test_equivalence_of_a_change(r_data: dict[str, Any]) -> None:
    before, after = (r_data[wave].sum(axis=1) / 6 for wave in ("before", "after"))
    theirs = FROM_R["equivalence"]
    paired = equivalent_change(paired_change(before, after), 0.6)
    same(paired.p, theirs["paired"])
    assert paired.equivalent
    small = equivalent_change(paired_change(r_data["small_before"], r_data["small_after"]), 0.9)
    same(small.p, theirs["paired_small"])
    waves = equivalent_change(independent_change(before, after), 0.8)
    same(waves.p, theirs["waves"])


@pytest.mark.parametrize("test", ["welch", "student"])
def test_several_groups_are_equivalent_where_every_pair_is(test: Any, r_data: dict[str, Any]) -> None:
    ours = compare_groups(r_data["score"], r_data["site"], test=test, margin=0.9)
    same(ours.equivalence_p, FROM_R["equivalence"][f"sites_{test}"])
    assert ours.equivalence_p is not None
    assert ours.equivalent is (ours.equivalence_p < 0.05)
    assert "every pair" in ours.method


def test_equivalence_of_what_cannot_be_tested_is_open() -> None:
    for before, after in ([], []), ([1.0], [2.0]), ([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]):
        ours = equivalent_change(paired_change(before, after), 0.5)
        assert (ours.p, ours.equivalent) == (None, None)
    assert equivalent_groups([np.array([1.0, 1.0]), np.array([1.0, 1.0])], 1.0, welch=True) is None
    with pytest.raises(ValueError, match="above 0"):
        two_one_sided(0.1, 0.1, 10, 0)


@pytest.mark.parametrize("item", range(6))
def test_proportional_odds_with_errors_by_person(item: int, r_data: dict[str, Any]) -> None:
    ours = ordinal_change(r_data["before"][:, item], r_data["after"][:, item])
    for name, value in FROM_R["ordinal"][item].items():
        same(getattr(ours, name), value, SEARCHED)


def test_the_odds_turn_over_with_the_waves_and_do_not_see_the_names_of_the_answers() -> None:
    before, after = RNG.integers(1, 6, 40), RNG.integers(1, 6, 40)
    forth, back = ordinal_change(before, after), ordinal_change(after, before)
    assert forth.odds_ratio is not None
    assert back.odds_ratio == pytest.approx(1 / forth.odds_ratio, rel=1e-8)
    assert back.p == pytest.approx(forth.p, rel=1e-8)
    renamed = ordinal_change(before**2 + 3, after**2 + 3)
    assert renamed.odds_ratio == pytest.approx(forth.odds_ratio, rel=1e-12)


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ([], [], "fewer than three"),
        ([1, 2], [2, 3], "fewer than three"),
        ([3, 3, 3, 3], [3, 3, 3, 3], "same answer"),
        ([1, 2, 1, 1, 2], [5, 5, 5, 4, 4], "no finite estimate"),
    ],
)
def test_odds_that_cannot_be_estimated_say_why(before: list[float], after: list[float], note: str) -> None:
    ours = ordinal_change(before, after)
    assert (ours.odds_ratio, ours.p) == (None, None)
    assert note in ours.note


def test_regression_to_the_mean_is_all_that_moves_a_quarter_where_nothing_happened() -> None:
    trait = RNG.normal(size=20_000)
    before, after = (trait + RNG.normal(size=trait.size) for _ in range(2))
    for lowest in (True, False):
        ours = extreme_quarter(before, after, lowest=lowest)
        assert ours.change is not None
        assert ours.expected == pytest.approx(ours.change.difference, abs=0.04)
        assert (ours.expected > 0.5) if lowest else (ours.expected < -0.5)
        assert ours.n == 5000


def test_a_quarter_that_nobody_or_everybody_is_in_has_no_expectation() -> None:
    assert "fewer than eight" in extreme_quarter([1.0, 2.0], [2.0, 1.0]).note
    assert "no variation" in extreme_quarter([1.0] * 9, list(range(9))).note
    # nine in ten at the ceiling: the upper quarter begins there, and so does nearly everybody
    nearly = [5.0] * 9 + [4.0]
    found = extreme_quarter(nearly, RNG.normal(size=10), lowest=False)
    assert (found.n, found.of) == (9, 10)
    assert "everybody" in extreme_quarter(nearly, RNG.normal(size=10)).note
