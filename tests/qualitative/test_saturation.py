"""New codes over events, and when the base-and-run rule may be used."""

from __future__ import annotations

import pandas as pd
import pytest
from braid.errors import UserError
from braid.qualitative import cooccurrence, saturation
from braid.qualitative.saturation import REFLEXIVE
from hypothesis import given, settings
from hypothesis import strategies as st

from .small_interviews import CODING, segments


def events(*codes: str) -> pd.DataFrame:
    """One event for each word; each letter is a code."""
    rows = [(f"E_{number}", letter) for number, word in enumerate(codes, start=1) for letter in word]
    frame = pd.DataFrame(rows, columns=["source", "theme"])
    return frame.assign(participant="P", coder="A", start=0, end=9, quote="words")


def test_three_groups_cannot_be_assessed_and_say_so() -> None:
    curve = saturation(events("abc", "bd", "a"))
    assert [point.cumulative for point in curve.points] == [3, 4, 4]
    assert [point.new for point in curve.points] == [("a", "b", "c"), ("d",), ()]
    assert (curve.assessable, curve.runs, curve.reached_after) == (False, (), None)
    assert "not assessable: there are 3 events, and the rule of Guest, Namey and Chen" in curve.caution
    assert "needs at least 6" in curve.caution


def test_runs_after_the_base_move_on_by_one_event() -> None:
    # base of 4 events: 8 codes; runs: events 5-6 hold 2 new codes, 6-7 hold 1, 7-8 none
    curve = saturation(events("abc", "cd", "ef", "gh", "ai", "aj", "bc", "d"))
    assert [run.events for run in curve.runs] == [("E_5", "E_6"), ("E_6", "E_7"), ("E_7", "E_8")]
    assert [(run.new, run.share) for run in curve.runs] == [(2, 2 / 8), (1, 1 / 8), (0, 0)]
    assert (curve.assessable, curve.reached_after) == (True, 6)
    assert "at most 5% new codes after 6 events" in curve.caution


def test_a_threshold_that_is_not_reached_is_told() -> None:
    curve = saturation(events("a", "b", "c", "d", "e", "f"))
    assert curve.reached_after is None
    assert "more than 5% new codes up to the last event" in curve.caution


def test_events_come_in_number_order_or_in_the_order_given() -> None:
    rows = events(*"abcdefghijk")
    assert [point.event for point in saturation(rows).points][-2:] == ["E_10", "E_11"]
    turned = [f"E_{number}" for number in range(11, 0, -1)]
    assert [point.event for point in saturation(rows, order=turned).points] == turned
    with pytest.raises(UserError, match="missing in the order") as raised:
        saturation(rows, order=turned[1:])
    assert raised.value.found == "E_11"


def test_an_event_without_codes_is_an_event() -> None:
    points = saturation(events("a"), order=["E_0", "E_1"]).points
    assert [(point.event, point.cumulative) for point in points] == [("E_0", 0), ("E_1", 1)]


@settings(deadline=None)
@given(st.lists(st.text("abcdef", min_size=1, max_size=4), min_size=1, max_size=9))
def test_the_curve_never_falls_and_ends_at_all_codes(words: list[str]) -> None:
    points = saturation(events(*words)).points
    heights = [point.cumulative for point in points]
    assert heights == sorted(heights)
    assert heights[-1] == len(set("".join(words))) == sum(len(point.new) for point in points)


def test_a_reflexive_study_reports_none() -> None:
    reflexive = CODING.model_copy(update={"approach": "reflexive"})
    assert saturation(segments(), coding=reflexive).caution == REFLEXIVE


def test_jaccard_counts_passages_once() -> None:
    rows = segments(
        [
            ("G_1", "There is never a quiet minute.", "barriers.time", "AB"),
            ("G_1", "There is never a quiet minute. The phones ring all day.", "barriers.noise", "A"),
            ("G_2", "Nights are short and the list is long", "barriers.time", "A"),
            ("G_2", "We talk it over at breakfast.", "helps.peers", "A"),
        ]
    )
    (pair,) = cooccurrence(rows, coding=CODING)
    assert (pair.first, pair.second) == ("barriers.noise", "barriers.time")
    assert (pair.both, pair.n_first, pair.n_second, pair.jaccard) == (1, 1, 2, 1 / 2)
