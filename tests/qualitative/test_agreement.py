"""Agreement over speaker turns and passages, one table by hand, and what becomes of the disagreements."""

from __future__ import annotations

import pandas as pd
import pytest
from braid.errors import UserError
from braid.qualitative import agreement, turns
from braid.qualitative.agreement import REFLEXIVE
from hypothesis import given, settings
from hypothesis import strategies as st

from .small_interviews import CODED, CODING, INTERVIEWEES, TRANSCRIPTS, place, segments

PEOPLE = set(INTERVIEWEES["participant"])


def test_a_table_worked_out_by_hand() -> None:
    # Units: the five turns of participants. Marks, A / B:
    #   G_1 Speaker_1   time, noise / time
    #   G_1 Speaker_2   peers       / peers
    #   G_1 Speaker_3   -           / -
    #   G_2 Speaker_1   -           / time
    #   G_2 Speaker_2   peers       / peers
    table = agreement(segments(), TRANSCRIPTS, ["A", "B"], coding=CODING, participants=PEOPLE)
    assert (table.unit, table.n, table.sources, table.left_out) == ("speaker turn", 5, ("G_1", "G_2"), ())
    found = {code.theme: code.result for code in table.codes}
    counts = {theme: (r.both, r.only_first, r.only_second, r.neither) for theme, r in found.items()}
    assert counts == {
        "barriers": (1, 0, 1, 3),
        "barriers.time": (1, 0, 1, 3),
        "barriers.noise": (0, 1, 0, 4),
        "helps": (2, 0, 0, 3),
        "helps.peers": (2, 0, 0, 3),
    }
    # time: po = 4/5; pA = 1/5, pB = 2/5, pe = 2/25 + 12/25 = 14/25; kappa = (20 - 14)/(25 - 14) = 6/11
    # alpha: 3 marks of 10, De = 2*3*7/90 = 42/90, alpha = 1 - (1/5)/(42/90) = 4/7
    # AC1: pi = 3/10, pe = 42/100, (80 - 42)/(100 - 42) = 19/29
    time = found["barriers.time"]
    assert (time.percent, time.kappa, time.alpha, time.ac1) == pytest.approx((4 / 5, 6 / 11, 4 / 7, 19 / 29))
    assert found["helps.peers"].kappa == 1
    assert found["barriers.noise"].reason == "only one coder used this code"
    # pooled: three codes in use, 15 decisions
    assert table.pooled is not None
    assert (table.pooled.both, table.pooled.only_first, table.pooled.only_second, table.pooled.neither) == (3, 1, 1, 10)


def test_the_moderators_turns_count_only_where_everybodys_do() -> None:
    assert agreement(segments(), TRANSCRIPTS, coding=CODING).n == 6


def test_without_transcripts_the_unit_is_the_passage() -> None:
    table = agreement(segments(), None, coding=CODING)
    assert (table.unit, table.n) == ("segment", 5)
    time = next(code.result for code in table.codes if code.theme == "barriers.time")
    assert (time.both, time.only_first, time.only_second, time.neither) == (1, 0, 1, 3)


def test_segments_without_offsets_meet_by_their_words() -> None:
    bare = segments().assign(start=pd.NA, end=pd.NA)
    assert agreement(bare, None).pooled == agreement(segments(), None).pooled


def test_other_boundaries_in_the_same_turn_are_agreement() -> None:
    first = segments([("G_1", "There is never a quiet minute.", "barriers.time", "A")])
    second = segments([("G_1", "never a quiet minute. The phones", "barriers.time", "B")])
    both = pd.concat([first, second])
    for transcripts in (TRANSCRIPTS, None):
        pooled = agreement(both, transcripts, coding=CODING).pooled
        assert pooled is not None
        assert (pooled.both, pooled.disagreements) == (1, 0)


@settings(deadline=None)
@given(st.permutations(range(len(segments()))))
def test_shuffled_rows_give_the_same_table(order: list[int]) -> None:
    rows = segments()
    for transcripts in (TRANSCRIPTS, None):
        expected = agreement(rows, transcripts, coding=CODING)
        assert agreement(rows.iloc[order], transcripts, coding=CODING) == expected


