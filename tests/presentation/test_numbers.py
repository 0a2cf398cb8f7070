"""Rounding and number formats."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from braid.presentation import numbers
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.285, 2, "0.29"),  # round() gives 0.28
        (1.005, 2, "1.01"),
        (2.675, 2, "2.68"),
        (-2.5, 0, "−3"),  # away from zero; round() gives -2
        (0.5, 0, "1"),
        (-0.001, 2, "0.00"),  # no negative zero
        (4.034999999999999, 2, "4.04"),  # noise of the last bit
        (4.0349, 2, "4.03"),
        (1e22, 1, "10000000000000000000000"),
        (1e-12, 2, "0.00"),
        (np.float64(1.25), 1, "1.3"),
        (np.int64(3), 2, "3.00"),
        (None, 2, "–"),
        (math.nan, 2, "–"),
        (math.inf, 2, "–"),
        (pd.NA, 2, "–"),
        (Decimal("2.345"), 2, "2.35"),
    ],
)
def test_numbers_round_half_away_from_zero(value: float, digits: int, text: str) -> None:
    assert numbers.fixed(value, digits) == text


@given(st.integers(-(10**8), 10**8), st.integers(0, 3))
def test_a_number_typed_with_five_decimals_rounds_as_by_hand(units: int, digits: int) -> None:
    typed = Decimal(units).scaleb(-5)
    by_hand = typed.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    shown = numbers.fixed(float(typed), digits).replace("−", "-")
    assert Decimal(shown) == by_hand
    assert not (by_hand == 0 and shown.startswith("-"))


def test_means_intervals_and_counts_read_as_in_the_field() -> None:
    assert numbers.mean_sd(4.03, 0.54) == "4.03 ± 0.54"
    assert numbers.mean_sd(4.03, None) == "4.03 ± –"
    assert numbers.mean_sd(math.nan, math.nan) == "–"
    assert numbers.interval(0.47, 0.63) == "0.47 to 0.63"
    assert numbers.interval(-0.2, 0.1, 1) == "−0.2 to 0.1"
    assert numbers.estimate_ci(0.55, 0.47, 0.63) == "0.55, 95% CI 0.47 to 0.63"
    assert numbers.estimate_ci(0.55, 0.47, 0.63, level=0.997, brackets=True) == "0.55 [0.47, 0.63]"
    assert numbers.ci_name(0.995) == "99.5% CI"
    assert numbers.count_percent(142, 204) == "142 (69.6%)"
    assert numbers.count_percent(0, 0) == "0 (–)"
    assert numbers.statistic("t", 14.2, 203) == "t(203) = 14.20"
    assert numbers.statistic("F", 3.2, 2, 187.44) == "F(2, 187.4) = 3.20"
    assert numbers.statistic("t", None, 203) == "–"
    assert numbers.degrees_of_freedom(203.0) == "203"


def test_counts_are_grouped_from_five_digits_on() -> None:
    assert numbers.whole(4000) == "4000"
    assert numbers.whole(12345) == "12\u202f345"
    assert numbers.whole(1234567, separator="none") == "1234567"
    assert numbers.whole(-12345) == "−12\u202f345"


def test_a_bound_beside_zero_is_never_written_as_zero() -> None:
    assert numbers.interval(0.003, 0.12) == "0.003 to 0.120"
    assert numbers.interval(-0.0004, 0.12) == "−0.0004 to 0.1200"
    assert numbers.interval(0, 0.12) == "0.00 to 0.12"


def test_a_narrow_interval_is_written_with_the_decimals_that_show_how_narrow_it_is() -> None:
    assert numbers.interval(0.4083, 0.4131) == "0.408 to 0.413"
    assert numbers.estimate_ci(0.411, 0.4105, 0.4112, brackets=True) == "0.4110 [0.4105, 0.4112]"
    assert numbers.interval(0.5, 0.5) == "0.50 to 0.50"
    assert numbers.interval(0.5, 0.5 + 1e-12) == "0.50 to 0.50"


@pytest.mark.parametrize(
    ("p", "text", "clause"),
    [
        (0.034, ".034", "p = .034"),
        (0.0005, "< .001", "p < .001"),
        (0.001, ".001", "p = .001"),
        (0.0009999, "< .001", "p < .001"),
        (0, "< .001", "p < .001"),
        (0.9999, "> .999", "p > .999"),
        (1, "> .999", "p > .999"),
        (None, "–", "–"),
    ],
)
def test_p_values_are_in_apa_style(p: float, text: str, clause: str) -> None:
    assert numbers.p_value(p) == text
    assert numbers.p_clause(p) == clause


def test_a_p_beside_alpha_is_not_written_as_alpha() -> None:
    assert numbers.p_value(0.0499) == ".050"
    assert numbers.p_value(0.0499, alpha=0.05) == ".0499"
    assert numbers.p_value(0.05004, alpha=0.05) == ".05004"
    assert numbers.p_value(0.05, alpha=0.05) == ".050"


def test_p_values_have_options() -> None:
    assert numbers.p_value(0.034, 2) == ".03"
    assert numbers.p_value(0.034, leading_zero=True) == "0.034"
    assert numbers.p_value(0.0001, spaced=False) == "<.001"


@pytest.mark.parametrize("p", [-0.1, 1.2])
def test_a_p_value_outside_of_its_range_is_refused(p: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        numbers.p_value(p)


def test_some_is_never_written_as_none_nor_all_but_one_as_all() -> None:
    assert numbers.percent(1, 4000) == "< 0.1%"
    assert numbers.percent(3999, 4000) == "> 99.9%"
    assert numbers.percent(0, 4000) == "0.0%"
    assert numbers.percent(4000, 4000) == "100.0%"
    assert numbers.percent(18, 30, 0) == "60%"


@pytest.mark.parametrize(("part", "total"), [(5, 4), (-1, 4)])
def test_a_share_beyond_the_whole_is_refused(part: int, total: int) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        numbers.percent(part, total)
