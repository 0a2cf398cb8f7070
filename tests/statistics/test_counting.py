"""Samples and pairs that are counted say the same as the people themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from braid.statistics.answers import BLOCK, answers_of
from braid.statistics.counting import SHORT_SCALE, counted, counted_by, pairs, pairs_by
from braid.statistics.samples import Floats
from hypothesis import given
from hypothesis import strategies as st

ANSWERS = [1.0, 2.0, 3.0, 4.0, 5.0, float("nan")]
SCORES = [3.2, 3.4 - 0.2 + 1e-16, 1 / 3, 4.0, -2.5, float("nan")]
MARKS = st.one_of(st.sampled_from(ANSWERS), st.floats(-1e6, 1e6))
"""Answers on a short scale, and numbers of any kind among them."""


def samples(n: int = 40) -> st.SearchStrategy[list[float]]:
    return st.lists(st.sampled_from(ANSWERS), min_size=n, max_size=n) | st.lists(MARKS, min_size=n, max_size=n)


@given(samples(), samples())
def test_pairs_have_the_moments_of_the_people_who_have_both_values(before: list[float], after: list[float]) -> None:
    x, y = np.array(before), np.array(after)
    both = ~(np.isnan(x) | np.isnan(y))
    found = pairs(x, y)
    assert (found.n_before, found.n_after) == (np.count_nonzero(~np.isnan(x)), np.count_nonzero(~np.isnan(y)))
    again = np.repeat(np.column_stack([found.before, found.after]), found.counts, axis=0)
    people = np.column_stack([x[both], y[both]])
    np.testing.assert_array_equal(again, people[np.lexsort(people.T[::-1])])
    if found.size > 1:
        assert found.covariance == pytest.approx(np.cov(x[both], y[both])[0, 1], rel=1e-9, abs=1e-9)
        np.testing.assert_array_equal(found.first.values, np.unique(x[both]))


@given(samples(), samples(), st.lists(st.integers(-1, 2), min_size=40, max_size=40))
def test_pairs_of_groups_are_the_pairs_of_their_members(
    before: list[float], after: list[float], places: list[int]
) -> None:
    x, y, group = np.array(before), np.array(after), np.array(places)
    for place, found in enumerate(pairs_by(x, y, group, 3)):
        alone = pairs(x[group == place], y[group == place])
        for name in ("before", "after", "counts", "n_before", "n_after"):
            np.testing.assert_array_equal(getattr(found, name), getattr(alone, name))


@given(samples(), st.lists(st.integers(-1, 2), min_size=40, max_size=40))
def test_counted_groups_are_the_samples_of_their_members(values: list[float], places: list[int]) -> None:
    x, group = np.array(values), np.array(places)
    for place, found in enumerate(counted_by(x, group, 3)):
        alone = counted(x[group == place])
        np.testing.assert_array_equal(found.values, alone.values)
        np.testing.assert_array_equal(found.counts, alone.counts)


@given(st.lists(st.sampled_from(SCORES[:-1]), min_size=1, max_size=30), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]))
def test_quantiles_of_a_counted_sample_are_those_of_the_people(values: list[float], share: float) -> None:
    assert counted(values).quantile(share) == pytest.approx(float(np.quantile(values, share)), rel=1e-14)


def test_a_scale_that_is_not_short_is_told_apart_all_the_same() -> None:
    x = np.array([0.0, SHORT_SCALE * 3, 7.0, SHORT_SCALE * 3, np.nan])
    np.testing.assert_array_equal(counted_by(x, np.zeros(5, dtype=int), 1)[0].counts, [1, 1, 2])


def far(n: int, offset: float) -> Floats:
    rng = np.random.default_rng(4)
    return rng.normal(offset, 1, (n, 3))


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_moments_keep_their_digits_far_from_zero(offset: float) -> None:
    matrix = far(BLOCK + 5, offset)
    moments = answers_of(pd.DataFrame(matrix)).moments
    np.testing.assert_allclose(moments.covariance, np.cov(matrix, rowvar=False), rtol=1e-9, atol=1e-12)


def test_people_with_a_gap_are_not_among_the_complete() -> None:
    matrix = far(BLOCK + 5, 0.0)
    matrix[[0, BLOCK - 1, BLOCK + 2], [0, 1, 2]] = np.nan
    answers = answers_of(pd.DataFrame(matrix))
    whole = matrix[~np.isnan(matrix).any(axis=1)]
    np.testing.assert_array_equal(answers.whole, whole)
    assert answers.moments.n == len(whole)
    np.testing.assert_allclose(answers.moments.covariance, np.cov(whole, rowvar=False), rtol=1e-12)


def test_a_sum_varies_where_one_person_in_many_differs() -> None:
    matrix = np.full((2 * BLOCK, 3), 0.1)
    answers = answers_of(pd.DataFrame(matrix))
    assert not answers.vary(np.ones(3))
    matrix = matrix.copy()
    matrix[-1, 2] += 1e-9
    again = answers_of(pd.DataFrame(matrix))
    assert again.vary(np.ones(3)) and not again.vary(np.array([1.0, 1.0, 0.0]))
