"""`braid compare`: the cohorts' stages where they are not fresh, then the comparison, then where its report is."""

from __future__ import annotations

import time

from braid.cli.run import NOTEBOOKS, WORKERS, Journal, explained, parse_formats
from braid.cohorts import one_at_a_time
from braid.comparing import NOTEBOOK, STAGE, make_comparison
from braid.errors import UserError
from braid.pipeline import StageFailed
from braid.report import Report
from braid.study import Comparison, open_comparison


def compare_cohorts(names: list[str], *, formats: str, force: bool, without_quarto: bool, quiet: bool) -> None:
    """Compare cohorts and print the outcome. Raises UserError, RunError, OSError."""
    wanted = parse_formats(formats)
    comparison = open_comparison(names)
    project = comparison.project
    with one_at_a_time(comparison):
        journal = Journal(project.processed(comparison.name) / "run.log", quiet)
        journal.line(f"{', '.join(comparison.names)} ({comparison.name})", style="bold")
        began = time.monotonic()
        report = _compare(comparison, wanted, force, not without_quarto, journal)
    if not report.stages and not report.rendered:
        journal.line("  nothing has changed: the report is up to date")
    else:
        journal.line(f"  done in {time.monotonic() - began:.1f} s, rendered with {report.renderer}")
    print("\n".join([*(path.relative_to(project.root).as_posix() for path in report.files), report.headline]))


def _compare(
    comparison: Comparison, formats: tuple[str, ...], force: bool, use_quarto: bool, journal: Journal
) -> Report:
    whose = comparison.name

    def begin(name: str) -> None:
        nonlocal whose
        whose = name

    def tell(name: str, state: str, seconds: float) -> None:
        notebook = NOTEBOOK if name == STAGE else f"{whose}: {NOTEBOOKS[name]}"
        if state == "run":
            journal.line(f"  {notebook:<36} {seconds:6.1f} s")
        elif name == STAGE:
            journal.line(f"  {notebook:<36} unchanged", style="dim")

    try:
        return make_comparison(
            comparison,
            formats=formats,
            force=force,
            use_quarto=use_quarto,
            workers=WORKERS,
            on_begin=begin,
            on_stage=tell,
            on_format=lambda name, seconds: journal.line(f"  report.{name:<29} {seconds:6.1f} s"),
            on_note=journal.line,
        )
    except StageFailed as failed:
        journal.note(str(failed))
        raise explained(failed, whose) from failed
    except UserError as error:
        journal.note(error.render())
        raise
