"""What could be quoted: every coded passage with a number, what was decided on it, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from braid.qualitative.approvals import (
    NO_WORDS,
    Approval,
    Place,
    as_shown,
    passages_by_theme,
    read_approvals,
    reading_order,
    undecided,
)
from braid.qualitative.codes import check_segments, named, participants_by_group, settle
from braid.qualitative.masking import mask_key
from braid.qualitative.privacy import Finding
from braid.study import Coding

State = Literal["approved", "refused", "open"]


@dataclass(frozen=True)
class Candidate:
    """One passage that could be quoted.

    number: in reading order, from 1; the same as long as the coded passages are. themes: paths, in codebook order.
    participant: the masked name; group: "" where none is known. words: as coded; text: as it would be printed.
    findings: what may identify somebody and is not cleared; cleared: kinds that the reason says may stay.
    problem: what else forbids to quote it, or "".
    by, reason: of the decision.
    """

    number: int
    place: Place
    themes: tuple[str, ...]
    participant: str
    group: str
    words: str
    text: str
    state: State
    by: str
    reason: str
    deviant: bool
    findings: tuple[Finding, ...]
    cleared: tuple[str, ...]
    problem: str

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of what was found, each of which a reason must name."""
        return tuple(dict.fromkeys(finding.kind for finding in self.findings))


def candidates(
    segments: pd.DataFrame,
    approvals: pd.DataFrame | None,
    interviewees: pd.DataFrame,
    *,
    cohort: str,
    deny_list: Iterable[str] = (),
    consensus: pd.DataFrame | None = None,
    coding: Coding | None = None,
) -> list[Candidate]:
    """Every passage that stands after consensus, with what was decided on it; parameters as for quotes.select."""
    rows = settle(check_segments(segments, coding), consensus)
    members = participants_by_group(interviewees)
    key = mask_key([*members, *named(rows["participant"])], cohort)
    decided = read_approvals(approvals)
    deny = list(deny_list)
    by_theme = passages_by_theme(rows)
    order = [theme for theme in (coding.paths() if coding else sorted(by_theme)) if theme in by_theme]
    passages = {passage.place: passage for theme in order for passage in by_theme[theme]}
    themes: dict[Place, list[str]] = {}
    for theme in order:
        for place in dict.fromkeys(passage.place for passage in by_theme[theme]):
            themes.setdefault(place, []).append(theme)
    found = []
    for number, place in enumerate(sorted(passages, key=reading_order), start=1):
        passage, approval = passages[place], decided.get(place)
        reason = approval.reason if approval else ""
        text = as_shown(passage, approval.edited_text if approval else "", key)
        findings = tuple(undecided(text, reason, deny))
        found.append(
            Candidate(
                number=number,
                place=place,
                themes=tuple(themes[place]),
                participant=key.get(passage.participant, ""),
                group=members.get(passage.participant, ""),
                words=passage.text.strip(),
                text=text,
                state=_state(approval),
                by=approval.by if approval else "",
                reason=reason,
                deviant=approval is not None and approval.deviant,
                findings=findings,
                cleared=tuple(sorted({one.kind for one in undecided(text, "", deny)} - {one.kind for one in findings})),
                problem=_problem(approval, passage.participant, passage.text),
            )
        )
    return found


def _state(approval: Approval | None) -> State:
    if approval is None:
        return "open"
    return "approved" if approval.approved else "refused"


def _problem(approval: Approval | None, participant: str, words: str) -> str:
    if not participant:
        return "it is not known who said it"
    if not words.strip():
        return NO_WORDS
    return "nobody is named in approved_by" if approval and approval.approved and not approval.by else ""


def unmet(approvals: pd.DataFrame | None, known: Iterable[Place]) -> list[Place]:
    """Decisions that meet no coded passage, as after segments were exported anew."""
    there = set(known)
    return [place for place in read_approvals(approvals) if place not in there]
