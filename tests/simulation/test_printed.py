from fractions import Fraction

import pytest
from braid.simulation.printed import interval, print_like


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("4.03", Fraction(4025, 1000), Fraction(4035, 1000)),
        (".097", Fraction(965, 10000), Fraction(975, 10000)),
        ("65", Fraction(129, 2), Fraction(131, 2)),
        ("< .001", Fraction(0), Fraction(1, 1000)),
        ("-0.5", Fraction(-55, 100), Fraction(-45, 100)),
    ],
)
def test_the_interval_of_a_printed_number_is_half_a_unit_of_its_last_digit(
    printed: str, low: Fraction, high: Fraction
) -> None:
    assert interval(printed) == (low, high)


@pytest.mark.parametrize(
    ("printed", "value", "expected"),
    [
        ("4.03", 4.025, "4.03"),
        ("4.03", 4.0249, "4.02"),
        (".097", 0.0966, ".097"),
        ("-.5", -0.44, "-.4"),
        ("< .001", 0.0002, "< .001"),
        ("< .001", 0.0014, ".001"),
        ("65", 65.196, "65"),
    ],
)
def test_a_value_is_printed_in_the_style_of_the_published_one(printed: str, value: float, expected: str) -> None:
    assert print_like(printed, value) == expected
