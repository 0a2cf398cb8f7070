"""Descriptions, counts, ends of a scale, and scores from items."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from braid.statistics.descriptive import ceiling, describe, frequencies
from braid.statistics.missing import item_missing
from braid.statistics.scoring import n_answered, scale_score

NAN = np.nan


def test_a_description_counts_what_is_missing() -> None:
    ours = describe(pd.Series([1, 2, None, 4, 9], dtype="Int64"))
    assert (ours.n, ours.missing, ours.mean, ours.median, ours.minimum, ours.maximum) == (4, 1, 4.0, 3.0, 1.0, 9.0)
    assert (ours.q1, ours.q3) == (1.75, 5.25)
    assert ours.sd == pytest.approx(np.sqrt(38 / 3))


def test_infinity_is_refused() -> None:
    with pytest.raises(ValueError, match="infinite"):
        describe([1.0, np.inf])


def test_counts_keep_the_order_given_and_the_empty_levels() -> None:
    ours = frequencies(["often", None, "never", "often"], ["never", "sometimes", "often"])
    assert [(row.level, row.count) for row in ours.levels] == [("never", 1), ("sometimes", 0), ("often", 2)]
    assert (ours.n, ours.missing, ours.percent_missing) == (3, 1, 25.0)
    assert ours.levels[2].percent == pytest.approx(200 / 3)
    assert ours.count("often") == 2


def test_numeric_levels_sort_as_numbers() -> None:
    assert [row.level for row in frequencies(pd.Series([10, 9, 2, 10])).levels] == [2, 9, 10]


def test_a_categorical_column_with_unused_levels_is_counted() -> None:
    column = pd.Series(pd.Categorical(["b", "a", "b"], categories=["a", "b", "c"]))
    assert [row.count for row in frequencies(column, ["a", "b"]).levels] == [1, 2]


def test_a_value_that_is_no_level_is_not_dropped_in_silence() -> None:
    with pytest.raises(ValueError, match="no level"):
        frequencies(["yes", "no", "perhaps"], ["yes", "no"])


def test_ceiling_is_flagged_above_fifteen_percent() -> None:
    ours = ceiling([5.0] * 3 + [4.0] * 16 + [1.0], 1, 5)
    assert (ours.at_maximum, ours.at_minimum, ours.ceiling, ours.floor) == (3, 1, False, False)
    assert ceiling([5.0] * 4 + [4.0] * 16, 1, 5).ceiling is True
    assert ceiling([15 * (1 / 15 + 0.0)], 1, 5).at_minimum == 1


ANSWERS = pd.DataFrame(
    {"a": [5, 4, NAN, NAN, NAN], "b": [4, NAN, NAN, 2, NAN], "c": [3, 4, 1, NAN, NAN], "d": [4, 4, 2, NAN, NAN]},
    index=["p1", "p2", "p3", "p4", "p5"],
)


def test_the_half_rule_scores_who_answered_half_the_items() -> None:
    score = scale_score(ANSWERS, minimum=1, maximum=5)
    assert score.to_dict() == pytest.approx({"p1": 4, "p2": 4, "p3": 1.5, "p4": NAN, "p5": NAN}, nan_ok=True)
    assert n_answered(ANSWERS).tolist() == [4, 3, 2, 1, 0]


def test_half_of_an_odd_number_is_rounded_up() -> None:
    items = pd.DataFrame([[1, NAN, NAN], [1, 2, NAN]])
    assert scale_score(items, minimum=1, maximum=5).isna().tolist() == [True, False]


def test_the_complete_rule_scores_whole_forms_only() -> None:
    assert scale_score(ANSWERS, minimum=1, maximum=5, rule="complete").notna().tolist() == [True] + [False] * 4


def test_a_sum_is_prorated() -> None:
    score = scale_score(ANSWERS, minimum=1, maximum=5, method="sum")
    assert score["p1"] == 16
    assert score["p2"] == 16
    assert score["p3"] == 6


def test_reversed_items_are_turned_round() -> None:
    score = scale_score(ANSWERS, minimum=1, maximum=5, reverse=["a"])
    assert score["p1"] == pytest.approx((1 + 4 + 3 + 4) / 4)
    assert ANSWERS.loc["p1", "a"] == 5


def test_answers_outside_the_range_and_unknown_items_are_refused() -> None:
    with pytest.raises(ValueError, match="'a' holds 5"):
        scale_score(ANSWERS, minimum=1, maximum=4)
    with pytest.raises(ValueError, match="not there"):
        scale_score(ANSWERS, minimum=1, maximum=5, reverse=["z"])


def test_missing_answers_are_counted_item_by_item() -> None:
    assert [(row.item, row.missing, row.percent) for row in item_missing(ANSWERS)] == [
        ("a", 3, 60.0),
        ("b", 3, 60.0),
        ("c", 2, 40.0),
        ("d", 2, 40.0),
    ]
