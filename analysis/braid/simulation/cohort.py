"""A whole cohort that does not exist: from printed targets, or from the study alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from braid.errors import UserError
from braid.simulation.compare import Frames, compare
from braid.simulation.consistency import contradictions
from braid.simulation.dirt import apply_dirt, read_dirt
from braid.simulation.forms import draw_form
from braid.simulation.incomplete import with_gaps
from braid.simulation.people import draw_attendance, draw_people
from braid.simulation.readme import readme
from braid.simulation.samples import sample_script
from braid.simulation.scales import draw_scale
from braid.simulation.script import interview_files, read_script
from braid.simulation.tables import characteristic_columns, survey_tables
from braid.simulation.targets import TARGETS_FILE, Targets, read_targets
from braid.study import Cohort

USUAL_PEOPLE = 120


def draw(cohort: Cohort, *, people: int | None = None, seed: int | None = None) -> Frames:
    """The cohort's persons and answers in memory, before dirt.

    With targets.yml they reproduce its figures, and everybody answers everything; without, they are plausible
    answers of `people` persons (120 by default) with a few gaps. The same seed gives the same cohort; the seed
    is the cohort's own unless given. Raises UserError where targets contradict each other.
    """
    study, targets = cohort.study, read_targets(cohort)
    if targets is None:
        size = USUAL_PEOPLE if people is None else people
        if size < 4:
            raise UserError("a simulated cohort needs at least 4 people", found=str(size))
        wanted = Targets(source="the study alone", n=size)
    else:
        wanted = _checked(cohort, targets, people)
    streams = _streams(_seed(cohort, seed))
    named = list(characteristic_columns(cohort.spec))
    needed = [*named, *(name for name in wanted.characteristics if name not in named)]
    persons = draw_people(wanted, study, needed, next(streams))
    frames = Frames(persons, {wave: persons[[]].copy() for wave in cohort.spec.waves})
    for scale in study.scales if frames.waves else ():
        answers = draw_scale(scale, wanted, persons, study, next(streams))
        for wave in frames.waves:
            frames.waves[wave] = frames.waves[wave].join(answers[wave])
    form = None
    if study.satisfaction is not None and frames.waves:
        form = draw_form(wanted, study, persons.index, next(streams))
    held = draw_attendance(wanted.attendance, persons, next(streams)) if wanted.attendance is not None else None
    frames = Frames(persons, frames.waves, form, held)
    if targets is None:
        return with_gaps(frames, next(streams))
    missed = [f"{c.target} {c.published} (got {c.reproduced})" for c in compare(targets, frames, study) if not c.holds]
    if missed:
        raise UserError(
            "this draw misses figures of targets.yml",
            place=f"data_raw/{cohort.name}/{TARGETS_FILE}",
            found=", ".join(missed),
            todo="try another seed, or leave a figure out and say why under left_out",
        )
    return frames


def simulate(cohort: Cohort, *, people: int | None = None, seed: int | None = None) -> dict[str, str]:
    """Every file of a simulated cohort as text, by its name inside the cohort's folder.

    Interviews come from the cohort's interviews.yml where it has one, else from plainly synthetic sample
    sentences about each theme; dirt from dirt.yml. A README.md says that all of it is synthetic.
    Raises UserError where cohort.yml does not say `synthetic: true`.
    """
    if not cohort.synthetic:
        raise UserError(
            "simulated files may only go into a cohort that says it is synthetic",
            place=f"data_raw/{cohort.name}/cohort.yml",
            todo="add the line `synthetic: true`, or choose another cohort",
        )
    files: dict[str, str] = {}
    if cohort.spec.waves or cohort.spec.people is not None:
        frames = draw(cohort, people=people, seed=seed)
        tables = survey_tables(cohort, frames, np.random.default_rng([_seed(cohort, seed), 1]))
        dirt = read_dirt(cohort)
        if dirt is not None:
            apply_dirt(dirt, tables)
        files |= {name: table.text() for name, table in tables.items()}
    if cohort.spec.interviews is not None:
        script = read_script(cohort) or sample_script(cohort.study, np.random.default_rng([_seed(cohort, seed), 2]))
        files |= interview_files(cohort, script)
    written = read_script(cohort) if cohort.spec.interviews is not None else None
    files["README.md"] = readme(cohort, read_targets(cohort), read_dirt(cohort), list(files), written)
    return files


def write(cohort: Cohort, files: dict[str, str], *, overwrite: bool = False) -> list[Path]:
    """Write simulated files into the cohort's folder. Raises UserError, having written nothing, where one of
    them exists already and differs, unless overwrite. Returns the paths.
    """
    paths = {name: cohort.raw(name) for name in files}
    content = {name: text.encode("utf-8") for name, text in files.items()}
    taken = [
        name for name, path in paths.items() if not overwrite and path.exists() and path.read_bytes() != content[name]
    ]
    if taken:
        raise UserError(
            "these files exist already, and a simulation never replaces data unasked",
            place=f"data_raw/{cohort.name}",
            found=", ".join(taken),
            todo="choose another cohort, or say that the files may be overwritten",
        )
    for name, path in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content[name])
    return list(paths.values())


def _checked(cohort: Cohort, targets: Targets, people: int | None) -> Targets:
    name = f"data_raw/{cohort.name}/{TARGETS_FILE}"
    if people is not None and people != targets.n:
        raise UserError(
            "the number of people is set by the targets", place=f"{name}: n", found=str(people), expected=str(targets.n)
        )
    found = contradictions(targets, cohort.study)
    if found:
        raise UserError(
            "these figures cannot hold together",
            place=name,
            found="; ".join(f"{', '.join(c.targets)}: {c.arithmetic}" for c in found),
            todo="take one of each out and name it under left_out",
        )
    return targets


def _seed(cohort: Cohort, seed: int | None) -> int:
    chosen = seed if seed is not None else cohort.spec.seed
    return chosen if chosen is not None else 1


def _streams(seed: int) -> Iterator[np.random.Generator]:
    """Independent random streams of one seed, one for each part, so that parts do not shift one another."""
    sequence = np.random.SeedSequence(seed)
    while True:
        yield np.random.default_rng(sequence.spawn(1)[0])
