"""Where things are: the project's folders, and one cohort opened with its study."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from braid import language
from braid.errors import UserError, UserErrors
from braid.language.catalogue import unknown_language
from braid.study.cohort import START, CohortSpec, WaveFile
from braid.study.model import Study
from braid.study.reading import did_you_mean, read_model
from braid.study.reporting import Programme, Reporting

COHORT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
RESERVED = {"sections", "styles"}
COMPARED = "compare-"
"""How the folders of reports on several cohorts begin; no cohort is called so."""


@dataclass(frozen=True)
class Project:
    """The repository's folders. root: the folder that holds `_quarto.yml` and `analysis`."""

    root: Path

    @property
    def analysis(self) -> Path:
        return self.root / "analysis"

    def raw(self, cohort: str) -> Path:
        if cohort.lower().startswith(COMPARED):
            raise UserError(
                f"no cohort's name begins with {COMPARED}: reports on several cohorts are called so",
                found=cohort,
                todo="choose another name; cohorts are compared with: braid compare A B",
            )
        return self.root / "data_raw" / check_name(cohort)

    def processed(self, cohort: str) -> Path:
        return self.root / "data_processed" / check_name(cohort)

    def results(self, cohort: str) -> Path:
        return self.processed(cohort) / "results"

    def report(self, cohort: str) -> Path:
        return self.root / "reports" / check_name(cohort)

    def cohorts(self) -> list[str]:
        """Names of the cohorts that have a cohort.yml, in order."""
        return sorted(path.parent.name for path in (self.root / "data_raw").glob("*/cohort.yml"))


@dataclass(frozen=True)
class Cohort:
    """One cohort with the study it belongs to."""

    name: str
    project: Project
    spec: CohortSpec
    study: Study
    study_file: Path

    @property
    def cohorts(self) -> tuple[Cohort, ...]:
        """This cohort alone, as a comparison has several."""
        return (self,)

    @property
    def command(self) -> str:
        """The command that makes the report."""
        return f"braid run {self.name}"

    def raw(self, file: str) -> Path:
        return self.project.raw(self.name) / file

    def speaking(self) -> AbstractContextManager[None]:
        """The language of the study in force for as long as the context lasts. Raises UserError (see `language`)."""
        return language.speaking(self.study.language, self.project.root)

    @property
    def catalogues(self) -> list[Path]:
        """The files that the words of the report come from; none in English."""
        return language.catalogue_files(self.study.language, self.project.root)

    @property
    def programme(self) -> Programme:
        """The programme as it was in this cohort: what cohort.yml says of it counts before the study's plan."""
        told = self.spec.programme.model_dump(exclude_defaults=True)
        return self.study.programme.model_copy(update=told)

    @property
    def reporting(self) -> Reporting:
        """What the team tells of the study, cohort.yml before study.yml."""
        told = self.spec.reporting.model_dump(exclude_defaults=True, exclude={"involvement"})
        involved = self.spec.reporting.involvement.model_dump(exclude_defaults=True)
        involvement = self.study.reporting.involvement.model_copy(update=involved)
        return self.study.reporting.model_copy(update={**told, "involvement": involvement})

    @property
    def synthetic(self) -> bool:
        return self.spec.synthetic

    @property
    def small_counts_shown(self) -> str:
        """Why counts of few people are shown, in a sentence; empty where they are hidden (see `Disclosure`)."""
        decided = self.spec.small_counts_shown
        if decided is not None:
            return language.tr(
                "{reason} (decided by {name}).", reason=decided.reason.rstrip("."), name=decided.decided_by
            )
        return language.tr("The data are synthetic, so that nobody can be recognised.") if self.synthetic else ""


