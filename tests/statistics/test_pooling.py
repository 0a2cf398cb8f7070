"""Cohorts pooled and compared, against R (r/pooling.R: metafor, oneway.test, t.test), and what always holds."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from braid.statistics.change import paired_change
from braid.statistics.independent_change import independent_change
from braid.statistics.pooling import Part, differences_between, part_of, pool
from hypothesis import given, settings
from hypothesis import strategies as st

FROM_R: dict[str, Any] = json.loads((Path(__file__).parent / "r" / "pooling.json").read_text(encoding="utf-8"))
NAMES = "abcdef"

numbers = st.integers(-400, 400).map(lambda n: n / 100)
errors = st.integers(2, 150).map(lambda n: n / 100)
cohorts = st.lists(st.tuples(numbers, errors, st.integers(1, 300)), min_size=2, max_size=6).map(
    lambda rows: [Part(name, y, se, float(df)) for name, (y, se, df) in zip(NAMES, rows, strict=False)]
)


def of(name: str) -> list[Part]:
    given = FROM_R["sets"][name]
    rows = zip(NAMES, given["y"], given["se"], given["df"], strict=False)
    return [Part(label, y, se, df) for label, y, se, df in rows]


@pytest.mark.parametrize("name", list(FROM_R["sets"]))
def test_cohorts_are_pooled_as_metafor_pools_them(name: str) -> None:
    ours, theirs = pool(of(name)), FROM_R["answers"][name]
    # R's τ² comes from an iteration, and with it all that rests on it
    for field in ("estimate", "low", "high", "t", "p", "tau2", "tau2_low", "tau2_high"):
        assert getattr(ours, field) == pytest.approx(theirs[field], rel=1e-5, abs=1e-9), field
    for field in ("common", "common_low", "common_high", "q", "q_p", "df"):
        assert getattr(ours, field) == pytest.approx(theirs[field], rel=1e-9), field
    if theirs["k"] > 2:
        assert (ours.prediction_low, ours.prediction_high) == pytest.approx(theirs["prediction"], rel=1e-5)
    else:
        assert (ours.prediction_low, ours.prediction_high) == (None, None)


def test_the_test_of_the_cohorts_is_welchs_test_of_the_changes_of_people() -> None:
    people, theirs = {name: np.array(x) for name, x in FROM_R["people"].items()}, FROM_R["welch"]
    parts = [Part(n, float(x.mean()), float(x.std(ddof=1)) / math.sqrt(x.size), x.size - 1) for n, x in people.items()]
    ours = differences_between(parts)
    assert (ours.statistic, ours.df, ours.df_error, ours.p) == pytest.approx(
        (theirs["f"], theirs["df"], theirs["df_error"], theirs["p"]), rel=1e-9
    )
    for row in ours.differences:
        found = {key: getattr(row, key) for key in ("t", "df", "p", "low", "high")}
        assert found == pytest.approx(theirs[row.name], rel=1e-9), row.name
    two = differences_between(parts[:2])
    assert two.statistic == pytest.approx(theirs["b"]["t"] ** 2, rel=1e-9)
    assert two.p == pytest.approx(theirs["b"]["p"], rel=1e-9)
    assert ours.differences[0].p_holm == pytest.approx(max(theirs["b"]["p"], 2 * theirs["c"]["p"]), rel=1e-9)


def test_a_change_gives_its_standard_error_back() -> None:
    rng = np.random.default_rng(5)
    before, after = rng.normal(3, 1, 20), rng.normal(3.4, 1.2, 20)
    paired = paired_change(before, after)
    part = part_of("a", paired.difference, paired.low, paired.high, paired.df)
    assert part is not None
    assert part.error == pytest.approx(float(np.std(after - before, ddof=1)) / math.sqrt(20), rel=1e-9)
    waves = independent_change(before, after[:12])
    part = part_of("a", waves.difference, waves.low, waves.high, waves.df)
    assert part is not None
    expected = math.sqrt(float(before.var(ddof=1)) / 20 + float(after[:12].var(ddof=1)) / 12)
    assert part.error == pytest.approx(expected, rel=1e-9)


def test_who_cannot_be_weighed_is_no_part() -> None:
    alike = paired_change(np.array([1.0, 2, 3]), np.array([2.0, 3, 4]))
    alone = paired_change(np.array([1.0]), np.array([2.0]))
    nobody = paired_change(np.array([]), np.array([]))
    for change in (alike, alone, nobody):
        assert part_of("a", change.difference, change.low, change.high, change.df) is None


@pytest.mark.parametrize("parts", [[], of("two")[:1]])
def test_fewer_than_two_cohorts_are_said_to_be_too_few(parts: list[Part]) -> None:
    pooled, differences = pool(parts), differences_between(parts)
    assert pooled.estimate is None and "fewer than two cohorts" in pooled.note
    assert differences.p is None and "fewer than two cohorts" in differences.note


@pytest.mark.parametrize("parts", [[Part("a", 1, 1, 9), Part("a", 2, 1, 9)], [Part("a", 1, 0, 9), Part("b", 2, 1, 9)]])
def test_parts_that_are_none_are_refused(parts: list[Part]) -> None:
    with pytest.raises(ValueError, match=r"named once|positive"):
        pool(parts)


@given(cohorts, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_the_cohorts_changes_nothing(parts: list[Part], random: Any) -> None:
    mixed = list(parts)
    random.shuffle(mixed)
    assert pool(mixed) == pool(parts)
    there, back = differences_between(parts), differences_between(mixed)
    assert (back.statistic, back.df_error, back.p) == (there.statistic, there.df_error, there.p)


@given(cohorts)
@settings(deadline=None, max_examples=60)
def test_the_first_cohort_turns_the_sign_of_the_differences(parts: list[Part]) -> None:
    there, back = differences_between(parts[:2]), differences_between(parts[1::-1])
    one, other = there.differences[0], back.differences[0]
    assert (other.difference, other.low, other.high) == pytest.approx((-one.difference, -one.high, -one.low))
    assert other.p == pytest.approx(one.p)


@given(cohorts, st.integers(1, 40).map(lambda n: n / 4), numbers)
@settings(deadline=None, max_examples=60)
def test_another_unit_or_origin_changes_nothing_but_the_unit(parts: list[Part], unit: float, origin: float) -> None:
    there = pool(parts)
    moved = pool([Part(p.name, origin + unit * p.estimate, unit * p.error, p.df) for p in parts])
    assert there.estimate is not None and there.tau2 is not None and there.low is not None
    assert moved.estimate == pytest.approx(origin + unit * there.estimate, abs=1e-5)
    assert moved.low == pytest.approx(origin + unit * there.low, rel=1e-5, abs=1e-5)
    assert moved.tau2 == pytest.approx(unit**2 * there.tau2, rel=1e-5, abs=1e-7)
    assert moved.i2 == pytest.approx(there.i2, abs=1e-6)


@given(cohorts)
@settings(deadline=None, max_examples=60)
def test_every_number_is_one_and_lies_where_it_must(parts: list[Part]) -> None:
    found = pool(parts)
    values = [v for v in vars(found).values() if isinstance(v, float)]
    assert all(map(math.isfinite, values))
    assert found.low is not None and found.estimate is not None and found.high is not None
    assert min(p.estimate for p in parts) - 1e-9 <= found.estimate <= max(p.estimate for p in parts) + 1e-9
    assert found.low < found.estimate < found.high
    assert found.i2 is not None and 0 <= found.i2 <= 1 and found.tau2 is not None and found.tau2 >= 0
    if len(parts) > 2:
        assert found.prediction_low is not None and found.prediction_low <= found.low + 1e-9
