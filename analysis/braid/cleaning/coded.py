"""What one cohort's coding programs wrote, as one table of segments, with who said each and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from braid.cleaning.speaking import Speaking
from braid.cleaning.tables import RawTables
from braid.cleaning.telling import Telling
from braid.cleaning.transcripts import as_transcripts_are_called, read_transcripts
from braid.errors import UserError, UserErrors
from braid.intake.coded import Code, CodedProject, read_project
from braid.study import Cohort, Interviews, did_you_mean

CANONICAL = ("source", "participant", "group", "coder", "code_path", "start", "end", "quote", "memo")


@dataclass(frozen=True)
class Coded:
    """All that was coded in a cohort.

    segments: in the columns SEGMENTS, `place` saying where each stands. participants: participant, group, site,
    occasion. codes: of the programs, each once. texts: by source. notes, reading: what is told of each file.
    """

    segments: pd.DataFrame
    participants: pd.DataFrame
    codes: tuple[Code, ...]
    texts: Mapping[str, str]
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reading: Mapping[str, str] = field(default_factory=dict)


def read_coded(cohort: Cohort) -> Coded:
    """Read the coded files of a cohort and its transcripts, and find out who speaks. Raises UserError(s)."""
    spec = cohort.spec.interviews
    assert spec is not None
    transcripts = read_transcripts(cohort)
    projects = [_with_coder(_read(cohort, spec, coded.file), coded.coder, spec) for coded in spec.coded_files]
    if spec.project is not None:
        projects = [as_transcripts_are_called(project, transcripts.texts) for project in projects]
    _coders_are_told(projects, spec, cohort)
    untrusted = frozenset[str]().union(*(project.untrusted for project in projects))
    own = {name: text for name, text in transcripts.texts.items() if name not in untrusted}
    texts = {**own, **_texts(projects)}
    segments = pd.concat([_placed(project) for project in projects], ignore_index=True)
    table = RawTables(cohort)[spec.participants] if spec.participants else None
    speaking = Speaking(spec, projects, texts, table)
    segments, lost = speaking.segments(segments)
    _everybody_is_listed(segments, speaking.listed, spec, cohort)
    telling = Telling(spec, projects, table, cohort.study.coding)
    notes = {project.name: project.notes for project in projects if project.notes} | transcripts.notes
    if spec.project is not None and (more := (*speaking.notes, *lost)):
        notes[projects[0].name] = (*notes.get(projects[0].name, ()), *more)
    codes = {code.label: code for project in reversed(projects) for code in reversed(project.codes)}
    told = telling.of_segments(segments)
    return Coded(
        segments=told,
        participants=telling.of_participants(speaking.participants(told), told),
        codes=tuple(reversed(codes.values())),
        texts=texts,
        notes=notes,
        reading={project.name: project.reading for project in projects},
    )


def _read(cohort: Cohort, spec: Interviews, file: str) -> CodedProject:
    name = f"data_raw/{cohort.name}/{file}"
    table = None
    if spec.segments is not None and not spec.columns:
        table = RawTables(cohort)[file]
        missing = [column for column in CANONICAL if column not in table.frame.columns]
        if missing:
            raise UserError(
                f"the coded segments lack the column {missing[0]}",
                place=name,
                found=", ".join(map(str, table.frame.columns[:20])),
                expected=", ".join(CANONICAL),
                todo="add it; or, where the columns have other names, put the file under `project` in place of "
                "`segments`, with `columns: {code_path: ...}`",
            )
    how = cohort.spec.files.get(file)
    columns: dict[str, str | list[str]] = {str(field): column for field, column in spec.columns.items()}
    # in a table of its own the study has called the coders as it wants them called
    names = spec.coder_names or spec.segments is not None
    return read_project(cohort.raw(file), name, columns=columns, names=names, how=how, table=table)


def _with_coder(project: CodedProject, coder: str | None, spec: Interviews) -> CodedProject:
    """The project with the coder that cohort.yml names, or with one where the program keeps none."""
    if coder is None and (spec.project is None or project.segments["coder"].ne("").any()):
        return project
    return replace(project, segments=project.segments.assign(coder=coder or "Coder A"))


def _everybody_is_listed(segments: pd.DataFrame, listed: list[str], spec: Interviews, cohort: Cohort) -> None:
    if not listed:
        return
    strange = segments[~segments["participant"].isin([*listed, ""])].drop_duplicates("participant")
    if len(strange):
        raise UserErrors(
            [
                UserError(
                    "a participant of coded segments is not among those who took part",
                    place=str(place).replace("column code_path", "column participant"),
                    found=participant,
                    expected=f"one of the {len(listed)} in data_raw/{cohort.name}/{spec.participants}",
                    todo=f"{did_you_mean(participant, listed)}; mend the name, or add a row to that file",
                )
                for participant, place in zip(strange["participant"], strange["place"], strict=True)
            ]
        )


def _coders_are_told(projects: list[CodedProject], spec: Interviews, cohort: Cohort) -> None:
    unnamed = [
        coded.file
        for coded, project in zip(spec.coded_files, projects, strict=True)
        if coded.coder is None and len(project.segments)
    ]
    with_segments = [project for project in projects if len(project.segments)]
    if unnamed and len(with_segments) > 1:
        raise UserError(
            "several files were coded, and it is not said by whom each",
            place=f"data_raw/{cohort.name}/cohort.yml: interviews.project",
            found=", ".join(unnamed),
            expected=f"{{file: {unnamed[0]}, coder: Coder A}}",
            todo="give each file its coder",
        )


def _texts(projects: list[CodedProject]) -> dict[str, str]:
    """Text by source. Raises UserError where two files hold another text under one name: offsets would not compare."""
    texts: dict[str, str] = {}
    for project in projects:
        for source, text in project.texts.items():
            if texts.setdefault(source, text) != text:
                raise UserError(
                    "two files hold another text under the same name, so that their coding cannot be compared",
                    place=project.name,
                    found=source,
                    todo="let all coders work on the same document, or give one of them another name",
                )
    return texts


def _placed(project: CodedProject) -> pd.DataFrame:
    """The segments of a project with the place of each, for messages."""
    is_table = "table" in project.reading or "codings of" in project.reading or "highlights of" in project.reading
    rows = [
        f"{project.name}: row {row}, column code_path" if is_table else project.name for row in project.segments.index
    ]
    return project.segments.assign(place=rows)
