"""Sentences say what the numbers allow, and no more."""

from __future__ import annotations

import itertools
import math

import pytest
from braid.presentation import directions, sentences
from braid.presentation.directions import claim_in, direction
from braid.presentation.sentences import Effect, Statistic
from hypothesis import assume, example, given
from hypothesis import strategies as st

from .through_pandoc import tree

T = Statistic("t", 14.2, (203,), 1e-12)
BOUNDS = [-2, -0.5, -0.004, -0.000001, 0, 0.000001, 0.004, 0.5, 2]


@pytest.mark.parametrize(("low", "high"), list(itertools.combinations_with_replacement(BOUNDS, 2)))
@pytest.mark.parametrize("higher_is", ["better", "worse"])
def test_a_direction_needs_an_interval_on_one_side_of_zero(
    low: float, high: float, higher_is: directions.HigherIs
) -> None:
    found = direction((low + high) / 2, low, high, higher_is)
    if low <= 0 <= high:
        assert found == "unclear"
    else:
        assert found == ("better" if (low > 0) == (higher_is == "better") else "worse")


@pytest.mark.parametrize("values", [(None, 0.1, 0.2), (0.1, None, 0.2), (0.1, 0.05, None), (math.nan, 0.1, 0.2)])
def test_without_estimate_or_interval_nothing_is_claimed(values: tuple[float, float, float]) -> None:
    assert direction(*values) == "not estimable"
    for sentence in every_sentence(*values):
        assert not claim_in(sentence)
        assert "could not be estimated" in sentence


@pytest.mark.parametrize("values", [(0.5, 0.6, 0.7), (0.5, 0.7, 0.3)])
def test_an_interval_without_its_estimate_is_refused(values: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="is not one"):
        direction(*values)


def every_sentence(estimate: float | None, low: float | None, high: float | None) -> list[str]:
    before, after = (3.0, 0.5), (3.2, 0.5)
    return [
        text.plain()
        for text in (
            sentences.change("Competence", before, after, estimate, low, high, test=T),
            sentences.change("Competence", before, after, estimate, low, high, higher_is="worse"),
            sentences.difference("Competence", ("A", 3, 1), ("B", 3, 1), estimate, low, high, test=T),
            sentences.association("Competence", "age", estimate, low, high, unit="year"),
        )
    ]


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_no_sentence_claims_a_direction_beside_an_interval_with_zero(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    assume(low <= 0 <= high)
    for sentence in every_sentence((low + high) / 2, low, high):
        assert not claim_in(sentence), sentence
        assert "no clear" in sentence


@given(st.floats(1e-9, 3), st.floats(1e-9, 3), st.booleans())
@example(2e-8, 3, False)
def test_the_interval_as_printed_never_contradicts_the_words(one: float, other: float, below: bool) -> None:
    low, high = min(one, other), max(one, other)
    if below:
        low, high = -high, -low
    for sentence in every_sentence((low + high) / 2, low, high):
        printed = sentence.partition("CI ")[2].split(";")[0].rstrip(".)").replace("−", "-")
        bounds = [float(part) for part in printed.split(" to ")]
        assert bool(claim_in(sentence)) == (bounds[0] > 0 or bounds[1] < 0)


def test_a_change_reads_as_in_the_field() -> None:
    text = sentences.change(
        "Competence", (4.03, 0.54), (4.58, 0.47), 0.55, 0.47, 0.63, test=T, effect=Effect(1.09, 0.9, 1.28)
    )
    assert text.plain() == (
        "Competence improved: it rose from 4.03 ± 0.54 to 4.58 ± 0.47 (mean change 0.55, 95% CI 0.47 to 0.63; "
        "t(203) = 14.20, p < .001; d_av = 1.09, 95% CI 0.90 to 1.28)."
    )
    assert "*d*~av~ = 1.09" in text.source
    assert "*p* \\< .001" in text.source


def test_a_rise_is_worse_where_higher_is_worse() -> None:
    text = sentences.change("Burnout", (2, 1), (3, 1), 1, 0.5, 1.5, higher_is="worse").plain()
    assert text.startswith("Burnout worsened: it rose from")
    text = sentences.change("Burnout", (3, 1), (2, 1), -1, -1.5, -0.5, higher_is="worse").plain()
    assert text.startswith("Burnout improved: it fell from")


def test_the_reason_is_given_where_nothing_can_be_estimated() -> None:
    text = sentences.change("X", (3, None), (None, None), None, None, None, reason="nobody answered both times")
    assert text.plain() == "The change in X could not be estimated: nobody answered both times."


def test_the_higher_group_is_named() -> None:
    text = sentences.difference("Score", ("Female", 4.07, 0.53), ("Male", 3.9, 0.5), 0.17, 0.02, 0.32).plain()
    assert text.startswith("Score at the first wave was higher for Female (4.07 ± 0.53) than for Male (3.90 ± 0.50)")


def test_equivalence_is_told_beside_what_is_not_clear() -> None:
    by = ["gender", "school"]
    shown = sentences.small_enough(0.33, of="scores", shown=by).plain()
    assert shown == (
        "Differences by gender and school were smaller than the 0.33 points that would matter (two one-sided tests)."
    )
    both = sentences.small_enough(1, of="scores", shown=by[:1], still_open=by[1:]).plain()
    assert both == (
        "Differences by gender were smaller than the 1 point that would matter (two one-sided tests); "
        "by school this stays open."
    )
    none = sentences.small_enough(0.33, of="change", still_open=["gender"]).plain()
    assert none == (
        "By gender it stays open whether differences in change are smaller than the 0.33 points that would matter "
        "(two one-sided tests)."
    )
    assert sentences.small_enough(0.33, of="scores").plain() == ""


def test_several_groups_differ_by_p_alone() -> None:
    clear = sentences.groups_compared("Score", "specialty", Statistic("F", 3.2, (2, 201), 0.04)).plain()
    assert clear == "Score at the first wave differed by specialty (F(2, 201) = 3.20, p = .040)."
    unclear = sentences.groups_compared("Score", "specialty", Statistic("F", 3.0, (2, 201), 0.0504)).plain()
    assert unclear == "Score at the first wave showed no clear difference by specialty (F(2, 201) = 3.00, p = .0504)."


def test_satisfaction_gives_mean_and_shares() -> None:
    text = sentences.satisfaction("It was good", 4.54, 0.65, 204, 190, 127).plain()
    assert text == (
        "“It was good” was rated 4.54 ± 0.65 on average (n = 204); 190 of 204 (93.1%) agreed; "
        "127 (62.3%) chose “strongly agree”."
    )
    assert "not answered" in sentences.satisfaction("It was good", None, None, 0).plain()


@pytest.mark.parametrize("text", ["Scores improved.", "They were higher", "Burnout ROSE", "it fell", "groups differed"])
def test_the_guard_refuses_claims_beside_zero(text: str) -> None:
    with pytest.raises(ValueError, match="cannot stand beside"):
        directions.guard(text, -0.1, 0.2)
    with pytest.raises(ValueError, match="cannot stand beside"):
        directions.guard(text, None, None)
    assert directions.guard(text, 0.1, 0.2) == text


def test_the_guard_lets_plain_words_pass() -> None:
    assert directions.guard("There was no clear change.", -0.1, 0.2)


def test_labels_from_data_stay_literal_in_sentences() -> None:
    text = sentences.change("{{< env HOME >}} *x* @y", (3, 1), (4, 1), 1, 0.5, 1.5).source
    assert "{{<" not in text
    assert [block["t"] for block in tree(text)["blocks"]] == ["Para"]
    assert "Cite" not in str(tree(text)) and "Emph" not in str(tree(text))
