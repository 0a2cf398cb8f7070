"""`braid run`: one line per stage, one per format, and at the end where the report is and what it says."""

from __future__ import annotations

import os
from dataclasses import replace

from braid.cli.journal import NOTEBOOKS, NOTHING, Journal
from braid.cli.unchanged import remember, signs
from braid.cohorts import Attempt, one_at_a_time
from braid.errors import RunError, UserError
from braid.publishing import FORMATS, Order, Report
from braid.records import read_records
from braid.report import bundled, dependencies, make_report
from braid.study import Cohort, check_name, did_you_mean, find_root, open_cohort
from braid.study.joining import ON_OTHER_RESULTS

WORKERS = 2


def parse_formats(text: str) -> tuple[str, ...]:
    """The formats of a comma-separated list, in our order. Raises UserError."""
    words = [word.strip() for word in text.split(",") if word.strip()]
    for word in words:
        if word not in FORMATS:
            raise UserError("this is not a format", place="--to", found=word, todo=did_you_mean(word, list(FORMATS)))
    if not words:
        raise UserError("no format is named", place="--to", expected=", ".join(FORMATS))
    return tuple(name for name in FORMATS if name in words)


def inputs_now(cohort: Cohort) -> dict[str, object]:
    """Signs of what a report is made from. Where they move during a run, its report is not what they say now."""
    project = cohort.project
    root, made = f"{project.root}{os.sep}", (project.processed(cohort.name), project.report(cohort.name))
    own = tuple(f"{folder}{os.sep}" for folder in made)
    files = {path for path in map(str, dependencies(cohort)) if not f"{path}{os.sep}".startswith(own)}
    # pathlib and relpath would take far longer for what is a part of the name
    names = (path.removeprefix(root) if path.startswith(root) else os.path.relpath(path, root) for path in files)
    return signs(project.root, sorted(names))


def run_cohort(
    name: str,
    *,
    formats: str,
    force: bool,
    without_quarto: bool,
    quiet: bool,
    workers: int | None = None,
    bundle: bool = False,
) -> None:
    """Run one cohort, print the outcome and keep it for the overview. Raises UserError, RunError, OSError."""
    order = Order(parse_formats(formats), force, not without_quarto, workers or WORKERS)
    attempt = Attempt(find_root(), check_name(name))
    try:
        cohort = open_cohort(name)
        attempt.opened(cohort)
        with one_at_a_time(cohort):
            report = _run(cohort, order, quiet, bundle)
    except (UserError, RunError, OSError) as error:
        attempt.failed(error)
        raise
    attempt.done(report)


def _again(cohort: Cohort) -> list[str]:
    """A line where decisions on the joint display no longer fit the results of this run."""
    path = cohort.project.results(cohort.name) / "triangulation.json"
    records = read_records(path) if path.is_file() else []
    rows = [record.id.removeprefix("joint.") for record in records if record.method == ON_OTHER_RESULTS]
    if not rows:
        return []
    return [f"To decide again, as the results have changed: {', '.join(rows)} (braid check {cohort.name} says how)"]


def _run(cohort: Cohort, order: Order, quiet: bool, bundle: bool) -> Report:
    journal = Journal(cohort, cohort.spec.title, quiet)
    before = inputs_now(cohort)
    with journal.failures():
        report = make_report(
            cohort,
            replace(order, on_format=journal.format, on_note=journal.line),
            on_stage=lambda name, state, seconds: journal.step(NOTEBOOKS[name], state, seconds),
        )
    root, name = cohort.project.root, cohort.name
    brief = journal.end(report, _again(cohort))
    if bundle or (report.rendered and (cohort.project.report(name) / "bundle").is_dir()):
        print(f"{bundled(cohort).relative_to(root).as_posix()}/")
    if order.formats == FORMATS and order.use_quarto and inputs_now(cohort) == before:
        remember(root, name, dependencies(cohort), [journal.title, NOTHING, *brief], brief)
    return report
