"""Two cohorts: themes that are new, gone, or voiced by a clearly larger or smaller share."""

from __future__ import annotations

import pytest
from braid.presentation.between_cohorts import description, table
from braid.qualitative import BetweenCohorts, ThemePrevalence, between_cohorts
from braid.statistics.proportion import difference_of_proportions
from hypothesis import given
from hypothesis import strategies as st


def theme(path: str, k: int | None, n: int) -> ThemePrevalence:
    share = None if k is None else k / n
    return ThemePrevalence(
        path, path.rpartition(".")[2].capitalize(), "", path.count("."), k, n, share, None, None, k, ()
    )


FIRST = [theme("a", 60, 60), theme("a.time", 40, 60), theme("a.noise", 0, 60), theme("a.peers", 5, 60),
         theme("a.rest", 8, 60), theme("a.none", 0, 60), theme("old", 3, 60)]  # fmt: skip
SECOND = [theme("a", 70, 80), theme("a.time", 20, 80), theme("a.noise", 6, 80), theme("a.peers", 0, 80),
          theme("a.rest", 12, 80), theme("a.none", 0, 80), theme("later", 9, 80)]  # fmt: skip


def compared() -> BetweenCohorts:
    return between_cohorts(FIRST, SECOND, ("spring", "autumn"))


def test_each_theme_has_one_status() -> None:
    assert {one.theme: one.status for one in compared().themes} == {
        "a": "less",
        "a.time": "less",
        "a.noise": "new",
        "a.peers": "gone",
        "a.rest": "no clear difference",
        "a.none": "in neither",
        "later": "added code",
        "old": "dropped code",
    }


def test_the_difference_is_second_minus_first_with_newcombes_interval() -> None:
    # Newcombe 1998, Table II, contrast (a): 56/70 - 48/80, method 10: 0.0524 to 0.3339
    (one,) = between_cohorts([theme("t", 48, 80)], [theme("t", 56, 70)], ("x", "y")).themes
    assert (one.difference, one.low, one.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert one.status == "more"


def test_the_sentences_name_what_is_new_and_gone_and_claim_no_more_than_the_intervals() -> None:
    said = " ".join(map(str, description(compared())))
    assert "Voiced in autumn and not in spring: noise (6 of 80)." in said
    assert "Voiced in spring and not in autumn: peers (5 of 60)." in said
    assert "Time was less prevalent in autumn (20 of 80) than in spring (40 of 60; difference in percentage" in said
    assert "points −41.7, 95% CI −55.1 to −25.3)." in said
    assert "On the other sub-theme voiced in both, no difference was clear." in said
    assert "Later stands only in the codebook of autumn" in said
    assert "silence is not disagreement" in said
    assert "With so few participants" not in said


def test_small_cohorts_carry_the_caution() -> None:
    few = between_cohorts([theme("t", 0, 9)], [theme("t", 2, 30)], ("x", "y"))
    assert few.themes[0].status == "new"
    assert "by chance" in str(description(few)[-1])
    assert "by chance" in table(few).markdown()


def test_a_hidden_count_is_neither_compared_nor_given_away() -> None:
    found = between_cohorts([theme("t", None, 60)], SECOND[:1], ("x", "y"))
    one = between_cohorts([theme("a", None, 60)], SECOND[:1], ("x", "y")).themes[0]
    assert (one.status, one.difference) == ("not shown", None)
    assert "cannot be compared without showing small numbers" in " ".join(
        map(str, description(between_cohorts([theme("a", None, 60)], SECOND[:1], ("x", "y"))))
    )
    assert [theme_.status for theme_ in found.themes] == ["added code", "dropped code"]


def test_the_table_has_a_row_for_each_theme_of_either_cohort() -> None:
    text = " ".join(table(compared()).text().split())
    assert "not coded" in text
    assert "Time 40 (67%) 20 (25%) −41.7 [−55.1, −25.3] Less prevalent" in text
    for one in compared().themes:
        assert one.label in text


def test_a_cohort_without_themes_is_a_bug() -> None:
    with pytest.raises(ValueError, match="themes"):
        between_cohorts([], SECOND, ("x", "y"))


counts = st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, counts)
def test_turning_the_cohorts_round_turns_the_words_round(one: tuple[int, int], other: tuple[int, int]) -> None:
    a, b = [theme("t", *one)], [theme("t", *other)]
    there, back = between_cohorts(a, b, ("x", "y")).themes[0], between_cohorts(b, a, ("y", "x")).themes[0]
    opposite = {"new": "gone", "gone": "new", "more": "less", "less": "more"}
    assert back.status == opposite.get(there.status, there.status)
    expected = difference_of_proportions(*other, *one)
    assert there.difference == pytest.approx(expected.estimate)
    description(between_cohorts(a, b, ("x", "y")))  # the guard of its sentences holds for every pair of counts
