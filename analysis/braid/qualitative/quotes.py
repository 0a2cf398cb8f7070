"""Which of the approved segments are quoted: exact, masked, spread over participants, themes and groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from braid.qualitative.approvals import (
    NO_WORDS,
    Approval,
    Passage,
    Place,
    as_shown,
    check_edit,
    check_slice,
    passages_by_theme,
    read_approvals,
    undecided,
)
from braid.qualitative.assignment import assign
from braid.qualitative.codes import check_segments, named, participants_by_group, settle
from braid.qualitative.masking import mask_key
from braid.study import Coding


@dataclass(frozen=True)
class Quote:
    """One quote as it may be published. participant: the masked name; group: "" where none is known.

    edited: the words differ from the source, each difference standing in square brackets. deviant: chosen
    because it speaks against the theme's others.
    """

    theme: str
    participant: str
    group: str
    text: str
    edited: bool = False
    deviant: bool = False


@dataclass(frozen=True)
class BlockedQuote:
    """An approved segment that is not quoted, and why; for the analyst, never for the report."""

    source: str
    start: int | None
    end: int | None
    reason: str


@dataclass(frozen=True)
class QuoteSelection:
    """quotes: for the report, in order of the themes. blocked and key: for the analyst, outside the outputs.

    key: masked name of each participant. themes_short: themes quoted from fewer than two
    participants although two or more voiced them.
    """

    quotes: tuple[Quote, ...]
    blocked: tuple[BlockedQuote, ...]
    key: Mapping[str, str]
    themes_short: tuple[str, ...]


@dataclass(frozen=True)
class _Candidate:
    passage: Passage
    text: str
    edited: bool
    deviant: bool


def select(
    segments: pd.DataFrame,
    approvals: pd.DataFrame | None,
    interviewees: pd.DataFrame,
    *,
    cohort: str,
    transcripts: Mapping[str, str] | None = None,
    deny_list: Iterable[str] = (),
    consensus: pd.DataFrame | None = None,
    coding: Coding | None = None,
    per_theme: int = 2,
    per_participant: int = 2,
) -> QuoteSelection:
    """Choose quotes among the approved segments; the same rows in any order give the same quotes.

    approvals: source, start, end, approved (yes/no), approved_by, reason; optional: deviant (yes/no), edited_text, a
    shortened wording whose every change stands in square brackets, and quote, the words, which say which passage is
    meant where there are no offsets. A quote needs a yes and a name. Where the privacy patterns
    find something it also needs a reason that names each kind found (`date: the day is public`).
    At most `per_theme` quotes of a theme, each by another participant, and `per_participant` of one
    participant in the whole report; as many themes as possible get their full number. Among participants who
    would do, one deviant case comes first, then groups that were quoted least.
    interviewees: participant, group. cohort: seeds the masking (see masking.mask_key).
    Raises UserError where a segment's words are not the slice of its transcript, or an edit is not marked.
    """
    rows = settle(check_segments(segments, coding), consensus)
    members = participants_by_group(interviewees)
    key = mask_key([*members, *named(rows["participant"])], cohort)
    deny = list(deny_list)
    blocked: list[BlockedQuote] = []
    by_theme = passages_by_theme(rows)
    known = {passage.place: passage for found in by_theme.values() for passage in found}
    candidates: dict[Place, _Candidate] = {}
    for place, approval in read_approvals(approvals).items():
        if not approval.approved:
            continue
        result = _candidate(approval, known.get(place), transcripts or {}, key, deny)
        if isinstance(result, str):
            blocked.append(BlockedQuote(*place[:3], result))
        else:
            candidates[place] = result
    choices = {
        theme: [c for p in found if (c := candidates.get(p.place)) is not None] for theme, found in by_theme.items()
    }
    order = [theme for theme in (coding.paths() if coding else sorted(choices)) if theme in choices]
    quotes = _choose({theme: choices[theme] for theme in order}, members, key, per_theme, per_participant)
    counts = Counter(quote.theme for quote in quotes)
    short = tuple(
        theme
        for theme in order
        if counts[theme] < min(per_theme, 2) <= len({p.participant for p in by_theme[theme]} - {""})
    )
    return QuoteSelection(tuple(quotes), tuple(blocked), key, short)


def _candidate(
    approval: Approval,
    passage: Passage | None,
    transcripts: Mapping[str, str],
    key: Mapping[str, str],
    deny: list[str],
) -> _Candidate | str:
    """The passage ready to be quoted, or the reason why it is not."""
    if passage is None:
        return "no coded segment stands at this place"
    check_slice(passage, transcripts)
    if not approval.by:
        return "approved, but nobody is named in approved_by"
    if not passage.participant:
        return "it is not known who said it"
    words = passage.text.strip()
    if not words:
        return NO_WORDS
    if approval.edited_text:
        check_edit(approval.edited_text, words, approval.place)
    shown = as_shown(passage, approval.edited_text, key)
    kinds = ", ".join(sorted({finding.kind for finding in undecided(shown, approval.reason, deny)}))
    if kinds:
        return f"it may identify somebody ({kinds}); to quote it, say in the reason why each may stay: `{kinds}: ...`"
    return _Candidate(passage, shown, shown != words, approval.deviant)


def _choose(
    choices: dict[str, list[_Candidate]],
    members: Mapping[str, str],
    key: Mapping[str, str],
    per_theme: int,
    per_participant: int,
) -> list[Quote]:
    deviants = {theme: {c.passage.participant for c in some if c.deviant} for theme, some in choices.items()}
    speakers = {theme: {c.passage.participant for c in some} for theme, some in choices.items()}
    chosen = assign(
        speakers,
        members,
        per_theme,
        per_participant,
        first=deviants,
        rank={person: number for number, person in enumerate(key)},
    )
    used: set[Passage] = set()
    quotes = []
    for theme, people in chosen.items():
        wanted = True  # the deviant case: one is enough
        for person in people:
            own = [c for c in choices[theme] if c.passage.participant == person]
            best = min(own, key=lambda c: (c.deviant != wanted, c.passage in used))
            wanted = wanted and not best.deviant
            used.add(best.passage)
            quotes.append(Quote(theme, key[person], members.get(person, ""), best.text, best.edited, best.deviant))
    return quotes
