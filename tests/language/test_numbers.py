"""Numbers, lists and dates as Danish writes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from braid.language import speaking, written_date
from braid.presentation import numbers
from braid.presentation.alignment import align_numbers
from braid.presentation.prose import enumeration
from braid.prose.sentences import Sentence
from braid.prose.typed_numbers import typed_numbers


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    with speaking("da"):
        yield


def test_a_comma_stands_before_the_decimals() -> None:
    assert numbers.fixed(-1.5) == "−1,50"
    assert numbers.mean_sd(4.03, 0.54) == "4,03 ± 0,54"
    assert numbers.short(0.05) == "0,05"
    assert numbers.degrees_of_freedom(187.44) == "187,4"


def test_thousands_are_grouped_by_a_point() -> None:
    assert numbers.whole(9999) == "9999"
    assert numbers.whole(1234567) == "1.234.567"


def test_the_percent_sign_stands_apart() -> None:
    assert numbers.percent(142, 204) == "69,6\u00a0%"
    assert numbers.percent(1, 4000) == "< 0,1\u00a0%"
    assert numbers.count_percent(142, 204) == "142 (69,6\u00a0%)"


def test_a_zero_stands_before_the_comma_of_p() -> None:
    assert numbers.p_value(0.0004) == "< 0,001"
    assert numbers.p_clause(0.034) == "p = 0,034"
    assert numbers.p_value(0.9999) == "> 0,999"


def test_a_semicolon_parts_numbers_that_hold_commas() -> None:
    assert numbers.estimate_ci(0.55, 0.47, 0.63, brackets=True) == "0,55 [0,47; 0,63]"
    assert numbers.statistic("F", 3.2, 1.8, 46.3) == "F(1,8; 46,3) = 3,20"


def test_numbers_of_a_column_stand_in_line() -> None:
    assert align_numbers(["9,5 (4,4\u00a0%)", "1.142,25 (69,6\u00a0%)"])[0] == ("9,5\u2007\u2007 (4,4\u00a0%)")


def test_words_are_enumerated() -> None:
    assert enumeration(["a", "b", "c"]) == "a, b og c"
    assert enumeration(["a", "b"], "or") == "a eller b"


def test_a_date_is_written_out() -> None:
    assert written_date(date(2026, 3, 7)) == "7. marts 2026"


def test_numbers_typed_by_hand_are_found_and_known_by_the_result_that_reads_the_same() -> None:
    prose = [Sentence("Gennemsnittet var 4,03, og 6 af 7 blev.", "context.md: line 1", ())]
    found = typed_numbers(prose, {"change": {"scq": {"text": "4,03 ± 0,54"}}})
    assert [(one.text, one.result) for one in found] == [("4,03", "change.scq.text"), ("6 af 7", "")]
