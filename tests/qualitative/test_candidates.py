"""What could be quoted: numbered, with what was decided and what stands in the way."""

from __future__ import annotations

import pandas as pd
import pytest
from braid.errors import UserError
from braid.qualitative import Candidate, candidates, select, unmet

from .small_interviews import CODED, CODING, INTERVIEWEES, TRANSCRIPTS, place, segments
from .test_quotes import approvals


def found(rows: pd.DataFrame, decided: pd.DataFrame | None = None, **more: object) -> list[Candidate]:
    return candidates(rows, decided, INTERVIEWEES, cohort="demo", coding=CODING, **more)  # type: ignore[arg-type]


def test_every_passage_has_one_number_in_reading_order_whoever_coded_it() -> None:
    shown = found(segments().iloc[::-1])
    assert [(one.number, one.words) for one in shown] == [
        (1, "There is never a quiet minute."),
        (2, "The phones ring all day."),
        (3, "My colleagues cover for me when it gets hard."),
        (4, "Nights are short and the list is long — é, 😀."),
        (5, "We talk it over at breakfast."),
    ]
    assert {one.state for one in shown} == {"open"}
    assert not any("Speaker" in one.participant for one in shown)


def test_a_passage_with_two_codes_is_one_candidate_of_both_themes() -> None:
    rows = segments([*CODED[:1], ("G_1", CODED[0][1], "barriers.noise", "A")])
    (one,) = found(rows)
    assert one.themes == ("barriers.time", "barriers.noise")


def test_decisions_and_what_blocks_are_told() -> None:
    rows = segments()
    decided = approvals(rows).assign(approved=["yes", "no", "yes", "yes", "yes"])
    decided["reason"] = ["", "too close", "", "", "vivid"]
    decided["approved_by"] = ["R", "R", "", "R", "R"]
    shown = {one.words: one for one in found(rows, decided, deny_list=["Breakfast"])}
    assert [one.state for one in shown.values()] == ["approved", "refused", "approved", "approved", "approved"]
    assert shown["The phones ring all day."].reason == "too close"
    assert shown["My colleagues cover for me when it gets hard."].problem == "nobody is named in approved_by"
    assert shown["We talk it over at breakfast."].kinds == ("deny-list",)
    decided.loc[4, "reason"] = "deny-list: a meal"
    (cleared,) = [one for one in found(rows, decided, deny_list=["Breakfast"]) if "breakfast" in one.words]
    assert (cleared.kinds, cleared.cleared) == ((), ("deny-list",))


def test_a_code_that_consensus_dropped_gives_no_candidate() -> None:
    start, end = place(CODED[1][1], "G_1")
    dropped = pd.DataFrame(
        {"source": ["G_1"], "start": [start], "end": [end], "theme": ["barriers.noise"], "decision": ["not applied"]}
    )
    assert "The phones ring all day." not in {one.words for one in found(segments(), consensus=dropped)}


def test_a_decision_without_offsets_would_drop_a_whole_source_and_is_refused() -> None:
    row = {"source": ["G_1"], "start": [pd.NA], "end": [pd.NA], "theme": ["barriers.noise"], "decision": ["dropped"]}
    with pytest.raises(UserError, match="which segment"):
        found(segments(), consensus=pd.DataFrame(row))


def test_passages_without_offsets_are_told_apart_by_their_words() -> None:
    bare = segments().assign(start=pd.NA, end=pd.NA)
    assert len(found(bare)) == 5
    decided = pd.DataFrame(
        {
            "source": ["G_1"], "start": [pd.NA], "end": [pd.NA], "quote": ["The phones  ring all day."],
            "approved": ["yes"], "approved_by": ["R"], "reason": [""],
        }
    )  # fmt: skip
    assert [one.words for one in found(bare, decided) if one.state == "approved"] == ["The phones ring all day."]
    quoted = select(bare, decided, INTERVIEWEES, cohort="demo", transcripts=TRANSCRIPTS, coding=CODING)
    assert [quote.text for quote in quoted.quotes] == ["The phones ring all day."]


def test_decisions_that_meet_no_passage_are_counted() -> None:
    decided = approvals(segments())
    decided.loc[0, "end"] += 1
    assert len(unmet(decided, [one.place for one in found(segments())])) == 1


def test_one_deviant_case_is_enough_for_a_theme() -> None:
    rows = segments()
    times = [CODED[0], CODED[3], ("G_1", "My colleagues cover for me when it gets hard.", "barriers.time", "A")]
    rows = segments(times)
    decided = approvals(rows)
    both = decided["source"] == "G_1"
    decided["deviant"] = both.map({True: "yes", False: "no"})
    quoted = select(rows, decided, INTERVIEWEES, cohort="demo", transcripts=TRANSCRIPTS, coding=CODING)
    assert sorted(quote.deviant for quote in quoted.quotes) == [False, True]
