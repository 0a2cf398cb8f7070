"""Coded interviews: segments with the theme's dotted path, who took part, approvals, and the transcripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from braid.cleaning.coded import Coded, read_coded
from braid.cleaning.decided import read_consensus, read_quotes
from braid.cleaning.speaking import listed_participants
from braid.cleaning.tables import RawTables
from braid.cleaning.telling import FIELDS, Telling
from braid.cleaning.themes import IGNORED, CodeBook, unused
from braid.errors import Mistakes, UserError
from braid.intake.coded import SEGMENTS, Code
from braid.intake.leaving_out import counted, listed
from braid.study import Coding, Cohort, did_you_mean

SHOWN_ERRORS = 5
NOBODY = pd.DataFrame(columns=["participant", *FIELDS], dtype="str")


@dataclass(frozen=True)
class CodedInterviews:
    """A cohort's coded interviews.

    segments: source, participant, group, site, occasion, coder, theme (dotted path), code (as the coding program calls
    it), start, end, quote, memo. interviewees: participant, group, site, occasion. quotes: approvals. consensus: how
    coders settled their differences. transcripts: text by source; empty where the cohort came without.
    codes: the program's codebook, in its order; empty where there is none. notes: what readers left out or are not sure
    of, by file. reading: how each file was read.
    """

    segments: pd.DataFrame
    interviewees: pd.DataFrame
    quotes: pd.DataFrame | None
    consensus: pd.DataFrame | None
    transcripts: dict[str, str]
    codes: tuple[Code, ...] = ()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reading: Mapping[str, str] = field(default_factory=dict)

    def unused_codes(self) -> tuple[str, ...]:
        """Codes of the program that were applied nowhere, neither they nor any below them, in its order."""
        return unused(self.codes, self.segments["code"])

    def unused_themes(self, coding: Coding) -> tuple[str, ...]:
        """Dotted paths of themes without a segment, neither in them nor below them, in the study's order."""
        used = set(self.segments["theme"])
        return tuple(p for p in coding.paths() if not any(t == p or t.startswith(f"{p}.") for t in used))


def read_interviews(cohort: Cohort) -> CodedInterviews | None:
    """A cohort's coded interviews, None where it has none. Raises UserErrors with everything that is wrong."""
    if cohort.spec.interviews is None or cohort.study.coding is None:
        return None
    mistakes = Mistakes()
    parts: dict[str, Any] = {"quotes": None, "consensus": None}
    steps: dict[str, Callable[[Cohort], Any]] = {"quotes": read_quotes, "consensus": read_consensus}
    coded: Coded | None = None
    with mistakes.gathered():
        coded = read_coded(cohort)
    if coded is not None:
        with mistakes.gathered():
            parts["segments"], ignored = _themed(coded, cohort.study.coding)
            parts["notes"] = {**coded.notes}
            if more := (*ignored, *_coders(coded, cohort.study.coding)):
                first = next(iter(coded.reading))
                parts["notes"][first] = (*coded.notes.get(first, ()), *more)
        parts |= {"interviewees": coded.participants, "codes": coded.codes, "reading": dict(coded.reading)}
        parts["transcripts"] = _with_places(cohort, coded)
    for name, step in steps.items():
        with mistakes.gathered():
            parts[name] = step(cohort)
    if coded is not None and not mistakes.errors and coded.texts:
        mistakes.errors += _wrong_slices(cohort, coded)
    mistakes.stop_if_any()
    return CodedInterviews(**parts)


def _themed(coded: Coded, coding: Coding) -> tuple[pd.DataFrame, list[str]]:
    """The segments with the theme of each, without those of codes that the study ignores; and a sentence on these."""
    frame = coded.segments
    themes = CodeBook(coding).themes(frame["code_path"], frame["place"])
    frame = frame.assign(theme=themes).rename(columns={"code_path": "code"})
    out = themes == IGNORED
    said = []
    if out.any():
        codes = listed(dict.fromkeys(frame["code"][out]))
        said.append(f"{counted(int(out.sum()), 'segment')} of codes that the study ignores left out: {codes}")
    columns = [*SEGMENTS[:6], "theme", "code", *SEGMENTS[7:]]
    return frame[~out][columns].reset_index(drop=True), said


def _coders(coded: Coded, coding: Coding) -> list[str]:
    """What keeps the work of coders from being compared, a sentence each."""
    coders = coded.segments["coder"]
    people = sorted(set(coders) - {""})
    said = []
    if people and (coders == "").any():
        rows = counted(int((coders == "").sum()), "segment")
        said.append(f"{rows} without a coder: agreement takes them for coded by neither")
    if len(people) > 2 and coding.coders is None and coding.approach == "codebook":
        who = f"{len(people)} people coded ({listed(people)})"
        said.append(f"{who}, and agreement compares two: name them as `coding.coders` in the study file")
    return said


def _with_places(cohort: Cohort, coded: Coded) -> dict[str, str]:
    """The texts in which every segment has a place; turns of the others cannot be compared between coders."""
    assert cohort.spec.interviews is not None
    if cohort.spec.interviews.project is None:
        return dict(coded.texts)
    lost = set(coded.segments["source"][coded.segments["start"].isna()])
    return {source: text for source, text in coded.texts.items() if source not in lost}


def _wrong_slices(cohort: Cohort, coded: Coded) -> list[UserError]:
    """Segments that are not the words at their place in the transcript; at most a few, and how many more there are."""
    assert cohort.spec.interviews is not None
    folder = cohort.spec.interviews.transcripts
    errors = []
    for row in coded.segments.to_dict("records"):
        place = str(row["place"]).removesuffix(", column code_path")
        source, quote, start, end = str(row["source"]), str(row["quote"]).strip(), row["start"], row["end"]
        text = coded.texts.get(source)
        if cohort.spec.interviews.project is not None and (text is None or pd.isna(start) or not quote):
            continue
        if text is None:
            found = f"data_raw/{cohort.name}/{folder}/{source}.txt"
            todo = did_you_mean(source, list(coded.texts))
            errors.append(UserError("the source has no transcript", place=place, found=found, todo=todo))
            continue
        inside = not pd.isna(start) and not pd.isna(end) and 0 <= int(start) < int(end) <= len(text)
        words = text[int(start) : int(end)] if inside else ""
        if words.strip() != quote:
            errors.append(
                UserError(
                    "the words of this segment are not what stands at its place in the transcript",
                    place=place,
                    found=f"characters {start} to {end}: {words[:60]!r}",
                    expected=repr(quote[:60]),
                    todo="export segments and transcripts again from the same state of the project",
                )
            )
    if len(errors) > SHOWN_ERRORS:
        file = f"data_raw/{cohort.name}/{cohort.spec.interviews.coded_files[0].file}"
        more = UserError(f"{len(errors) - SHOWN_ERRORS} more segments are wrong in such a way", place=file)
        return [*errors[:SHOWN_ERRORS], more]
    return errors


def read_interviewees(cohort: Cohort) -> pd.DataFrame:
    """Who took part in interviews: participant, group, site, occasion. Raises UserError(s)."""
    spec = cohort.spec.interviews
    assert spec is not None and cohort.study.coding is not None
    if spec.participants is None:
        return read_coded(cohort).participants
    table = RawTables(cohort)[spec.participants]
    return Telling(spec, [], table, cohort.study.coding).of_participants(listed_participants(table, spec), NOBODY)
