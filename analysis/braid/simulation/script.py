"""interviews.yml: invented interviews with marked segments, and the files a study's coders would leave.

A turn is `[who, text]` or `[who, text, why]`; who is the speaker's number, or M for the moderator. Segments
are marked in the text as ⟦codes: words⟧. Codes are names of sub-themes, separated by blanks:
`time` coded by both coders; `time/A` by the first only, kept in consensus; `time/A-` by the first only,
dropped in consensus. `+` after the codes: approved for quotation; `no=names_a_ward`: looked at, not approved,
with the reason. why: the reason of the consensus decisions of the turn.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from braid.errors import UserError
from braid.study import Cohort, Study, read_model
from braid.study.model import Name, Strict, Text

SCRIPT_FILE = "interviews.yml"
TRANSCRIPTS = "transcripts"
SEGMENT = re.compile(r"⟦([^:⟧]*): ([^⟧]*)⟧")
CODE = re.compile(r"([A-Za-z][\w.]*)(?:/([AB])(-?))?")

Turn = tuple[int | str, str] | tuple[int | str, str, str]


class Source(Strict):
    """One interview or focus group. groups: group of each speaker where they differ from `group`."""

    group: str = ""
    groups: dict[int, str] = Field(default_factory=dict)
    turns: list[Turn]


class Script(Strict):
    """The whole of interviews.yml. paths: how code_path names the themes."""

    coders: list[Text] = Field(default=["Coder A", "Coder B"], min_length=1, max_length=2)
    adjudicator: Text = "Researcher C"
    approved_by: Text = "Researcher C"
    date: Text
    paths: Literal["labels", "names"] = "labels"
    sources: dict[Name, Source]


@dataclass(frozen=True)
class Segment:
    """Words of one speaker in a transcript, with the codes given to them (dotted theme path -> coders)."""

    source: str
    participant: str
    group: str
    start: int
    end: int
    quote: str
    codes: dict[str, tuple[str, ...]]
    dropped: frozenset[str]
    verdict: str
    why: str


def read_script(cohort: Cohort) -> Script | None:
    """The cohort's interviews.yml, or None where there is none."""
    path = cohort.raw(SCRIPT_FILE)
    return read_model(path, f"data_raw/{cohort.name}/{SCRIPT_FILE}", Script) if path.is_file() else None


def interview_files(cohort: Cohort, script: Script) -> dict[str, str]:
    """Transcripts, coded segments, participants, approvals and the consensus record, by file name."""
    spec = cohort.spec.interviews
    assert spec is not None and cohort.study.coding is not None
    files: dict[str, str] = {}
    segments: list[Segment] = []
    people: dict[str, str] = {}
    folder = spec.transcripts or TRANSCRIPTS
    for name, source in script.sources.items():
        transcript, found = _transcribe(name, source, script, cohort.study)
        files[f"{folder}/{name}.txt"] = transcript
        segments += found
        for turn in source.turns:
            if turn[0] != "M":
                people[f"{name}_Speaker_{turn[0]}"] = source.groups.get(int(turn[0]), source.group)
    files[spec.segments] = _csv(
        ["source", "participant", "group", "coder", "code_path", "start", "end", "quote", "memo"],
        list(_coded(segments, script, cohort.study)),
    )
    ordered = sorted(people.items(), key=lambda person: [*map(_natural, person[0].split("_"))])
    files[spec.participants] = _csv(["participant", "group"], [list(person) for person in ordered])
    if spec.quotes is not None:
        files[spec.quotes] = _csv(
            ["source", "start", "end", "approved", "approved_by", "reason"],
            [_approval(segment, script) for segment in segments if segment.verdict],
        )
    if spec.consensus is not None and len(script.coders) == 2:
        files[spec.consensus] = _csv(
            ["source", "start", "end", "code_path", "coder_a", "coder_b", "decision", "reason", "adjudicator", "date"],
            list(_consensus(segments, script, cohort.study)),
        )
    return files


def _transcribe(name: str, source: Source, script: Script, study: Study) -> tuple[str, list[Segment]]:
    """The transcript without marks, and its segments with code-point offsets into it."""
    text, segments = "", []
    for turn in source.turns:
        who, words, why = turn[0], turn[1], turn[2] if len(turn) == 3 else ""
        moderator = who == "M"
        participant = f"{name}_{'Moderator' if moderator else f'Speaker_{who}'}"
        group = "" if moderator else source.groups.get(int(who), source.group)
        text += f"{participant}: "
        done = 0
        for mark in SEGMENT.finditer(words):
            text += words[done : mark.start()]
            start, quote, done = len(text), mark[2], mark.end()
            text += quote
            codes, dropped, verdict = _codes(mark[1], script, study, f"{name}: {words[:40]}")
            segments.append(Segment(name, participant, group, start, len(text), quote, codes, dropped, verdict, why))
        text += words[done:] + "\n"
    return text, segments


def _codes(
    marks: str, script: Script, study: Study, place: str
) -> tuple[dict[str, tuple[str, ...]], frozenset[str], str]:
    assert study.coding is not None
    paths = list(study.coding.paths())
    codes: dict[str, tuple[str, ...]] = {}
    dropped, verdict = set(), ""
    for mark in marks.split():
        if mark == "+" or mark.startswith("no="):
            verdict = mark
            continue
        match = CODE.fullmatch(mark)
        fitting = [path for path in paths if match and (path == match[1] or path.endswith(f".{match[1]}"))]
        if match is None or len(fitting) != 1:
            raise UserError("this mark names no theme of the study", place=f"{SCRIPT_FILE}: {place}", found=mark)
        chosen = {"A": script.coders[:1], "B": script.coders[1:2]}.get(match[2], script.coders)
        codes[fitting[0]] = tuple(chosen)
        if match[3]:
            dropped.add(fitting[0])
    return codes, frozenset(dropped), verdict


def _path(path: str, script: Script, study: Study) -> str:
    assert study.coding is not None
    themes, steps = study.coding.paths(), path.split(".")
    stems = [".".join(steps[: depth + 1]) for depth in range(len(steps))]
    return " > ".join(themes[stem].label if script.paths == "labels" else stem.split(".")[-1] for stem in stems)


def _coded(segments: list[Segment], script: Script, study: Study) -> Iterator[list[str]]:
    for coder in script.coders:
        for s in segments:
            for path, coders in s.codes.items():
                if coder in coders:
                    where = [str(s.start), str(s.end), s.quote, ""]
                    yield [s.source, s.participant, s.group, coder, _path(path, script, study), *where]


def _approval(segment: Segment, script: Script) -> list[str]:
    where = [segment.source, str(segment.start), str(segment.end)]
    if segment.verdict == "+":
        return [*where, "yes", script.approved_by, ""]
    return [*where, "no", script.approved_by, segment.verdict.removeprefix("no=").replace("_", " ")]


def _consensus(segments: list[Segment], script: Script, study: Study) -> Iterator[list[str]]:
    first, second = script.coders
    for s in segments:
        for path, coders in s.codes.items():
            if len(coders) == 2:
                continue
            given = ["yes" if coder in coders else "no" for coder in (first, second)]
            decision = "not applied" if path in s.dropped else "applied"
            where = [s.source, str(s.start), str(s.end), _path(path, script, study)]
            yield [*where, *given, decision, s.why, script.adjudicator, script.date]


def _csv(header: list[str], rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def _natural(word: str) -> tuple[int, str]:
    return (int(word), "") if word.isdigit() else (0, word)
