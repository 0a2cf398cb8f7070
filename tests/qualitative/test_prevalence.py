"""Participants are counted, once, and mentions apart."""

from __future__ import annotations

import pandas as pd
import pytest
from braid.errors import UserError
from braid.qualitative import ThemePrevalence, compare_groups, prevalence, unused_codes
from hypothesis import given, settings
from hypothesis import strategies as st

from .small_interviews import CODED, CODING, INTERVIEWEES, place, segments


def themes(rows: pd.DataFrame, **more: object) -> dict[str, ThemePrevalence]:
    return {theme.theme: theme for theme in prevalence(rows, INTERVIEWEES, CODING, **more)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("k", "n", "low", "high"), [(6, 7, 0.421, 0.996), (7, 7, 0.590, 1.0), (12, 30, 0.227, 0.594), (0, 7, 0.0, 0.410)]
)
def test_the_golden_intervals(k: int, n: int, low: float, high: float) -> None:
    people = [f"P{i}" for i in range(n)]
    rows = pd.DataFrame(
        {
            "source": "S", "participant": people, "group": "", "coder": "A", "theme": "barriers.time",
            "start": range(0, 10 * n, 10), "end": range(5, 10 * n, 10), "quote": "words",
        }
    ).head(k)  # fmt: skip
    found = prevalence(rows, pd.DataFrame({"participant": people, "group": "north"}), CODING)[0]
    assert (found.k, found.n) == (k, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-4)


def test_counts_by_theme_and_group() -> None:
    found = themes(segments())
    assert list(found) == list(CODING.paths())
    time = found["barriers.time"]
    assert (time.k, time.n, time.mentions, time.share) == (2, 5, 2, 0.4)
    assert [(g.group, g.label, g.k, g.n) for g in time.by_group] == [
        ("north", "North ward", 1, 3),
        ("south", "South ward", 1, 2),
    ]


def test_a_parent_counts_a_participant_once_over_its_sub_themes() -> None:
    barriers = themes(segments())["barriers"]
    assert (barriers.k, barriers.mentions, barriers.depth) == (2, 3, 0)


def test_two_coders_of_one_passage_are_one_mention_even_with_other_boundaries() -> None:
    rows = pd.concat(
        [
            segments([("G_1", "There is never a quiet minute.", "barriers.time", "A")]),
            segments([("G_1", "never a quiet minute. The", "barriers.time", "B")]),
        ]
    )
    assert themes(rows)["barriers.time"].mentions == 1


def test_two_passages_of_one_participant_are_two_mentions_and_one_participant() -> None:
    rows = segments([("G_1", "There is never", "barriers.time", "A"), ("G_1", "all day.", "barriers.time", "A")])
    time = themes(rows)["barriers.time"]
    assert (time.k, time.mentions) == (1, 2)


def test_consensus_takes_a_code_off_for_all_coders() -> None:
    start, end = place(CODED[0][1], "G_1")
    record = pd.DataFrame(
        {"source": ["G_1"], "start": [start], "end": [end], "theme": ["barriers.time"], "decision": ["not applied"]}
    )
    found = themes(segments(), consensus=record)
    assert (found["barriers.time"].k, found["barriers.noise"].k) == (1, 1)
    assert themes(segments(), consensus=record.assign(decision="applied")) == themes(segments())
    with pytest.raises(UserError, match="not understood"):
        themes(segments(), consensus=record.assign(decision="perhaps"))


def test_codes_that_nobody_used_are_listed() -> None:
    found = prevalence(segments(CODED[:1]), INTERVIEWEES, CODING)
    assert unused_codes(found) == ["barriers.noise", "helps", "helps.peers"]


@settings(deadline=None)
@given(st.permutations(range(len(segments()))), st.permutations(range(len(INTERVIEWEES))))
def test_the_order_of_rows_and_people_does_not_matter(rows: list[int], people: list[int]) -> None:
    expected = prevalence(segments(), INTERVIEWEES, CODING)
    assert prevalence(segments().iloc[rows], INTERVIEWEES.iloc[people], CODING) == expected


