"""Agreement between two coders who worked apart, before consensus, per code and pooled."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd

from braid.errors import UserError
from braid.intake.coded import all_turns
from braid.qualitative.codes import belongs_to, check_segments, decided_to_apply, named, offset, passages
from braid.qualitative.coefficients import Coefficients, coefficients
from braid.study import Coding

REFLEXIVE = (
    "Agreement between coders is not reported: in a reflexive analysis coding is interpretation, "
    "and a second reader adds to it rather than checks it."
)
CAUTION = (
    "All four measures are given because they part ways where a code is rare: percent agreement and AC1 are "
    "carried by the units nobody coded, kappa and alpha fall with them."
)


@dataclass(frozen=True)
class CodeAgreement:
    """Agreement on one theme of the codebook; a parent counts as applied where anything below it was."""

    theme: str
    label: str
    result: Coefficients


@dataclass(frozen=True)
class ConsensusSummary:
    """What became of the disagreements (unit by code) between the coders.

    disagreements: all of them; settled: those the consensus record decides; open: the others.
    applied, not_applied: how the rows of the record decided; apart: rows that meet no disagreement.
    adjudicators: how many different people are named.
    """

    disagreements: int
    settled: int
    open: int
    applied: int
    not_applied: int
    apart: int
    adjudicators: int


@dataclass(frozen=True)
class AgreementTable:
    """Agreement per code and pooled over codes; where it is not reported, `codes` is empty and `reason` says why.

    unit: `speaker turn` or `segment`; n: how many; sources: coded by both; left_out: sources that only one
    coder worked on or that have no transcript. pooled: the counts summed over all codes that were used.
    """

    unit: str
    n: int
    sources: tuple[str, ...]
    left_out: tuple[str, ...]
    codes: tuple[CodeAgreement, ...]
    pooled: Coefficients | None
    consensus: ConsensusSummary | None
    reason: str = ""


@dataclass(frozen=True)
class _Unit:
    source: str
    start: int | None
    end: int | None

    def touches(self, source: object, start: int | None, end: int | None) -> bool:
        """Whether a span shares a character with the unit; what has no offsets touches nothing."""
        if self.start is None or self.end is None or start is None or end is None:
            return False
        return self.source == str(source) and start < self.end and self.start < end


Marks = dict[str, set[tuple[int, str]]]
Mark = TypeVar("Mark", bound=Hashable)


def agreement(
    segments: pd.DataFrame,
    transcripts: Mapping[str, str] | None,
    coders: Sequence[str] | None = None,
    *,
    coding: Coding | None = None,
    consensus: pd.DataFrame | None = None,
    participants: Collection[str] | None = None,
) -> AgreementTable:
    """Agreement of two coders over speaker turns, or over distinct passages where there are no transcripts.

    segments: coded segments before consensus (see codes). transcripts: text by source; a turn counts as coded
    where a segment overlaps it. coders: the two to compare, or None to take them from the segments.
    coding: the codebook, for order, labels and codes nobody used; without it the themes of the segments.
    consensus: source, start, end, theme, decision and, if kept, adjudicator.
    participants: whose turns count; None counts every turn, the moderator's too, which raises percent agreement.
    Only sources that both coders worked on are compared. Over passages every unit was coded by somebody with
    something, so `neither` is smaller and the figures are not comparable with those over turns.
    Raises UserError where a coder has no segments or a segment lies outside its transcript.
    """
    rows = check_segments(segments, coding)
    unit = "speaker turn" if transcripts else "segment"
    if coding is not None and coding.approach == "reflexive":
        return _not_reported(unit, REFLEXIVE)
    pair = _pair(rows, coders)
    if isinstance(pair, str):
        return _not_reported(unit, pair)
    rows = rows[rows["coder"].astype(str).isin(pair)].reset_index(drop=True)
    sources, left_out = _double_coded(rows, pair, transcripts)
    if not sources:
        return _not_reported(unit, "no source was coded by both coders", left_out)
    rows = rows[rows["source"].astype(str).isin(sources)].reset_index(drop=True)
    if transcripts:
        units, marks = _mark_turns(rows, {source: transcripts[source] for source in sources}, pair, participants)
    else:
        units, marks = _mark_passages(rows, pair)
    labels = {path: theme.label for path, theme in coding.paths().items()} if coding else {}
    themes = list(labels) or sorted({str(theme) for theme in rows["theme"]})
    codes = []
    for theme in themes:
        first, second = ({u for u, code in marks[coder] if belongs_to(code, theme)} for coder in pair)
        codes.append(CodeAgreement(theme, labels.get(theme, theme), _compare(first, second, len(units))))
    first_marks, second_marks = marks[pair[0]], marks[pair[1]]
    used = {code for _, code in first_marks | second_marks}
    return AgreementTable(
        unit=unit,
        n=len(units),
        sources=tuple(sources),
        left_out=tuple(left_out),
        codes=tuple(codes),
        pooled=_compare(first_marks, second_marks, len(units) * len(used)),
        consensus=_consensus(consensus, units, first_marks ^ second_marks),
    )


def _not_reported(unit: str, reason: str, left_out: Sequence[str] = ()) -> AgreementTable:
    return AgreementTable(unit, 0, (), tuple(left_out), (), None, None, reason)


def _pair(rows: pd.DataFrame, coders: Sequence[str] | None) -> tuple[str, str] | str:
    """The two coders, or the reason why there is no pair."""
    present = sorted(named(rows["coder"]))
    if coders is None:
        if len(present) == 2:
            return present[0], present[1]
        if len(present) < 2:
            return "the segments were coded by one person" if present else "no coder is named in the segments"
        return f"agreement is computed for two coders, and {len(present)} worked here; name the two to compare"
    if len(set(coders)) != 2:
        raise UserError("agreement needs two different coders", found=", ".join(coders) or "none")
    for coder in coders:
        if coder not in present:
            raise UserError(
                "this coder has no segments",
                place="coded segments: coder",
                found=coder,
                expected=" or ".join(present),
            )
    return coders[0], coders[1]


def _double_coded(
    rows: pd.DataFrame, pair: tuple[str, str], transcripts: Mapping[str, str] | None
) -> tuple[list[str], list[str]]:
    coders_of: dict[str, set[str]] = {}
    for source, coder in zip(rows["source"], rows["coder"], strict=True):
        coders_of.setdefault(str(source), set()).add(str(coder))
    usable = [
        source for source, who in coders_of.items() if who == set(pair) and (not transcripts or source in transcripts)
    ]
    return sorted(usable), sorted(set(coders_of).difference(usable))


def _mark_turns(
    rows: pd.DataFrame,
    transcripts: Mapping[str, str],
    pair: tuple[str, str],
    participants: Collection[str] | None,
) -> tuple[list[_Unit], Marks]:
    everything = all_turns(transcripts)
    counted = [turn for turn in everything if participants is None or turn.speaker in participants]
    number: dict[tuple[str, int | None], int] = {
        (turn.source, turn.start): position for position, turn in enumerate(counted)
    }
    everywhere = [_Unit(turn.source, turn.start, turn.end) for turn in everything]
    marks: Marks = {coder: set() for coder in pair}
    for row in rows.itertuples(index=False):
        start, end = offset(row.start), offset(row.end)
        touched = [unit for unit in everywhere if unit.touches(row.source, start, end)]
        if not touched:
            raise UserError(
                "a coded segment does not lie within a turn of its transcript",
                place=f"transcript {row.source}",
                found=f"characters {row.start} to {row.end}",
                expected=f"offsets between 0 and {len(transcripts[str(row.source)])}",
                todo="export the segments and the transcripts again, from the same state of the project",
            )
        marks[str(row.coder)] |= {
            (number[unit.source, unit.start], str(row.theme)) for unit in touched if (unit.source, unit.start) in number
        }
    return [_Unit(turn.source, turn.start, turn.end) for turn in counted], marks


def _mark_passages(rows: pd.DataFrame, pair: tuple[str, str]) -> tuple[list[_Unit], Marks]:
    numbers = passages(rows)
    marks: Marks = {coder: set() for coder in pair}
    spans: dict[int, _Unit] = {}
    for number, row in zip(numbers.tolist(), rows.itertuples(index=False), strict=True):
        marks[str(row.coder)].add((number, str(row.theme)))
        start, end = offset(row.start), offset(row.end)
        known = spans.get(number)
        if known and known.start is not None and known.end is not None and start is not None and end is not None:
            start, end = min(known.start, start), max(known.end, end)
        spans[number] = _Unit(str(row.source), start, end)
    return [spans[number] for number in sorted(spans)], marks


def _compare(first: set[Mark], second: set[Mark], n: int) -> Coefficients:
    both = len(first & second)
    return coefficients(both, len(first) - both, len(second) - both, n - len(first | second))


def _consensus(
    consensus: pd.DataFrame | None,
    units: list[_Unit],
    disagreements: set[tuple[int, str]],
) -> ConsensusSummary | None:
    if consensus is None or consensus.empty:
        return None
    settled: set[tuple[int, str]] = set()
    decisions: list[bool] = []
    apart = 0
    for row in consensus.itertuples(index=False):
        decisions.append(decided_to_apply(row.decision, str(getattr(row, "place", "consensus"))))
        met = {
            (number, code)
            for number, code in disagreements
            if code == row.theme and units[number].touches(row.source, offset(row.start), offset(row.end))
        }
        settled |= met
        apart += not met
    people = len(named(consensus["adjudicator"])) if "adjudicator" in consensus.columns else 0
    return ConsensusSummary(
        disagreements=len(disagreements),
        settled=len(settled),
        open=len(disagreements) - len(settled),
        applied=sum(decisions),
        not_applied=len(decisions) - sum(decisions),
        apart=apart,
        adjudicators=people,
    )
