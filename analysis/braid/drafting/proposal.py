"""From the files of a cohort to the text of its cohort.yml, and of a study.yml where there is none that fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from braid.drafting.absence import USUAL, absence
from braid.drafting.background import Known, known_characteristics, new_characteristics
from braid.drafting.coded import coded_projects, draft_codebook
from braid.drafting.cohort_draft import Found, draft_cohort_file
from braid.drafting.columns import Column, columns_of
from braid.drafting.draft import Draft, Reason
from braid.drafting.interviews import draft_coding, interview_files
from braid.drafting.keys import Key, find_key
from braid.drafting.known_waves import Waves, known_waves
from braid.drafting.new_waves import new_waves
from braid.drafting.sources import read_sources
from braid.drafting.study_draft import NewStudy, draft_study_file, items_of
from braid.errors import UserError
from braid.study import CohortSpec, Study
from braid.study.cohort import CharacteristicColumn

COHORT_HEADER = (
    "Written by `braid new` from the files in this folder: a proposal, not a decision. The comments say how sure each "
    "part is (certain, likely, a guess) and why. Mend what is wrong, take out this list, then run: braid check {name}"
)
STUDY_HEADER = (
    "Written by `braid new` from the files of one cohort, since no study was written down that fits them: a proposal, "
    "not a decision. Whatever says TODO must be worded by a person; the comments say how sure each part is and why."
)


@dataclass(frozen=True)
class Proposal:
    """What is proposed for a cohort. study: the text of its own study.yml, None where a study is there that fits.

    told: what was put where. decisions: what a person must decide.
    """

    cohort: str
    study: str | None
    told: tuple[str, ...]
    decisions: tuple[str, ...]


def propose(
    name: str,
    paths: Mapping[str, Path],
    study: Study | None,
    *,
    like: CohortSpec | None = None,
    transcripts: str | None = None,
) -> Proposal | None:
    """Propose the definition of a cohort.

    paths: the given files by name. study: the study they belong to; one is drafted where it is None. like: a cohort
    whose files and columns are called the same. transcripts: their folder, where there are any. Returns None where
    nothing in the files fits the study. Raises UserError where a file cannot be read, or none holds answers or coded
    interviews.
    """
    projects = coded_projects(paths)
    sources = read_sources({file: path for file, path in paths.items() if file not in projects})
    plain = {file: columns_of(source.table, file) for file, source in sources.items()}
    interviews = interview_files(plain, like, coded=bool(projects))
    survey = [c for file, columns in plain.items() if file not in interviews.values() for c in columns]
    absent = absence(survey, like.missing if like is not None else USUAL)
    files = {
        file: columns_of(source.table, file, absent.cells)
        for file, source in sources.items()
        if file not in interviews.values()
    }
    if study is not None:
        waves = known_waves(files, study, like)
        if not waves.waves and not ((interviews or projects) and study.coding):
            return None
        interviews, projects = (interviews, projects) if study.coding else ({}, {})
        key = _key(files, waves)
        people, about = _people(files, waves, key, study, like)
        found = Found(
            sources,
            files | {f: plain[f] for f in interviews.values()},
            absent,
            waves,
            key,
            people,
            about,
            interviews,
            like=like,
            projects=projects,
            transcripts=transcripts,
        )
        return _proposal(name, found, study, None)
    waves = new_waves(files)
    key = _key(files, waves)
    keys = {column for columns in key.columns.values() for column in columns}
    new = items_of(waves, keys)
    people, about, rest = _new_people(files, waves, new, key, keys)
    if not new.scales and not interviews and not projects:
        raise UserError(
            "these files hold neither answers on a scale nor coded interviews",
            place="--from",
            found=", ".join(f"{file} ({len(source.table.frame)} rows)" for file, source in sources.items())
            or "no table",
            expected="columns of answers such as 1 to 5 or `agree`, or a table of coded segments",
        )
    draft = draft_study_file(new, about, rest)
    if projects:
        draft_codebook(draft, projects)
    elif interviews:
        draft_coding(draft, plain, interviews)
    drafted = Study.model_validate(draft.content)
    found = Found(
        sources,
        files | {f: plain[f] for f in interviews.values()},
        absent,
        new.waves if new.scales else Waves(),
        key,
        people,
        about,
        interviews,
        tuple(draft.decisions),
        projects=projects,
        transcripts=transcripts,
    )
    return _proposal(name, found, drafted, draft)


def _key(files: Mapping[str, Sequence[Column]], waves: Waves) -> Key:
    parts = [wave.part for wave in waves.waves]
    return find_key(files, parts) if parts else Key({}, Reason("certain", "no wave"))


def _people(
    files: Mapping[str, Sequence[Column]], waves: Waves, key: Key, study: Study, like: CohortSpec | None
) -> tuple[str, list[Known]]:
    """The file that tells most about the persons, and what it tells."""
    usual: dict[str, CharacteristicColumn] = {}
    if like is not None and like.people is not None:
        for name, where in like.people.characteristics.items():
            usual[name] = CharacteristicColumn(column=where) if isinstance(where, str) else where
    best: tuple[tuple[int, int], str, list[Known]] = ((0, 0), "", [])
    for file, columns in files.items():
        free = _about(columns, waves)
        found = known_characteristics(free, study.characteristics, usual, set(key.columns.get(file, ())))
        rating = len(found), int(file in key.columns)
        if found and rating > best[0]:
            best = rating, file, found
    return best[1], best[2]


def _about(columns: Sequence[Column], waves: Waves) -> list[Column]:
    """Columns that are no item, and do not belong to a later wave."""
    items = {column for wave in waves.waves for column in wave.part.columns.values()}
    items |= set(waves.form.part.columns.values()) if waves.form else set()
    return [column for column in columns if column not in items]


def _new_people(
    files: Mapping[str, Sequence[Column]], waves: Waves, new: NewStudy, key: Key, keys: set[str]
) -> tuple[str, list[Known], list[str]]:
    """The file that tells most about the persons, what it tells, and the columns that nothing uses."""
    rows = {name for wave in waves.waves for name in wave.part.rows}
    first, later = (waves.waves[0].part if waves.waves else None), waves.waves[1:]
    gone = {c for w in later for c in w.part.columns.values()} if first else set()
    gone -= set(first.columns.values()) if first else set()
    best: tuple[int, str, list[Known]] = (0, "", [])
    rest: list[str] = []
    used = keys | rows
    for file, columns in files.items():
        free = [c for c in _about(columns, new.waves) if c not in gone and c.name not in used]
        items = [c.place for w in new.waves.waves for c in w.part.columns.values() if c.file == file]
        about = new_characteristics(free, keys, min(items, default=inf))
        known = file in key.columns or not waves.waves
        if known and len(about) > best[0]:
            best = len(about), file, about
    taken = {known.column for known in best[2]}
    for columns in files.values():
        rest += [c.name for c in _about(columns, new.waves) if c not in taken and c.name not in used and not c.personal]
    return best[1], best[2], list(dict.fromkeys(rest))


def _proposal(name: str, found: Found, study: Study, drafted: Draft | None) -> Proposal:
    cohort = draft_cohort_file(name, found, study)
    CohortSpec.model_validate(cohort.content)
    told = [f"waves.{wave.name}: {wave.part.file}" for wave in found.waves.waves]
    told += [f"people: {found.people}"] if "people" in cohort.content else []
    told += (
        [f"satisfaction: {found.waves.form.part.file}"] if "satisfaction" in cohort.content and found.waves.form else []
    )
    interviews = {part: file for part, file in cohort.content.get("interviews", {}).items() if part != "project"}
    told += [f"interviews.project: {file}" for file in found.projects]
    told += [f"interviews.{part}: {file}" for part, file in interviews.items()]
    return Proposal(
        cohort.text(COHORT_HEADER.format(name=name)),
        drafted.text(STUDY_HEADER) if drafted is not None else None,
        tuple(told),
        tuple(cohort.decisions),
    )
