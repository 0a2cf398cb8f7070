"""interviews.yml: invented interviews with marked segments, and the files a study's coders would leave.

A turn is `[who, text]` or `[who, text, why]`; who is the speaker's number, M for the moderator, or the id of a person
listed under `people`, who may be heard in several sources. Segments
are marked in the text as ⟦codes: words⟧. Codes are names of sub-themes, separated by blanks:
`time` coded by both coders; `time/A` by the first only, kept in consensus; `time/A-` by the first only,
dropped in consensus. `+` after the codes: approved for quotation; `+!`: approved as a deviant case;
`no=names_a_ward`: looked at, not approved, with the reason. why: the reason of the consensus decisions of the turn.
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
from braid.study.strict import Name, Strict, Text

SCRIPT_FILE = "interviews.yml"
TRANSCRIPTS = "transcripts"
PLACES = ("site", "occasion")
APPROVED = "+"
DEVIANT = "+!"
SEGMENT = re.compile(r"⟦([^:⟧]*): ([^⟧]*)⟧")
CODE = re.compile(r"([A-Za-z][\w.]*)(?:/([AB])(-?))?")

Turn = tuple[int | str, str] | tuple[int | str, str, str]


class Source(Strict):
    """One interview or focus group. groups: group of each speaker where they differ from `group`.

    site, occasion: where and when it was held, in a study with several.
    """

    site: str = ""
    occasion: str = ""
    group: str = ""
    groups: dict[int, str] = Field(default_factory=dict)
    turns: list[Turn]


class Script(Strict):
    """The whole of interviews.yml.

    paths: how code_path names the themes. people: the group of each person who has an id of their own. follows: the
    study whose structure the interviews have.
    """

    coders: list[Text] = Field(default=["Coder A", "Coder B"], min_length=1, max_length=2)
    adjudicator: Text = "Researcher C"
    approved_by: Text = "Researcher C"
    date: Text
    paths: Literal["labels", "names"] = "labels"
    follows: str = ""
    people: dict[str, str] = Field(default_factory=dict)
    sources: dict[Name, Source]


@dataclass(frozen=True)
class Segment:
    """Words of one speaker in a transcript, with the codes given to them (dotted theme path -> coders)."""

    source: str
    participant: str
    group: str
    site: str
    occasion: str
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
    if spec.segments is None or spec.participants is None:
        raise UserError(
            "what is simulated is written as tables",
            place=f"data_raw/{cohort.name}/cohort.yml: interviews",
            expected="`segments` and `participants`, and no `project`",
        )
    files: dict[str, str] = {}
    segments: list[Segment] = []
    people: dict[str, list[str]] = {}
    folder = spec.transcripts or TRANSCRIPTS
    places = [place for place in PLACES if any(getattr(source, place) for source in script.sources.values())]
    for name, source in script.sources.items():
        transcript, found = _transcribe(name, source, script, cohort.study)
        files[f"{folder}/{name}.txt"] = transcript
        segments += found
        for turn in source.turns:
            if turn[0] != "M":
                who, group = _speaker(name, source, turn[0], script)
                people[who] = [group, *([source.site] if "site" in places else [])]
    files[spec.segments] = _csv(
        ["source", "participant", "group", *places, "coder", "code_path", "start", "end", "quote", "memo"],
        list(_coded(segments, script, cohort.study, places)),
    )
    ordered = sorted(people.items(), key=lambda person: [*map(_natural, person[0].split("_"))])
    files[spec.participants] = _csv(
        ["participant", "group", *(place for place in places if place == "site")],
        [[who, *known] for who, known in ordered],
    )
    if spec.quotes is not None:
        looked_at = [segment for segment in segments if segment.verdict]
        deviant = any(segment.verdict == DEVIANT for segment in looked_at)
        files[spec.quotes] = _csv(
            ["source", "start", "end", "approved", "approved_by", "reason", *(["deviant"] if deviant else [])],
            [_approval(segment, script, deviant) for segment in looked_at],
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
        participant, group = _speaker(name, source, who, script)
        text += f"{participant}: "
        done = 0
        for mark in SEGMENT.finditer(words):
            text += words[done : mark.start()]
            start, quote, done = len(text), mark[2], mark.end()
            text += quote
            codes, dropped, verdict = _codes(mark[1], script, study, f"{name}: {words[:40]}")
            said_by = (name, participant, group, source.site, source.occasion)
            segments.append(Segment(*said_by, start, len(text), quote, codes, dropped, verdict, why))
        text += words[done:] + "\n"
    return text, segments


def _speaker(name: str, source: Source, who: int | str, script: Script) -> tuple[str, str]:
    """The participant's id and group: of the moderator, of a person with an id of their own, or by number."""
    if who == "M":
        return f"{name}_Moderator", ""
    if str(who) in script.people:
        return str(who), script.people[str(who)]
    if not isinstance(who, int):
        raise UserError(
            "this speaker is neither a number nor listed under people",
            place=f"{SCRIPT_FILE}: sources.{name}",
            found=str(who),
        )
    return f"{name}_Speaker_{who}", source.groups.get(who, source.group)


def _codes(
    marks: str, script: Script, study: Study, place: str
) -> tuple[dict[str, tuple[str, ...]], frozenset[str], str]:
    assert study.coding is not None
    paths = list(study.coding.paths())
    codes: dict[str, tuple[str, ...]] = {}
    dropped, verdict = set(), ""
    for mark in marks.split():
        if mark in (APPROVED, DEVIANT) or mark.startswith("no="):
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


def _coded(segments: list[Segment], script: Script, study: Study, places: list[str]) -> Iterator[list[str]]:
    for coder in script.coders:
        for s in segments:
            for path, coders in s.codes.items():
                if coder in coders:
                    where = [str(s.start), str(s.end), s.quote, ""]
                    who = [s.source, s.participant, s.group, *(getattr(s, place) for place in places)]
                    yield [*who, coder, _path(path, script, study), *where]


def _approval(segment: Segment, script: Script, deviant: bool) -> list[str]:
    where = [segment.source, str(segment.start), str(segment.end)]
    odd = ["yes" if segment.verdict == DEVIANT else ""] if deviant else []
    if segment.verdict in (APPROVED, DEVIANT):
        return [*where, "yes", script.approved_by, "", *odd]
    return [*where, "no", script.approved_by, segment.verdict.removeprefix("no=").replace("_", " "), *odd]


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