def test_swapped_coders_swap_only_the_sides() -> None:
    one = agreement(segments(), TRANSCRIPTS, ["A", "B"], coding=CODING)
    other = agreement(segments(), TRANSCRIPTS, ["B", "A"], coding=CODING)
    for left, right in zip(one.codes, other.codes, strict=True):
        assert (left.result.only_first, left.result.only_second) == (right.result.only_second, right.result.only_first)
        assert left.result.kappa == pytest.approx(right.result.kappa)
        assert left.result.ac1 == pytest.approx(right.result.ac1)


def test_a_repeated_row_changes_nothing() -> None:
    rows = segments()
    assert agreement(pd.concat([rows, rows]), TRANSCRIPTS, coding=CODING) == agreement(rows, TRANSCRIPTS, coding=CODING)


def test_a_source_of_one_coder_is_left_out_and_named() -> None:
    rows = segments([*CODED[:3]])
    alone = segments([("G_2", "We talk it over at breakfast.", "helps.peers", "A")])
    table = agreement(pd.concat([rows, alone]), TRANSCRIPTS, coding=CODING)
    assert (table.sources, table.left_out) == (("G_1",), ("G_2",))


def test_a_reflexive_study_reports_no_agreement_and_says_why() -> None:
    table = agreement(segments(), TRANSCRIPTS, coding=CODING.model_copy(update={"approach": "reflexive"}))
    assert (table.codes, table.pooled, table.reason) == ((), None, REFLEXIVE)


@pytest.mark.parametrize(
    ("coders", "reason"), [("A", "coded by one person"), ("ABC", "and 3 worked here"), ("", "no coder is named")]
)
def test_other_than_two_coders_is_a_reason_not_a_crash(coders: str, reason: str) -> None:
    rows = segments([("G_1", "The phones ring all day.", "barriers.noise", coders or "A")])
    rows = rows if coders else rows.assign(coder="")
    assert reason in agreement(rows, TRANSCRIPTS, coding=CODING).reason


def test_an_unknown_coder_is_named() -> None:
    with pytest.raises(UserError, match="no segments") as raised:
        agreement(segments(), TRANSCRIPTS, ["A", "Z"])
    assert (raised.value.found, raised.value.expected) == ("Z", "A or B")


def test_a_segment_outside_its_transcript_stops_with_its_place() -> None:
    rows = segments()
    rows.loc[0, ["start", "end"]] = [9000, 9010]
    with pytest.raises(UserError, match="within a turn") as raised:
        agreement(rows, TRANSCRIPTS, coding=CODING)
    assert raised.value.place == "transcript G_1"
    assert raised.value.found == "characters 9000 to 9010"


def test_the_consensus_record_is_held_against_the_disagreements() -> None:
    noise, nights = place("The phones ring all day.", "G_1"), place("Nights are short", "G_2")
    record = pd.DataFrame(
        {
            "source": ["G_1", "G_1"],
            "start": [noise[0], noise[0]],
            "end": [noise[1], noise[1]],
            "theme": ["barriers.noise", "helps.peers"],
            "decision": ["not applied", "Applied"],
            "adjudicator": ["C", "C"],
        }
    )
    found = agreement(segments(), TRANSCRIPTS, coding=CODING, consensus=record).consensus
    assert found is not None
    assert (found.disagreements, found.settled, found.open, found.apart) == (2, 1, 1, 1)
    assert (found.applied, found.not_applied, found.adjudicators) == (1, 1, 1)
    more = pd.DataFrame(
        {"source": ["G_2"], "start": [nights[0]], "end": [nights[1]], "theme": ["barriers.time"], "decision": ["yes"]}
    )
    found = agreement(segments(), TRANSCRIPTS, coding=CODING, consensus=more).consensus
    assert found is not None
    assert (found.settled, found.open, found.adjudicators) == (1, 1, 0)


def test_turns_are_exact_slices_and_keep_continued_lines() -> None:
    text = "Ann: one\r\nstill one\r\n\r\nBen:  two\n"
    found = turns("G", text)
    assert [(turn.speaker, text[turn.start : turn.end]) for turn in found] == [
        ("Ann", "one\r\nstill one"),
        ("Ben", "two"),
    ]
