"""`braid run --all`: every cohort, one progress display, and a summary at the end."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from braid.cohorts import Outcome, cohorts_of, run_cohorts, write_overview
from braid.errors import RunError, UserError
from braid.study import Project, find_root


def run_every_cohort(
    *, formats: tuple[str, ...], force: bool, without_quarto: bool, quiet: bool, workers: int | None = None
) -> None:
    """Run all cohorts; raises RunError or UserError where some have no report, after all others have one."""
    project = Project(find_root())
    names = list(cohorts_of(project))
    console = Console(highlight=False, quiet=quiet)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TextColumn("left"), TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task("cohorts", total=len(names))

        def done(outcome: Outcome) -> None:
            progress.console.print(f"  {outcome.cohort:<28} {outcome.state:<12} {outcome.seconds:6.1f} s", markup=False)
            progress.advance(task)

        outcomes = run_cohorts(
            project.root,
            names,
            formats=formats,
            force=force,
            use_quarto=not without_quarto,
            workers=workers,
            done=done,
        )
    overview = write_overview(project)
    counts = Counter(outcome.state for outcome in outcomes)
    console.print(", ".join(f"{count} {state}" for state, count in counts.items()))
    print(overview.relative_to(project.root).as_posix())
    _raise_for([outcome for outcome in outcomes if outcome.state in ("wrong files", "failed")], console)


def _raise_for(broken: list[Outcome], console: Console) -> None:
    if not broken:
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("cohort", "state", "why"):
        table.add_column(column, overflow="fold")
    for outcome in broken:
        table.add_row(outcome.cohort, outcome.state, escape(outcome.text))
    console.print(table)
    message = f"{len(broken)} cohort(s) have no new report: {', '.join(outcome.cohort for outcome in broken)}"
    raise (RunError(message) if any(o.state == "failed" for o in broken) else UserError(message))
