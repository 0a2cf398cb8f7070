"""What a run tells: one line for each notebook and format, and at the end where the report is and what it says."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from rich.console import Console

from braid.errors import RunError, UserError
from braid.pipeline import STAGES, StageFailed
from braid.publishing import Report
from braid.study import Cohort, Comparison

NOTEBOOKS = {stage.name: stage.notebook for stage in STAGES}
NOTHING = "  nothing has changed: the report is up to date"


class Journal:
    """Prints what happens, and keeps it in `data_processed/<name>/run.log`.

    whose: of the cohort or comparison whose notebooks are run now; width: of what stands before the seconds.
    """

    def __init__(self, subject: Cohort | Comparison, title: str, quiet: bool, width: int = 26) -> None:
        self.console = Console(highlight=False, quiet=quiet)
        self.root, self.whose, self.width = subject.project.root, subject.name, width
        path = subject.project.processed(subject.name) / "run.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.log = path.open("a", encoding="utf-8")
        self.title = f"{title} ({subject.name})"
        self.line(self.title, style="bold")
        self.began = time.monotonic()

    def line(self, text: str, style: str = "") -> None:
        self.console.print(text, style=style or None, markup=False, soft_wrap=True)
        self.note(text)

    def note(self, text: str) -> None:
        self.log.write(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {text}\n")
        self.log.flush()

    def step(self, what: str, state: str, seconds: float) -> None:
        if state == "fresh":
            self.line(f"  {what:<{self.width}} unchanged", style="dim")
        else:
            self.line(f"  {what:<{self.width}} {seconds:6.1f} s")

    def format(self, name: str, seconds: float) -> None:
        self.step(f"report.{name}", "run", seconds)

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Keep why a run stopped. Raises UserError or RunError in place of StageFailed, and all else as it is."""
        try:
            yield
        except StageFailed as failed:
            self.note(str(failed))
            raise _explained(failed, self.whose) from failed
        except UserError as error:
            self.note(error.render())
            raise

    def end(self, report: Report, more: Sequence[str] = ()) -> list[str]:
        """Say how a run ended, and print where the report is, its headline and more lines; returns these lines."""
        if not report.stages and not report.rendered:
            self.line(NOTHING)
        else:
            self.line(f"  done in {time.monotonic() - self.began:.1f} s, rendered with {report.renderer}")
        brief = [*(path.relative_to(self.root).as_posix() for path in report.files), report.headline, *more]
        print("\n".join(brief))
        return brief


def _explained(failed: StageFailed, name: str) -> UserError | RunError:
    """What a person is told of a stage that stopped. name: of the cohort or comparison whose notebook it was."""
    if failed.failure.user:
        return UserError(failed.failure.error, place=failed.failure.notebook)
    copy = f"data_processed/{name}/notebooks/{Path(failed.failure.notebook).stem}.failed.ipynb"
    return RunError(
        f"The stage {failed.stage} stopped: {failed}\n"
        f"  what to do: open {copy} in JupyterLab (braid lab) to see it where it stopped, mend the notebook "
        f"or the study file, and run again; finished stages are kept"
    )
