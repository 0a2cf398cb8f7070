"""`braid run`: one line per stage, one per format, and at the end where the report is and what it says."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path

from rich.console import Console

from braid.cli.unchanged import remember, signs
from braid.cohorts import Attempt, one_at_a_time
from braid.errors import RunError, UserError
from braid.pipeline import STAGES, StageFailed
from braid.report import FORMATS, Report, bundled, dependencies, make_report
from braid.study import Cohort, check_name, did_you_mean, find_root, open_cohort

WORKERS = 2
NOTEBOOKS = {stage.name: stage.notebook for stage in STAGES}


class Journal:
    """Prints what happens, and keeps it in `data_processed/<cohort>/run.log`."""

    def __init__(self, path: Path, quiet: bool) -> None:
        self.console = Console(highlight=False, quiet=quiet)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.log = path.open("a", encoding="utf-8")

    def line(self, text: str, style: str = "") -> None:
        self.console.print(text, style=style or None, markup=False, soft_wrap=True)
        self.note(text)

    def note(self, text: str) -> None:
        self.log.write(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {text}\n")
        self.log.flush()

    def stage(self, name: str, state: str, seconds: float) -> None:
        if state == "fresh":
            self.line(f"  {NOTEBOOKS[name]:<26} unchanged", style="dim")
        else:
            self.line(f"  {NOTEBOOKS[name]:<26} {seconds:6.1f} s")

    def format(self, name: str, seconds: float) -> None:
        self.line(f"  report.{name:<19} {seconds:6.1f} s")


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
    made = (project.processed(cohort.name), project.report(cohort.name))
    files = (path for path in dependencies(cohort) if not any(path.is_relative_to(folder) for folder in made))
    return signs(project.root, sorted({os.path.relpath(path, project.root) for path in files}))


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
    wanted = parse_formats(formats)
    attempt = Attempt(find_root(), check_name(name))
    try:
        cohort = open_cohort(name)
        attempt.title = cohort.spec.title
        with one_at_a_time(cohort):
            report = _run(cohort, wanted, force, not without_quarto, quiet, workers, bundle)
    except (UserError, RunError, OSError) as error:
        attempt.failed(error)
        raise
    attempt.done(report)


def explained(failed: StageFailed, name: str) -> UserError | RunError:
    """What a person is told of a stage that stopped. name: of the cohort or comparison whose notebook it was."""
    if failed.failure.user:
        return UserError(failed.failure.error, place=failed.failure.notebook)
    copy = f"data_processed/{name}/notebooks/{Path(failed.failure.notebook).stem}.failed.ipynb"
    return RunError(
        f"The stage {failed.stage} stopped: {failed}\n"
        f"  what to do: open {copy} in JupyterLab (braid lab) to see it where it stopped, mend the notebook "
        f"or the study file, and run again; finished stages are kept"
    )


def _run(
    cohort: Cohort,
    formats: tuple[str, ...],
    force: bool,
    use_quarto: bool,
    quiet: bool,
    workers: int | None,
    bundle: bool,
) -> Report:
    name = cohort.name
    journal = Journal(cohort.project.processed(name) / "run.log", quiet)
    journal.line(f"{cohort.spec.title} ({name})", style="bold")
    began = time.monotonic()
    before = inputs_now(cohort)
    try:
        report = make_report(
            cohort,
            formats=formats,
            force=force,
            use_quarto=use_quarto,
            workers=workers or WORKERS,
            on_stage=journal.stage,
            on_format=journal.format,
            on_note=journal.line,
        )
    except StageFailed as failed:
        journal.note(str(failed))
        raise explained(failed, name) from failed
    except UserError as error:
        journal.note(error.render())
        raise
    if not report.stages and not report.rendered:
        journal.line("  nothing has changed: the report is up to date")
    else:
        journal.line(f"  done in {time.monotonic() - began:.1f} s, rendered with {report.renderer}")
    root = cohort.project.root
    brief = [*(path.relative_to(root).as_posix() for path in report.files), report.headline]
    print("\n".join(brief))
    if bundle or (report.rendered and (cohort.project.report(name) / "bundle").is_dir()):
        print(f"{bundled(cohort).relative_to(root).as_posix()}/")
    if formats == FORMATS and use_quarto and inputs_now(cohort) == before:
        nothing = [f"{cohort.spec.title} ({name})", "  nothing has changed: the report is up to date", *brief]
        remember(root, name, dependencies(cohort), nothing, brief)
    return report