def test_coder_names_do_not_matter() -> None:
    rows = segments()
    assert prevalence(rows.assign(coder=rows["coder"].map({"A": "B", "B": "A"})), INTERVIEWEES, CODING) == prevalence(
        rows, INTERVIEWEES, CODING
    )


def test_a_segment_of_the_whole_group_is_a_mention_of_nobody() -> None:
    for nobody in ("", None):
        time = themes(segments().assign(participant=nobody))["barriers.time"]
        assert (time.k, time.mentions) == (0, 2)


def test_without_a_list_of_people_those_in_the_segments_stand_in() -> None:
    assert {theme.n for theme in prevalence(segments(), None, CODING)} == {4}


def test_an_unknown_theme_and_an_unknown_person_are_named() -> None:
    with pytest.raises(UserError) as raised:
        prevalence(segments().assign(theme="barriers.tme"), INTERVIEWEES, CODING)
    assert raised.value.todo == "did you mean barriers.time?"
    with pytest.raises(UserError) as raised:
        prevalence(segments().assign(participant="G_1_Speaker_9"), INTERVIEWEES, CODING)
    assert raised.value.found == "G_1_Speaker_9"
    assert raised.value.place == "coded segments: participant"


def test_missing_columns_are_named() -> None:
    with pytest.raises(UserError, match="lack columns") as raised:
        prevalence(segments().drop(columns=["end"]), INTERVIEWEES, CODING)
    assert raised.value.todo == "add end"


def test_groups_are_compared_in_pairs() -> None:
    # difference 1/3 - 1/2; Fisher on [[1, 2], [1, 1]] is certain to be 1
    time = next(d for d in compare_groups(prevalence(segments(), INTERVIEWEES, CODING)) if d.theme == "barriers.time")
    assert (time.first, time.second, time.p) == ("north", "south", pytest.approx(1))
    assert time.difference == pytest.approx(-1 / 6)
    assert time.low is not None and time.high is not None
    assert -1 <= time.low < -1 / 6 < time.high <= 1


def test_newcombes_published_interval() -> None:
    # Newcombe 1998, Table II, contrast (a): 56/70 - 48/80, method 10: 0.0524 to 0.3339
    people = pd.DataFrame({"participant": [f"P{i}" for i in range(150)], "group": ["north"] * 70 + ["south"] * 80})
    who = [f"P{i}" for i in [*range(56), *range(70, 118)]]
    rows = pd.DataFrame(
        {
            "source": who, "participant": who, "group": "", "coder": "A", "theme": "barriers.time",
            "start": 0, "end": 5, "quote": "words",
        }
    )  # fmt: skip
    found = next(d for d in compare_groups(prevalence(rows, people, CODING)) if d.theme == "barriers.time")
    assert (found.difference, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_sites_and_occasions_are_counted_where_anybody_has_them() -> None:
    rows = segments().assign(occasion=["first", "first", "first", "first", "first", "later", "later", "later"])
    people = INTERVIEWEES.assign(site=["B", "B", "", "A", "A"])
    found = {theme.theme: theme for theme in prevalence(rows, people, CODING)}
    time = found["barriers.time"]
    assert [(count.label, count.k, count.n) for count in time.by_site] == [("A", 1, 2), ("B", 1, 2)]
    assert all(not theme.by_site and not theme.by_occasion for theme in themes(segments()).values())


def test_who_was_heard_twice_counts_on_each_occasion_for_what_was_voiced_then() -> None:
    coded = [("G_1", "There is never a quiet minute.", "barriers.time", "A"),
             ("G_1", "The phones ring all day.", "barriers.noise", "A")]  # fmt: skip
    rows = segments(coded).assign(occasion=["first", "later"])
    found = {theme.theme: theme for theme in prevalence(rows, INTERVIEWEES, CODING)}
    assert [(count.label, count.k, count.n) for count in found["barriers.time"].by_occasion] == [
        ("first", 1, 1),
        ("later", 0, 1),
    ]
    assert [count.k for count in found["barriers"].by_occasion] == [1, 1]
    assert found["barriers"].k == 1
