"""Coded interviews: segments with the theme's dotted path, who took part, approvals, and the transcripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from braid.cleaning.tables import RawTables
from braid.errors import Mistakes, UserError, UserErrors
from braid.intake import RawTable
from braid.study import Coding, Cohort, did_you_mean

SHOWN_ERRORS = 5
SEGMENTS = ["source", "participant", "group", "coder", "code_path", "start", "end", "quote", "memo"]
QUOTES = ["source", "start", "end", "approved", "approved_by", "reason"]
CONSENSUS = [
    "source",
    "start",
    "end",
    "code_path",
    "coder_a",
    "coder_b",
    "decision",
    "reason",
    "adjudicator",
    "date",
]


@dataclass(frozen=True)
class CodedInterviews:
    """A cohort's coded interviews.

    segments: source, participant, group, coder, theme (dotted path), start, end, quote, memo.
    interviewees: participant, group. quotes: approvals. consensus: how coders settled their differences.
    transcripts: text by source; empty where the cohort came without.
    """

    segments: pd.DataFrame
    interviewees: pd.DataFrame
    quotes: pd.DataFrame | None
    consensus: pd.DataFrame | None
    transcripts: dict[str, str]


def read_interviews(cohort: Cohort) -> CodedInterviews | None:
    """A cohort's coded interviews, None where it has none. Raises UserErrors with everything that is wrong."""
    if cohort.spec.interviews is None:
        return None
    mistakes = Mistakes()
    parts: dict[str, Any] = {}
    steps: dict[str, Callable[[Cohort], Any]] = {
        "segments": read_segments,
        "interviewees": read_interviewees,
        "quotes": read_quotes,
        "consensus": read_consensus,
        "transcripts": read_transcripts,
    }
    for name, step in steps.items():
        with mistakes.gathered():
            parts[name] = step(cohort)
    if not mistakes.errors and cohort.spec.interviews.transcripts:
        mistakes.errors += _wrong_slices(cohort, parts["segments"], parts["transcripts"])
    mistakes.stop_if_any()
    return CodedInterviews(**parts)


def _wrong_slices(cohort: Cohort, segments: pd.DataFrame, transcripts: dict[str, str]) -> list[UserError]:
    """Segments that are not the words at their place in the transcript; at most a few, and how many more there are."""
    assert cohort.spec.interviews is not None
    name = f"data_raw/{cohort.name}/{cohort.spec.interviews.segments}"
    errors = []
    for number, row in enumerate(segments.to_dict("records"), 2):
        place = f"{name}: row {number}"
        source, quote, start, end = str(row["source"]), str(row["quote"]).strip(), row["start"], row["end"]
        text = transcripts.get(source)
        if text is None:
            folder = f"data_raw/{cohort.name}/{cohort.spec.interviews.transcripts}"
            todo = did_you_mean(source, list(transcripts))
            errors.append(
                UserError("the source has no transcript", place=place, found=f"{folder}/{source}.txt", todo=todo)
            )
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
        more = UserError(f"{len(errors) - SHOWN_ERRORS} more segments are wrong in such a way", place=name)
        return [*errors[:SHOWN_ERRORS], more]
    return errors


def theme_paths(coding: Coding) -> dict[str, str]:
    """Dotted path of every theme by its folded names and labels (`barriers > time`, `barriers to … > lack of …`)."""
    known: dict[str, str] = {}
    for path in coding.paths():
        labels, names, themes = [], [], coding.themes
        for name in path.split("."):
            names.append(name)
            labels.append(themes[name].label)
            themes = themes[name].themes
        for parts in (names, labels):
            known[" > ".join(parts).casefold()] = path
        known[path.casefold()] = path
    return known


def read_segments(cohort: Cohort) -> pd.DataFrame:
    """Coded segments: source, participant, group, coder, theme, start, end (Int64), quote, memo.

    Raises UserErrors for missing columns, codes that the codebook does not have, groups that the study does not know.
    """
    assert cohort.spec.interviews is not None and cohort.study.coding is not None
    table = _read(cohort, cohort.spec.interviews.segments)
    frame = _columns(table, SEGMENTS)
    frame["theme"] = _themes(table, cohort.study.coding)
    _known_groups(table, cohort.study.coding)
    for column in ("start", "end"):
        frame[column] = pd.to_numeric(frame[column], errors="coerce").astype("Int64")
    return frame[[*SEGMENTS[:4], "theme", *SEGMENTS[5:]]].reset_index(drop=True)


