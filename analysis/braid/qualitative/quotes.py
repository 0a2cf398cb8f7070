"""Which of the approved segments are quoted: exact, masked, spread over participants, themes and groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from braid.errors import UserError
from braid.qualitative.assignment import assign
from braid.qualitative.codes import check_segments, name_of, named, offset, participants_by_group, settle
from braid.qualitative.masking import mask_key, mask_text
from braid.qualitative.privacy import scan
from braid.qualitative.saturation import natural
from braid.study import Coding

YES = frozenset({"yes", "true", "1", "y"})
BRACKET = re.compile(r"\[[^\]]*\]")


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
class _Segment:
    source: str
    start: int | None
    end: int | None
    participant: str
    text: str


@dataclass(frozen=True)
class _Candidate:
    segment: _Segment
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

    approvals: source, start, end, approved (yes/no), approved_by, reason; optional: deviant (yes/no) and
    edited_text, a shortened wording whose every change stands in square brackets. A quote needs a yes and a
    name. Where the privacy patterns find something it also needs a reason that names each kind found
    (`date: the day is public`).
    At most `per_theme` quotes of a theme, each by another participant, and `per_participant` of one
    participant in the whole report; as many themes as possible get their full number. Among participants who
    would do, deviant cases come first, then groups that were quoted least.
    interviewees: participant, group. cohort: seeds the masking (see masking.mask_key).
    Raises UserError where a segment's words are not the slice of its transcript, or an edit is not marked.
    """
    rows = settle(check_segments(segments, coding), consensus)
    members = participants_by_group(interviewees)
    key = mask_key([*members, *named(rows["participant"])], cohort)
    deny = list(deny_list)
    blocked: list[BlockedQuote] = []
    by_theme = _segments_by_theme(rows)
    known = {(s.source, s.start, s.end): s for found in by_theme.values() for s in found}
    candidates: dict[tuple[str, int | None, int | None], _Candidate] = {}
    for place, approval in _approved(approvals):
        result = _candidate(place, approval, known, transcripts or {}, key, deny)
        if isinstance(result, str):
            blocked.append(BlockedQuote(*place, result))
        else:
            candidates[place] = result
    choices = {
        theme: [c for s in found if (c := candidates.get((s.source, s.start, s.end))) is not None]
        for theme, found in by_theme.items()
    }
    order = [theme for theme in (coding.paths() if coding else sorted(choices)) if theme in choices]
    quotes = _choose({theme: choices[theme] for theme in order}, members, key, per_theme, per_participant)
    counts = Counter(quote.theme for quote in quotes)
    short = tuple(
        theme
        for theme in order
        if counts[theme] < min(per_theme, 2) <= len({s.participant for s in by_theme[theme]} - {""})
    )
    return QuoteSelection(tuple(quotes), tuple(blocked), key, short)


def _segments_by_theme(rows: pd.DataFrame) -> dict[str, list[_Segment]]:
    """Distinct segments of each theme in reading order."""
    found: dict[str, set[_Segment]] = {}
    for row in rows.itertuples(index=False):
        whose = name_of(row.participant)
        segment = _Segment(str(row.source), offset(row.start), offset(row.end), whose, str(row.quote))
        found.setdefault(str(row.theme), set()).add(segment)
    return {
        theme: sorted(some, key=lambda s: (natural(s.source), s.start or 0, s.end or 0, s.participant, s.text))
        for theme, some in found.items()
    }


def _approved(
    approvals: pd.DataFrame | None,
) -> list[tuple[tuple[str, int | None, int | None], dict[str, str]]]:
    """Place and cells of each approval that says yes, by place."""
    if approvals is None:
        return []
    missing = [name for name in ("source", "start", "end", "approved", "approved_by") if name not in approvals.columns]
    if missing:
        raise UserError("the approvals of quotes lack columns", place="quotes", todo=f"add {', '.join(missing)}")
    found = {}
    for cells in approvals.to_dict("records"):
        words = {str(name): name_of(cell).strip() for name, cell in cells.items()}
        place = (words["source"], offset(words["start"]), offset(words["end"]))
        if place in found:
            raise UserError("a segment is approved or refused twice", place=f"quotes: {_where(place)}")
        found[place] = words
    return sorted(
        ((place, words) for place, words in found.items() if words["approved"].casefold() in YES),
        key=lambda item: (natural(item[0][0]), item[0][1] or 0, item[0][2] or 0),
    )


