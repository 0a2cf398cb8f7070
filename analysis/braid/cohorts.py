"""Many cohorts: each brought up to date in a process of its own, one failure not stopping the others."""

from __future__ import annotations

import html
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from braid.errors import RunError, UserError
from braid.pipeline import worker_processes
from braid.study import Project, open_cohort

State = Literal["made", "fresh", "wrong files", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of one cohort. text: the headline, or why there is no report; seconds: how long it took."""

    cohort: str
    title: str
    state: State
    text: str
    seconds: float


def run_cohorts(
    root: Path,
    names: Sequence[str],
    *,
    formats: tuple[str, ...],
    force: bool = False,
    use_quarto: bool = True,
    workers: int | None = None,
    done: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Bring many cohorts up to date, several at a time; returns their outcomes in the order of `names`.

    A cohort that was up to date costs almost nothing, so a run that was killed goes on where it stopped.
    """
    found: dict[str, Outcome] = {}
    with worker_processes(workers or os.cpu_count() or 1) as pool:
        waiting = [pool.submit(_run_one, root, name, formats, force, use_quarto) for name in names]
        for future in as_completed(waiting):
            outcome = future.result()
            found[outcome.cohort] = outcome
            done(outcome)
    return [found[name] for name in names]


def _run_one(root: Path, name: str, formats: tuple[str, ...], force: bool, use_quarto: bool) -> Outcome:
    """One cohort in this process, its notebooks one after the other."""
    from braid.pipeline import StageFailed
    from braid.report import make_report

    began, title = time.monotonic(), name

    def outcome(state: State, text: str) -> Outcome:
        return Outcome(name, title, state, text, time.monotonic() - began)

    try:
        cohort = open_cohort(name, root)
        title = cohort.spec.title
        report = make_report(cohort, formats=formats, force=force, use_quarto=use_quarto, workers=1)
    except UserError as error:
        return outcome("wrong files", error.render())
    except StageFailed as failed:
        return outcome("wrong files" if failed.failure.user else "failed", str(failed))
    except (RunError, OSError) as error:
        return outcome("failed", str(error))
    return outcome("made" if report.stages or report.rendered else "fresh", report.headline)


def write_overview(project: Project, outcomes: Sequence[Outcome]) -> Path:
    """Write `reports/index.html`: every cohort with a report, its headline, and links to the three files."""
    told = {outcome.cohort: outcome for outcome in outcomes}
    rows = "\n".join(_row(project, name, told.get(name)) for name in project.cohorts())
    path = project.root / "reports" / "index.html"
    draft = path.with_name(".index.draft")
    draft.write_text(PAGE.format(rows=rows, count=len(project.cohorts())), encoding="utf-8")
    draft.replace(path)
    return path


def _row(project: Project, name: str, outcome: Outcome | None) -> str:
    folder = project.report(name)
    there = [kind for kind in ("html", "pdf", "docx") if (folder / f"report.{kind}").is_file()]
    links = " ".join(f'<a href="{name}/report.{kind}">{kind.upper()}</a>' for kind in there) or "none yet"
    if outcome is None:
        title, text = name, ""
    else:
        title, text = outcome.title, outcome.text if outcome.state in ("made", "fresh") else _problem(outcome)
    cells = (f"<strong>{html.escape(title)}</strong><br>{html.escape(name)}", html.escape(text), links)
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _problem(outcome: Outcome) -> str:
    first = outcome.text.splitlines()[0] if outcome.text else ""
    return f"No new report ({outcome.state}): {first}"


def cohorts_of(project: Project) -> Iterator[str]:
    """The names of all cohorts, in order. Raises UserError where there is none."""
    names = project.cohorts()
    if not names:
        raise UserError("there is no cohort yet", place="data_raw", todo="make one with: braid new")
    yield from names


PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Cohorts</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 64rem; margin: 3rem auto; padding: 0 1.5rem; }}
table {{ border-collapse: collapse; width: 100%; border-top: 2px solid; border-bottom: 2px solid; }}
td {{ padding: .6rem .8rem .6rem 0; vertical-align: top; border-bottom: 1px solid #8884; }}
td:last-child {{ white-space: nowrap; }}
</style>
<h1>{count} cohorts</h1>
<table>
{rows}
</table>
</html>
"""
