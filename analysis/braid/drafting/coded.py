"""What coding programs wrote, as drafts: the interviews of a cohort.yml, and the codebook of a study.yml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from braid.cleaning.themes import CodeBook
from braid.drafting.columns import identifier
from braid.drafting.draft import Draft, Reason
from braid.drafting.interviews import put_coding, without_empty
from braid.errors import UserError
from braid.intake.coded import CodedProject, is_project, read_project
from braid.intake.leaving_out import counted, listed
from braid.study import Coding


def coded_projects(paths: Mapping[str, Path]) -> dict[str, CodedProject]:
    """What coding programs wrote, by file. Raises UserError where such a file cannot be read."""
    return {file: read_project(path, file) for file, path in paths.items() if _written_by_a_program(path)}


def _written_by_a_program(path: Path) -> bool:
    try:
        return is_project(path)
    except UserError:
        # what is wrong with a table is told by its reader
        return False


def draft_interviews(draft: Draft, projects: Mapping[str, CodedProject], tables: Mapping[str, str]) -> None:
    """Write the part on interviews into a draft of cohort.yml. tables: by part, of what no program wrote."""
    files: Any = list(projects)
    coded = [file for file, project in projects.items() if len(project.segments)]
    if len(coded) > 1:
        files = [
            {"file": file, "coder": f"Coder {coded.index(file) + 1}"} if file in coded else file for file in projects
        ]
        draft.ask("who coded in each file? Two files of one coder need the same name.", at="interviews.project")
    other = {part: file for part, file in tables.items() if part != "segments"}
    value = {"project": files[0] if len(files) == 1 else files, **other}
    draft.put("interviews", value=value, why=Reason("certain", "written by a coding program"))
    for file, project in projects.items():
        counts = f"{counted(len(project.codes), 'code')}, {counted(len(project.segments), 'coded segment')}"
        draft.above["interviews",] += [f"{file}: {project.reading}; {counts}", *project.notes]
    told = {
        of: list(dict.fromkeys(str(name) for project in projects.values() for name in getattr(project, of).columns[1:]))
        for of in ("participants", "sources")
    }
    known = [f"{listed(names)} (of {of})" for of, names in told.items() if names]
    if known:
        draft.ask(f"which variable is `group`, `site` or `occasion`? There are {'; '.join(known)}.", at="interviews")
    if "participants" not in other:
        draft.ask("do cases or turns name everybody who took part? If not, add `participants: TABLE`.", at="interviews")


def codes_without_theme(draft: Draft, projects: Mapping[str, CodedProject], coding: Coding) -> None:
    """Ask for the theme of each code that was applied and has none in the study."""
    applied = dict.fromkeys(code for project in projects.values() for code in project.segments["code_path"])
    book = CodeBook(coding)
    if lost := [code for code in applied if book.theme(code) is None]:
        draft.ask(
            f"which theme do these codes belong to: {listed(lost)}? List them under its `codes`, or under "
            "`coding.ignore`.",
            at="the study file, coding",
        )


def draft_codebook(draft: Draft, projects: Mapping[str, CodedProject]) -> None:
    """Write the codebook of coding programs into a draft of study.yml, with its descriptions and in its order."""
    themes: dict[str, Any] = {}
    codes = {code.label: code for project in reversed(list(projects.values())) for code in project.codes}
    listed_codes = [code.label for project in projects.values() for code in project.codes]
    applied = [path for project in projects.values() for path in project.segments["code_path"]]
    for label in dict.fromkeys([*listed_codes, *applied]):
        inside, parts = themes, label.split(" > ")
        for depth, name in enumerate(parts, start=1):
            code = codes.get(" > ".join(parts[:depth]))
            inside = _theme(inside, name, code.description if code is not None else "")
    coders = {coder for project in projects.values() for coder in project.segments["coder"]}
    groups = _groups(projects.values())
    put_coding(draft, len(coders) > 1 or len(projects) > 1, groups)
    why = Reason("certain", f"the codebook in {listed(projects)}; add `kind`, and leave out codes that are no themes")
    draft.put("coding", "themes", value=without_empty(themes), why=why)


def _theme(inside: dict[str, Any], label: str, description: str) -> dict[str, Any]:
    """The themes below the one of this label, which is made where it is not there."""
    name = next((name for name, theme in inside.items() if theme["label"] == label), None)
    if name is None:
        name = identifier(label.lower() if label.isascii() else label, f"theme{len(inside) + 1}", inside)
        inside[name] = {"label": label, "description": description, "themes": {}}
    below: dict[str, Any] = inside[name]["themes"]
    return below


def _groups(projects: Iterable[CodedProject]) -> list[str]:
    """What the variable `group` says, of participants or sources."""
    frames = [frame for project in projects for frame in (project.participants, project.sources)]
    columns = [frame[name] for frame in frames for name in frame.columns if str(name).casefold() == "group"]
    return sorted({str(cell) for column in columns for cell in column if cell})