def read_interviewees(cohort: Cohort) -> pd.DataFrame:
    """Who took part in interviews: participant, group. Raises UserError(s)."""
    assert cohort.spec.interviews is not None and cohort.study.coding is not None
    table = _read(cohort, cohort.spec.interviews.participants)
    _known_groups(table, cohort.study.coding)
    frame = _columns(table, ["participant", "group"])
    repeated = frame["participant"][frame["participant"].duplicated()]
    if len(repeated):
        raise UserError("a participant stands twice", place=table.name, found=str(repeated.iloc[0]))
    return frame.reset_index(drop=True)


def read_quotes(cohort: Cohort) -> pd.DataFrame | None:
    """Approvals of quotes: source, start, end, approved (bool), approved_by, reason; None where there is no file."""
    assert cohort.spec.interviews is not None
    if cohort.spec.interviews.quotes is None:
        return None
    frame = _columns(_read(cohort, cohort.spec.interviews.quotes), QUOTES)
    frame["approved"] = frame["approved"].str.casefold().isin(["yes", "y", "true", "1"])
    for column in ("start", "end"):
        frame[column] = pd.to_numeric(frame[column], errors="coerce").astype("Int64")
    return frame.reset_index(drop=True)


def read_consensus(cohort: Cohort) -> pd.DataFrame | None:
    """How differences between coders were settled, with the theme's path; None where there is no file."""
    assert cohort.spec.interviews is not None and cohort.study.coding is not None
    if cohort.spec.interviews.consensus is None:
        return None
    table = _read(cohort, cohort.spec.interviews.consensus)
    frame = _columns(table, CONSENSUS)
    frame["theme"] = _themes(table, cohort.study.coding)
    for column in ("start", "end"):
        frame[column] = pd.to_numeric(frame[column], errors="coerce").astype("Int64")
    return frame.drop(columns="code_path").reset_index(drop=True)


def read_transcripts(cohort: Cohort) -> dict[str, str]:
    """Text of each source by its name; empty where the cohort came without transcripts."""
    assert cohort.spec.interviews is not None
    folder = cohort.spec.interviews.transcripts
    if folder is None:
        return {}
    return {path.stem: path.read_bytes().decode("utf-8-sig") for path in sorted(cohort.raw(folder).glob("*.txt"))}


def _read(cohort: Cohort, file: str) -> RawTable:
    return RawTables(cohort)[file]


def _columns(table: RawTable, columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({column: table.column(column) for column in columns})


def _themes(table: RawTable, coding: Coding) -> pd.Series[str]:
    known = theme_paths(coding)
    folded = (
        table.column("code_path").str.casefold().str.split(">").map(lambda parts: " > ".join(p.strip() for p in parts))
    )
    themes = folded.map(known)
    unknown = themes.isna()
    if unknown.any():
        readable = [" > ".join(_labels(coding, path)) for path in coding.paths()]
        raise UserErrors(
            [
                UserError(
                    "this code is not in the codebook",
                    place=f"{table.name}: row {row}, column code_path",
                    found=repr(cell),
                    todo=f"{did_you_mean(cell, readable)} (the codebook is `coding.themes` in the study file)",
                )
                for row, cell in table.column("code_path")[unknown].drop_duplicates().items()
            ]
        )
    return themes


def _labels(coding: Coding, path: str) -> list[str]:
    labels, themes = [], coding.themes
    for name in path.split("."):
        labels.append(themes[name].label)
        themes = themes[name].themes
    return labels


def _known_groups(table: RawTable, coding: Coding) -> None:
    groups = table.column("group")
    unknown = groups[~groups.isin([*coding.groups, ""])].drop_duplicates()
    if len(unknown):
        raise UserErrors(
            [
                UserError(
                    "this group is not known",
                    place=f"{table.name}: row {row}, column group",
                    found=repr(cell),
                    todo=f"{did_you_mean(cell, list(coding.groups))} (groups are `coding.groups` in the study file)",
                )
                for row, cell in unknown.items()
            ]
        )
