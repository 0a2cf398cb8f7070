"""Golden numbers of the four measures, an independent computation of each, and what is not estimable."""

from __future__ import annotations

from itertools import permutations

import pytest
from braid.qualitative import coefficients
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

counts = st.integers(0, 60)


def test_the_golden_numbers_of_a_rare_code() -> None:
    found = coefficients(3, 2, 2, 93)
    assert found.n == 100
    assert (found.percent, found.kappa, found.alpha, found.ac1) == pytest.approx((0.96, 0.579, 0.581, 0.956), abs=5e-4)
    assert found.reason == ""


@pytest.mark.filterwarnings("ignore:invalid value")  # of its z value, which is not used
@settings(deadline=None)
@given(counts, counts, counts, counts)
def test_kappa_equals_that_of_statsmodels(both: int, first: int, second: int, neither: int) -> None:
    found = coefficients(both, first, second, neither)
    assume(found.kappa is not None)
    assert found.kappa == pytest.approx(cohens_kappa([[both, first], [second, neither]]).kappa)


@settings(deadline=None)
@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.integers(0, 6))
def test_alpha_equals_a_count_of_all_pairs(both: int, first: int, second: int, neither: int) -> None:
    found = coefficients(both, first, second, neither)
    assume(found.alpha is not None)
    values = [1, 1] * both + [0, 0] * neither + [1, 0] * (first + second)
    pairs = list(permutations(values, 2))
    expected = sum(a != b for a, b in pairs) / len(pairs)
    observed = (first + second) / found.n
    assert found.alpha == pytest.approx(1 - observed / expected)


@settings(deadline=None)
@given(counts, counts, counts, counts)
def test_the_order_of_the_coders_does_not_matter(both: int, first: int, second: int, neither: int) -> None:
    one, other = coefficients(both, first, second, neither), coefficients(both, second, first, neither)
    assert one.percent == other.percent
    for name in ("kappa", "alpha", "ac1"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), nan_ok=False)


@settings(deadline=None)
@given(counts, counts, counts, counts)
def test_nothing_is_above_one_and_only_perfect_agreement_is_one(both: int, first: int, second: int, no: int) -> None:
    found = coefficients(both, first, second, no)
    assume(found.kappa is not None and found.alpha is not None and found.ac1 is not None)
    for value in (found.kappa, found.alpha, found.ac1):
        assert value <= 1 + 1e-12
        assert (value > 1 - 1e-12) == (found.disagreements == 0)


@pytest.mark.parametrize(
    ("table", "percent", "reason"),
    [
        ((0, 0, 0, 40), 1.0, "nobody applied this code"),
        ((40, 0, 0, 0), 1.0, "both coders applied this code to every unit"),
        ((0, 0, 0, 0), None, "no unit was coded by both coders"),
    ],
)
def test_a_code_without_variation_is_not_estimable(
    table: tuple[int, int, int, int], percent: float | None, reason: str
) -> None:
    found = coefficients(*table)
    assert (found.kappa, found.alpha, found.ac1) == (None, None, None)
    assert found.percent == percent
    assert found.reason == reason


def test_a_code_of_one_coder_alone_says_so() -> None:
    found = coefficients(0, 5, 0, 15)
    assert found.kappa == pytest.approx(0)
    assert found.reason == "only one coder used this code"


def test_negative_counts_are_a_bug() -> None:
    with pytest.raises(ValueError, match="negative"):
        coefficients(-1, 0, 0, 3)