def _candidate(
    place: tuple[str, int | None, int | None],
    approval: Mapping[str, str],
    known: Mapping[tuple[str, int | None, int | None], _Segment],
    transcripts: Mapping[str, str],
    key: Mapping[str, str],
    deny: list[str],
) -> _Candidate | str:
    """The segment ready to be quoted, or the reason why it is not."""
    segment = known.get(place)
    if segment is None:
        return "no coded segment stands at this place"
    _check_slice(segment, transcripts)
    if not approval["approved_by"]:
        return "approved, but nobody is named in approved_by"
    if not segment.participant:
        return "it is not known who said it"
    words = segment.text.strip()
    edit = approval.get("edited_text", "")
    if edit:
        _check_edit(edit, words, place)
    shown = mask_text(edit or words, {person: f"[{name}]" for person, name in key.items()})
    reason = approval.get("reason", "").casefold()
    open_kinds = sorted({finding.kind for finding in scan(shown, deny)} - {k for k in _KINDS if k in reason})
    if open_kinds:
        kinds = ", ".join(open_kinds)
        return f"it may identify somebody ({kinds}); to quote it, say in the reason why each may stay: `{kinds}: ...`"
    deviant = approval.get("deviant", "").casefold() in YES
    return _Candidate(segment, shown, shown != words, deviant)


_KINDS = ("email", "url", "date", "phone", "record number", "titled name", "deny-list")


def _check_slice(segment: _Segment, transcripts: Mapping[str, str]) -> None:
    text = transcripts.get(segment.source)
    if text is None or segment.start is None or segment.end is None:
        return
    slice_ = text[segment.start : segment.end]
    # spreadsheets lose blanks and line ends around a cell; they are no words
    if slice_.strip() != segment.text.strip():
        raise UserError(
            "the words of a quote are not what stands at its place in the transcript",
            place=_where((segment.source, segment.start, segment.end)),
            found=_short(slice_),
            expected=_short(segment.text),
            todo="export segments and transcripts again from the same state of the project, or mend the offsets",
        )


def _check_edit(edit: str, words: str, place: tuple[str, int | None, int | None]) -> None:
    """Outside square brackets an edit may only hold words of the source, in their order."""
    pieces, source = [" ".join(piece.split()) for piece in BRACKET.split(edit)], " ".join(words.split())
    if not re.fullmatch(".*".join(map(re.escape, pieces)), source):
        raise UserError(
            "an edited quote differs from its source without saying so",
            place=f"quotes: {_where(place)}, edited_text",
            found=_short(edit),
            expected=f"the words of {_short(source)}, with every change in square brackets, such as [...]",
        )


def _choose(
    choices: dict[str, list[_Candidate]],
    members: Mapping[str, str],
    key: Mapping[str, str],
    per_theme: int,
    per_participant: int,
) -> list[Quote]:
    deviants = {theme: {c.segment.participant for c in some if c.deviant} for theme, some in choices.items()}
    speakers = {theme: {c.segment.participant for c in some} for theme, some in choices.items()}
    chosen = assign(
        speakers,
        members,
        per_theme,
        per_participant,
        first=deviants,
        rank={person: int(name.rsplit(" ", 1)[1]) for person, name in key.items()},
    )
    used: set[_Segment] = set()
    quotes = []
    for theme, people in chosen.items():
        for person in people:
            own = [c for c in choices[theme] if c.segment.participant == person]
            best = min(own, key=lambda c: (not c.deviant, c.segment in used))
            used.add(best.segment)
            quotes.append(Quote(theme, key[person], members.get(person, ""), best.text, best.edited, best.deviant))
    return quotes


def _where(place: tuple[str, int | None, int | None]) -> str:
    source, start, end = place
    return f"{source}, characters {start} to {end}" if start is not None else source


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:77]}...")
