"""`braid status`: what a run would do now, and why."""

from __future__ import annotations

from rich.console import Console

from braid.pipeline import STAGES, stale_stages
from braid.report import stale_report
from braid.study import check_name, open_cohort

NAMED = 3


def show_status(name: str) -> None:
    """Print each stage as fresh or stale with the reason, then the report, and the one next step."""
    cohort = open_cohort(check_name(name))
    console = Console(highlight=False)
    reasons = stale_stages(cohort)
    changed: set[str] = set()
    for stage in STAGES:
        behind = [need for need in stage.needs if need in changed]
        if reasons[stage.name]:
            changed.add(stage.name)
            _line(console, stage.notebook, "stale", _told(reasons[stage.name]))
        elif behind:
            changed.add(stage.name)
            _line(console, stage.notebook, "waits", f"for {', '.join(behind)}, whose results may change")
        else:
            _line(console, stage.notebook, "fresh", "")
    report = [] if changed else stale_report(cohort)
    if changed:
        _line(console, "report", "waits", "for the notebooks")
    else:
        _line(console, "report", "stale" if report else "fresh", _told(report))
    nothing = not changed and not report
    console.print(f"next: open reports/{name}/report.html" if nothing else f"next: braid run {name}")


def _line(console: Console, what: str, state: str, why: str) -> None:
    console.print(f"  {what:<26} {state:<6} {why}".rstrip(), markup=False, soft_wrap=True)


def _told(reasons: list[str]) -> str:
    more = len(reasons) - NAMED
    return ", ".join(reasons[:NAMED]) + (f" and {more} more" if more > 0 else "")
