"""Many cohorts: each brought up to date in a process of its own, one failure not stopping the others."""

from __future__ import annotations

import html
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from braid.errors import RunError, UserError
from braid.language import ENGLISH, N_, current, known_languages, ntr, speaking, tr
from braid.pipeline import StageFailed, give_back_memory, worker_processes
from braid.presentation import numbers
from braid.presentation.prose import enumeration
from braid.publishing import FORMATS, Order, Report
from braid.study import COMPARED, Cohort, Comparison, Project, open_cohort
from braid.verification import compared_cohorts

State = Literal["made", "fresh", "wrong files", "failed"]
PROBLEMS: dict[State, str] = {
    "wrong files": N_("No new report (wrong files): {problem}"),
    "failed": N_("No new report (failed): {problem}"),
}
NOT_ENDED = "the run of this cohort has not ended: it is under way, or was stopped"


@dataclass(frozen=True)
class Outcome:
    """What became of one cohort.

    text: the headline, or why there is no report; seconds: how long it took. language: that of its study, empty where
    the study was never read.
    """

    cohort: str
    title: str
    state: State
    text: str
    seconds: float
    language: str = ""


class Attempt:
    """One try at a cohort's report, whose outcome is kept on disk for the overview, also when it is cut short."""

    def __init__(self, root: Path, name: str) -> None:
        self.root, self.name, self.title = root, name, name
        earlier = _kept(root, name)
        self.language = earlier.language if earlier else ""
        self.began = time.monotonic()
        self._keep("failed", NOT_ENDED)

    def opened(self, cohort: Cohort) -> None:
        """The cohort's files are right: what it is called, and its language, are known from now on."""
        self.title, self.language = cohort.spec.title, cohort.study.language

    def done(self, report: Report) -> Outcome:
        """The outcome of a try that ended with a report."""
        return self._keep("made" if report.stages or report.rendered else "fresh", report.headline)

    def failed(self, error: UserError | StageFailed | RunError | OSError) -> Outcome:
        """The outcome of a try that ended with an error."""
        if isinstance(error, UserError):
            return self._keep("wrong files", error.render())
        user = isinstance(error, StageFailed) and error.failure.user
        return self._keep("wrong files" if user else "failed", str(error))

    def _keep(self, state: State, text: str) -> Outcome:
        outcome = Outcome(self.name, self.title, state, text, time.monotonic() - self.began, self.language)
        if (self.root / "data_raw" / self.name / "cohort.yml").is_file():
            path = _outcome_file(self.root, self.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(".outcome.draft")
            draft.write_text(json.dumps(asdict(outcome)), encoding="utf-8")
            draft.replace(path)
        return outcome


@contextmanager
def one_at_a_time(cohort: Cohort | Comparison) -> Iterator[None]:
    """Wait until no other process runs this cohort, and keep others waiting inside.

    The lock is the system's own, which gives it back when a process is killed: none is ever left behind. Where a
    system or a file system has none, nothing is waited for.
    """
    folder = cohort.project.processed(cohort.name)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".running").open("a", encoding="utf-8") as file:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(f"another run of {cohort.name} is under way; waiting for it", file=sys.stderr, flush=True)
                with suppress(OSError):
                    fcntl.flock(file, fcntl.LOCK_EX)
            except OSError:
                pass
        yield


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
    from braid.rendering import forget_pages
    from braid.report import make_report

    attempt = Attempt(root, name)
    try:
        cohort = open_cohort(name, root)
        attempt.opened(cohort)
        with one_at_a_time(cohort):
            report = make_report(cohort, Order(formats, force, use_quarto, workers=1))
        if report.rendered:
            forget_pages()
            give_back_memory()
        return attempt.done(report)
    except (UserError, StageFailed, RunError, OSError) as error:
        return attempt.failed(error)


def write_overview(project: Project) -> Path:
    """Write `reports/index.html`: every cohort, what its last run said, and links to its report; then comparisons.

    It speaks the language of the cohorts where they have one in common, and English otherwise.
    """
    names = project.cohorts()
    path = project.root / "reports" / "index.html"
    draft = path.with_name(".index.draft")
    with speaking(_language_of(project.root, names), project.root):
        draft.write_text(_overview(project, names), encoding="utf-8")
    draft.replace(path)
    return path


def _language_of(root: Path, names: Sequence[str]) -> str:
    kept = [_kept(root, name) for name in names]
    spoken = {outcome.language for outcome in kept if outcome is not None and outcome.language}
    return spoken.pop() if len(spoken) == 1 and spoken <= set(known_languages(root)) else ENGLISH


def _overview(project: Project, names: Sequence[str]) -> str:
    made = sorted(manifest.parent.name for manifest in (project.root / "reports").glob(f"{COMPARED}*/manifest.json"))
    compared = "\n".join(_row(project.root, name, enumeration(compared_cohorts(project, name) or ())) for name in made)
    more = f"<h2>{html.escape(tr('Compared'))}</h2>\n<table>\n{compared}\n</table>" if made else ""
    count = ntr("{n} cohort", "{n} cohorts", len(names), n=numbers.whole(len(names)))
    rows = "\n".join(_row(project.root, name) for name in names)
    return PAGE.format(
        language=current(), title=html.escape(tr("Cohorts")), count=html.escape(count), rows=rows, more=more
    )


def _outcome_file(root: Path, name: str) -> Path:
    return root / "data_processed" / name / "outcome.json"


def _kept(root: Path, name: str) -> Outcome | None:
    """What became of a cohort when it was last run; None where that is not known."""
    try:
        return Outcome(**json.loads(_outcome_file(root, name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _row(root: Path, name: str, title: str = "") -> str:
    outcome = _kept(root, name)
    folder = root / "reports" / name
    there = [kind for kind in FORMATS if (folder / f"report.{kind}").is_file()]
    links = " ".join(f'<a href="{name}/report.{kind}">{kind.upper()}</a>' for kind in there) or html.escape(
        tr("none yet", context="reports")
    )
    if outcome is None:
        title, text = title or name, ""
    else:
        title, text = outcome.title, outcome.text if outcome.state in ("made", "fresh") else _problem(outcome)
    cells = (f"<strong>{html.escape(title)}</strong><br>{html.escape(name)}", html.escape(text), links)
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _problem(outcome: Outcome) -> str:
    first = outcome.text.splitlines()[0] if outcome.text else ""
    return tr(PROBLEMS[outcome.state], problem=first)


def cohorts_of(project: Project) -> Iterator[str]:
    """The names of all cohorts, in order. Raises UserError where there is none."""
    names = project.cohorts()
    if not names:
        raise UserError("there is no cohort yet", place="data_raw", todo="make one with: braid new")
    yield from names


PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 64rem; margin: 3rem auto; padding: 0 1.5rem; }}
table {{ border-collapse: collapse; width: 100%; border-top: 2px solid; border-bottom: 2px solid; }}
td {{ padding: .6rem .8rem .6rem 0; vertical-align: top; border-bottom: 1px solid #8884; }}
td:last-child {{ white-space: nowrap; }}
</style>
<h1>{count}</h1>
<table>
{rows}
</table>
{more}
</html>
"""