def find_root(start: Path | None = None) -> Path:
    """The project's root: the nearest folder above `start` (or the working folder) with `_quarto.yml` and `analysis`.

    Raises UserError where none of them is: a command outside a project must not work on some other one.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "_quarto.yml").is_file() and (folder / "analysis").is_dir():
            return folder
    raise UserError("this is not inside a braid project", todo="change into the folder that holds _quarto.yml")


def check_name(cohort: str) -> str:
    """The name itself where it is a plain identifier, so that no path can be made of it. Raises UserError."""
    if not COHORT_NAME.fullmatch(cohort) or cohort.lower() in RESERVED:
        raise UserError(
            "this is not a name for a cohort",
            found=repr(cohort),
            expected="letters, digits, - and _, beginning with a letter or digit; "
            f"not {' or '.join(sorted(RESERVED))}, which are folders of reports",
        )
    return cohort


def open_cohort(name: str, root: Path | None = None) -> Cohort:
    """Open a cohort: its cohort.yml, and its own study.yml or else the one in analysis. Raises UserError(s)."""
    project = Project(root or find_root())
    folder = project.raw(name)
    if not (folder / "cohort.yml").is_file():
        raise UserError(
            f"there is no cohort {name}",
            place=f"data_raw/{name}/cohort.yml",
            todo=did_you_mean(name, project.cohorts()),
        )
    own = folder / "study.yml"
    study_file = own if own.is_file() else project.analysis / "study.yml"
    errors: list[UserError] = []
    study = spec = None
    try:
        study = read_model(study_file, study_file.relative_to(project.root).as_posix(), Study)
    except UserErrors as error:
        errors += error.errors
    try:
        spec = read_model(folder / "cohort.yml", f"data_raw/{name}/cohort.yml", CohortSpec)
    except UserErrors as error:
        errors += error.errors
    if study is None or spec is None:
        raise UserErrors(errors)
    cohort = Cohort(name, project, spec, study, study_file)
    errors = [*_unknown_in_study(cohort), *_unknown_in_cohort(cohort)]
    if errors:
        raise UserErrors(errors)
    return cohort


def _unknown_in_study(cohort: Cohort) -> list[UserError]:
    study, name = cohort.study, cohort.study_file.relative_to(cohort.project.root).as_posix()
    errors = []
    languages = language.known_languages(cohort.project.root)
    if study.language not in languages:
        errors.append(unknown_language(study.language, languages, f"{name}: language"))
    kinds = {"groups": "group", "numbers": "number"}
    for key, kind in kinds.items():
        known = [c for c, spec in study.characteristics.items() if spec.type == kind]
        for word in getattr(study.baseline, key):
            if word not in known:
                errors.append(
                    UserError(
                        f"no characteristic of type {kind} has this name",
                        place=f"{name}: baseline.{key}",
                        found=word,
                        todo=did_you_mean(word, known),
                    )
                )
    coding = study.coding
    places = [f"{c}.{level}" for c, spec in study.characteristics.items() for level in spec.levels]
    of_groups = coding.groups_in_survey if coding else {}
    for told, known in ((list(of_groups), list(coding.groups) if coding else []), (list(of_groups.values()), places)):
        errors += [
            UserError(
                "the study does not know this name",
                place=f"{name}: coding.groups_in_survey",
                found=word,
                todo=did_you_mean(word, known),
            )
            for word in told
            if word not in known
        ]
    paths = list(coding.paths()) if coding else []
    for row_name, row in study.joint_display.items():
        for path in row.themes:
            if path not in paths:
                errors.append(
                    UserError(
                        "there is no such theme",
                        place=f"{name}: joint_display.{row_name}.themes",
                        found=path,
                        todo=did_you_mean(path, paths),
                    )
                )
    return errors


def _unknown_in_cohort(cohort: Cohort) -> list[UserError]:
    study, spec = cohort.study, cohort.spec
    name = f"data_raw/{cohort.name}/cohort.yml"
    pairs = [("waves", list(spec.waves), list(study.waves))]
    if spec.people:
        known = list(study.characteristics)
        pairs.append(("people.characteristics", list(spec.people.characteristics), known))
    answered: list[tuple[str, WaveFile]] = [(f"waves.{wave}", file) for wave, file in spec.waves.items()]
    answered += [("satisfaction", spec.satisfaction)] if spec.satisfaction else []
    for place, file in answered:
        known = ["satisfaction"] if place == "satisfaction" else list(study.scales)
        pairs.append((f"{place}.answers", list(file.answers), known))
    side_by_side = study.characteristics[study.participants_by].levels if study.participants_by else {}
    for i, lost in enumerate(spec.flow.lost):
        pairs.append((f"flow.lost.{i}.before", [lost.before], [START, *study.waves]))
        pairs.append((f"flow.lost.{i}.among", [lost.among] if lost.among else [], list(side_by_side)))
    errors = [
        UserError(
            "the study does not know this name",
            place=f"{name}: {place}.{word}",
            todo=f"{did_you_mean(word, known)} (names come from the study file)",
        )
        for place, words, known in pairs
        for word in words
        if word not in known
    ]
    if spec.satisfaction and study.satisfaction is None:
        errors.append(UserError("the study has no satisfaction form", place=f"{name}: satisfaction"))
    if spec.interviews and study.coding is None:
        errors.append(UserError("the study has no coding section", place=f"{name}: interviews"))
    rows = list(study.joint_display)
    errors += [
        UserError(
            "the joint display has no such row",
            place=f"{name}: decisions.{row}",
            todo=did_you_mean(row, rows),
        )
        for row in spec.decisions
        if row not in rows
    ]
    known = [*rows, *(study.coding.paths() if study.coding else ())]
    errors += [
        UserError(
            "there is no such row or theme",
            place=f"{name}: recommendations.{number}.follows_from",
            found=source,
            todo=did_you_mean(source, known),
        )
        for number, recommendation in enumerate(spec.recommendations)
        for source in recommendation.follows_from
        if source not in known
    ]
    return errors
