"""Only approved, exact and masked quotes, spread over people, themes and groups."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest
from braid.errors import UserError
from braid.qualitative import QuoteSelection, select
from braid.qualitative.assignment import assign
from hypothesis import given, settings
from hypothesis import strategies as st

from .small_interviews import CODED, CODING, INTERVIEWEES, TRANSCRIPTS, place, segments


def approvals(rows: pd.DataFrame, **cells: object) -> pd.DataFrame:
    frame = rows[["source", "start", "end"]].drop_duplicates().reset_index(drop=True)
    return frame.assign(**{"approved": "yes", "approved_by": "R. Searcher", "reason": "", **cells})


def chosen(rows: pd.DataFrame, allowed: pd.DataFrame, **more: object) -> QuoteSelection:
    options = {"cohort": "demo", "transcripts": TRANSCRIPTS, "coding": CODING, **more}
    return select(rows, allowed, INTERVIEWEES, **options)  # type: ignore[arg-type]


def test_quotes_are_exact_masked_and_named_by_group() -> None:
    found = chosen(segments(), approvals(segments()))
    assert sorted((quote.theme, quote.group, quote.text) for quote in found.quotes) == [
        ("barriers.noise", "north", "The phones ring all day."),
        ("barriers.time", "north", "There is never a quiet minute."),
        ("barriers.time", "south", "Nights are short and the list is long — é, 😀."),
        ("helps.peers", "north", "My colleagues cover for me when it gets hard."),
        ("helps.peers", "south", "We talk it over at breakfast."),
    ]
    back = {name: person for person, name in found.key.items()}
    said = {quote.text: back[quote.participant] for quote in found.quotes}
    assert said["There is never a quiet minute."] == "G_1_Speaker_1"
    assert not any("Speaker" in quote.participant for quote in found.quotes)
    assert found.blocked == ()


def test_nothing_is_quoted_without_a_yes_and_a_name() -> None:
    assert chosen(segments(), approvals(segments(), approved="no")).quotes == ()
    assert select(segments(), None, INTERVIEWEES, cohort="demo").quotes == ()
    unsigned = chosen(segments(), approvals(segments(), approved_by=None))
    assert unsigned.quotes == ()
    assert {one.reason for one in unsigned.blocked} == {"approved, but nobody is named in approved_by"}


def test_approvals_as_booleans_are_understood() -> None:
    assert chosen(segments(), approvals(segments(), approved=True)).quotes


def test_words_that_are_not_in_the_transcript_stop_the_run_with_the_place() -> None:
    rows = segments()
    rows["start"] += 1
    rows["end"] += 1
    with pytest.raises(UserError, match="not what stands at its place") as raised:
        chosen(rows, approvals(rows))
    assert raised.value.place is not None and raised.value.place.startswith("G_1, characters ")
    assert raised.value.expected == repr("There is never a quiet minute.")
    assert chosen(rows, approvals(rows), transcripts=None).quotes


def test_an_approval_without_a_segment_and_a_segment_without_a_speaker_are_told() -> None:
    rows = segments()
    moved = approvals(rows)
    moved["end"] -= 1
    assert {one.reason for one in chosen(rows, moved).blocked} == {"no coded segment stands at this place"}
    nameless = chosen(rows.assign(participant=""), approvals(rows))
    assert {one.reason for one in nameless.blocked} == {"it is not known who said it"}


def test_a_finding_blocks_the_quote_until_the_reason_names_its_kind() -> None:
    rows = segments()
    blocked = chosen(rows, approvals(rows, reason="vivid"), deny_list=["breakfast"])
    assert "breakfast" not in " ".join(quote.text for quote in blocked.quotes)
    (one,) = blocked.blocked
    assert (one.start, one.end) == place("We talk it over at breakfast.", "G_2")
    assert one.reason.startswith("it may identify somebody (deny-list)")
    cleared = chosen(rows, approvals(rows, reason="deny-list: a meal, not the ward"), deny_list=["breakfast"])
    assert cleared.blocked == ()
    assert any("breakfast" in quote.text for quote in cleared.quotes)


def test_edits_must_be_marked() -> None:
    rows = segments(CODED[:1])
    good = chosen(rows, approvals(rows, edited_text="There is [...] a quiet minute."))
    assert (good.quotes[0].text, good.quotes[0].edited) == ("There is [...] a quiet minute.", True)
    for bad in ("There is a quiet minute.", "There is always [...] minute.", "a quiet minute. [...] There is never"):
        with pytest.raises(UserError, match="without saying so"):
            chosen(rows, approvals(rows, edited_text=bad))


def test_a_participant_named_in_a_quote_is_masked_as_an_edit() -> None:
    words = "As G_2_Speaker_2 said, we talk."
    text = f"G_2_Speaker_1: {words}"
    start = text.index(words)
    rows = segments(CODED[3:4]).assign(quote=words, start=start, end=start + len(words))
    found = chosen(rows, approvals(rows), transcripts={"G_2": text})
    assert found.quotes[0].text == f"As [{found.key['G_2_Speaker_2']}] said, we talk."
    assert found.quotes[0].edited


def test_a_deviant_case_comes_first() -> None:
    rows = segments(CODED[3:] + CODED[:1])
    allowed = approvals(rows)
    start, _ = place(CODED[0][1], "G_1")
    odd = (allowed["source"] == "G_1") & (allowed["start"] == start)
    allowed["deviant"] = odd.map({True: "yes", False: "no"})
    found = chosen(rows, allowed, per_theme=1)
    assert [(q.text, q.deviant) for q in found.quotes if q.theme == "barriers.time"] == [(CODED[0][1], True)]


def test_a_theme_quoted_from_one_of_two_voices_is_listed() -> None:
    rows = segments()
    allowed = approvals(rows)
    allowed.loc[allowed["source"] == "G_2", "approved"] = "no"
    assert chosen(rows, allowed).themes_short == ("barriers.time", "helps.peers")
    assert chosen(rows, approvals(rows)).themes_short == ()


@settings(deadline=None)
@given(st.permutations(range(len(segments()))), st.permutations(range(5)))
def test_the_order_of_rows_does_not_matter(order: list[int], people: list[int]) -> None:
    rows = segments()
    expected = chosen(rows, approvals(rows))
    shuffled = select(
        rows.iloc[order], approvals(rows.iloc[order]), INTERVIEWEES.iloc[people], cohort="demo",
        transcripts=TRANSCRIPTS, coding=CODING,
    )  # fmt: skip
    assert shuffled == expected


speakers = st.dictionaries(st.sampled_from("uvwxyz"), st.sets(st.integers(0, 6).map("P{}".format)), min_size=1)


@settings(deadline=None)
@given(speakers, st.integers(1, 3), st.integers(1, 3))
def test_sharing_out_keeps_the_limits_and_wastes_nobody(
    who: dict[str, set[str]], per_theme: int, per_participant: int
) -> None:
    rank = {f"P{i}": i for i in range(7)}
    given_ = assign(who, {f"P{i}": str(i % 2) for i in rank.values()}, per_theme, per_participant, first={}, rank=rank)
    load = Counter(person for people in given_.values() for person in people)
    assert all(count <= per_participant for count in load.values())
    for theme, people in given_.items():
        assert len(people) == len(set(people)) <= per_theme
        assert set(people) <= who[theme]
    assert sum(load.values()) == _largest(who, per_theme, per_participant)


def _largest(who: dict[str, set[str]], per_theme: int, per_participant: int) -> int:
    """The largest number of quotes there can be: the smallest cut over all sets of themes (max-flow, min-cut)."""
    themes, people = list(who), {person for some in who.values() for person in some}
    best = len(themes) * per_theme
    for pick in range(2 ** len(themes)):
        kept = [theme for i, theme in enumerate(themes) if pick >> i & 1]
        cut = (len(themes) - len(kept)) * per_theme
        cut += sum(min(per_participant, sum(person in who[theme] for theme in kept)) for person in people)
        best = min(best, cut)
    return best
