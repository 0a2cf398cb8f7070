"""What is measured: each a ratio of two things done in one run on one machine, beside the bar set for it."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmark.big_cohort import write_big_cohort
from tests.benchmark.measure import Place, middle
from tests.project_copy import REPOSITORY, copy_project

NOTEBOOKS = ("01_clean", "02_baseline", "03_satisfaction", "04_change", "05_qualitative", "06_triangulation")
STAGES_ALONE = """
import sys
from braid.pipeline import run_stages
from braid.study import open_cohort
run_stages(open_cohort(sys.argv[1]), lambda *told: None, force="force" in sys.argv)
"""
FORWARDED = """
import os, sys
from braid.kernels import KERNEL_ENVIRONMENT
from braid.kernels.errands import Errands
import braid.cli.forwarding
Errands({{**os.environ, **KERNEL_ENVIRONMENT}}).call(exec, {stages!r}.replace("sys.argv", str(sys.argv)))
"""
"""The same as `braid run` does it from the second time on: in a process that is forked from the warm one."""


@dataclass(frozen=True)
class Measured:
    """One line of the table. values: the ratios (or seconds), one a pair; bar: what they should not exceed."""

    what: str
    against: str
    values: list[float]
    bar: float | None = None
    unit: str = ""
    note: str = ""

    @property
    def median(self) -> float:
        return middle(self.values)


@dataclass
class Bench:
    """A scratch folder in which all is measured; `pairs` is how often each comparison is made."""

    scratch: Path
    pairs: int
    cohorts: int
    people: int
    said: Callable[[str], None] = field(default=print)

    def project(self, name: str, *cohorts: str) -> Path:
        """A copy of the project."""
        folder = self.scratch / name
        if not folder.exists():
            folder.mkdir(parents=True)
            copy_project(folder, *cohorts)
        return folder

    def place(self, root: Path, *, warm: bool = True) -> Place:
        return Place(root, self.scratch / "runtime", warm)

    def measures(self) -> Iterator[Measured]:
        """All of them, in order; nothing else should run on the machine."""
        yield from self.notebooks()
        yield from self.small_steps()
        yield self.verify()
        yield from self.formats()
        yield from self.many_cohorts()
        yield from self.statistics()
        yield from self.large_cohort()

    def notebooks(self) -> Iterator[Measured]:
        """The six notebooks, nothing kept from before, against papermill called by hand for each."""
        root = self.project("notebooks", "demo")
        cold, first, quoted = [], [], []
        for _ in range(self.pairs):
            by_hand = self._papermill(root)
            warm = self.place(root)
            warm.end_kernels()
            began = warm.call(sys.executable, "-c", STAGES_ALONE, "demo", "force").seconds
            forwarded = FORWARDED.format(stages=STAGES_ALONE)
            first.append(began / by_hand)
            for _ in range(self.pairs):  # these are short, and one of them says little
                again = warm.call(sys.executable, "-c", forwarded, "demo", "force").seconds
                _touch_quote(root / "data_raw" / "demo")
                quote = warm.call(sys.executable, "-c", forwarded, "demo").seconds
                cold.append(again / by_hand)
                quoted.append(quote / began)
        hand = "papermill by hand, a notebook after the other"
        yield Measured("six notebooks, kernels warm, nothing cached", hand, cold, 0.12)
        yield Measured("the same with the start of the warm process", hand, first, 0.2)
        yield Measured("notebooks after a quote was edited", "the first run", quoted, 0.25)

    def _papermill(self, root: Path) -> float:
        place, total = self.place(root, warm=False), 0.0
        for name in NOTEBOOKS:
            target = str(root / "data_processed" / f"by-hand-{name}.ipynb")
            (root / "data_processed").mkdir(exist_ok=True)
            command = [sys.executable, "-m", "papermill", f"analysis/{name}.ipynb", target]
            total += place.call(*command, "-p", "cohort", "demo", "--cwd", "analysis").seconds
        return total

    def small_steps(self) -> Iterator[Measured]:
        """A run with nothing to do, against the import that everybody knows."""
        place = self.place(self.project("notebooks", "demo"))
        place.braid("run", "demo", "--without-quarto")
        times = 3 * self.pairs
        nothing, helped = [], []
        for _ in range(times):
            pandas = place.call(sys.executable, "-c", "import pandas").seconds
            nothing.append(place.braid("run", "demo").seconds / pandas)
            helped.append(place.braid("--help").seconds / pandas)
        yield Measured("braid run, nothing changed", "python -c 'import pandas'", nothing, 0.5)
        yield Measured("braid --help", "python -c 'import pandas'", helped)

    def verify(self) -> Measured:
        """braid verify, all of it, against plain nbval with ordinary kernels."""
        root = self.project("notebooks", "demo")
        warm, plain = self.place(root), self.place(root, warm=False)
        warm.braid("run", "demo", "--without-quarto")
        ratios = []
        for _ in range(self.pairs):
            command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider"]
            alone = plain.call(*command, "reports/demo/notebooks").seconds
            ratios.append(warm.braid("verify", "demo").seconds / alone)
        return Measured("braid verify (files, notebooks, page)", "pytest --nbval on the notebooks", ratios, 0.4)

    def formats(self) -> Iterator[Measured]:
        """Rendering alone: the prose is edited, so that no notebook is run."""
        root = self.project("notebooks", "demo")
        place, whole, each = self.place(root), [], []
        place.braid("run", "demo", "--without-quarto")
        section = root / "reports" / "sections" / "_discussion.qmd"
        for number in range(2 * self.pairs):
            with section.open("a", encoding="utf-8") as file:
                file.write(f"\nAn edit of the prose, number {number}.\n")
            whole.append(place.braid("run", "demo", "--without-quarto").seconds)
            log = (root / "data_processed" / "demo" / "run.log").read_text(encoding="utf-8").splitlines()
            each.append(float(log[-1].rpartition("done in ")[2].split()[0]))
        yield Measured("HTML, PDF and Word without Quarto", "", each, 3.0, "s", "as the run tells it")
        yield Measured("braid run after an edit of the prose", "", whole, None, "s", "with the start of the command")

    def many_cohorts(self) -> Iterator[Measured]:
        """Many cohorts in one run against single runs, and the memory of many against that of four."""
        few, many = self.project("few"), self.project("many")
        for root, count in ((few, 4), (many, self.cohorts)):
            for number in range(1, count + 1):
                target = root / "data_raw" / f"cohort{number:03d}"
                if not target.exists():
                    shutil.copytree(REPOSITORY / "data_raw" / "demo-next", target)
        small = self.place(few).braid("run", "--all", "--without-quarto", memory=True)
        half = range(1, min(self.cohorts, 10) // 2 + 1)
        # half of them before and half after, as a machine is not equally fast for so long
        singles = [self._single(many, number) for number in half]
        for number in half:
            _forget_run(many, number)
        all_of_them = self.place(many).braid("run", "--all", "--without-quarto", memory=True)
        singles += [self._single(many, number) for number in half]
        ratio = all_of_them.seconds / (middle(singles) * self.cohorts)
        against = f"{self.cohorts} single runs (the median of {len(singles)}, times {self.cohorts})"
        note = f"{all_of_them.seconds:.0f} s"
        yield Measured(f"braid run --all, {self.cohorts} cohorts", against, [ratio], 0.6, note=note)
        ratio = all_of_them.peak / small.peak
        note = f"{all_of_them.peak:.0f} and {small.peak:.0f} MB at the peak, kernels included"
        yield Measured(f"memory of {self.cohorts} cohorts", "of 4 cohorts", [ratio], 1.3, note=note)

    def _single(self, root: Path, number: int) -> float:
        _forget_run(root, number)
        return self.place(root).braid("run", f"cohort{number:03d}", "--without-quarto").seconds

    def statistics(self) -> Iterator[Measured]:
        """All analyses but mixed models: of a million people, and of few beside plain SciPy."""
        small = [_alone("few", 200) for _ in range(self.pairs)]
        large = _alone("many", self.people)
        ratios = [run["own"] / run["plain"] for run in small]
        yield Measured("statistics of 200 people", "the same results from plain SciPy", ratios, 1.5)
        what = f"statistics of {self.people:,} people, 15 items twice"
        yield Measured(what, "pandas.read_csv of the survey", [large["own"] / large["reading"]], 5.0)
        yield Measured("memory of these statistics", "of the answers", [large["memory"]], 4.0)

    def large_cohort(self) -> Iterator[Measured]:
        """A whole run of a large cohort: time and memory."""
        root = self.project("large")
        write_big_cohort(root / "data_raw" / "large", self.people)
        run = self.place(root).braid("run", "large", "--without-quarto", memory=True)
        what = f"a cohort of {self.people:,} people, whole run"
        yield Measured(what, "", [run.seconds], None, "s", f"{run.peak:.0f} MB at the peak; {_stages(root)}")


def _alone(which: str, people: int) -> dict[str, float]:
    """What `statistics_alone` prints, in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmark.statistics_alone", which, str(people)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _forget_run(root: Path, number: int) -> None:
    """Leave of a cohort what was there before its first run."""
    for folder in ("data_processed", "reports"):
        shutil.rmtree(root / folder / f"cohort{number:03d}", ignore_errors=True)


def _touch_quote(folder: Path) -> None:
    """Edit the reason of one approved quotation, as an analyst would."""
    path = folder / "quotes.csv"
    with path.open(encoding="utf-8", newline="") as file:
        head, first, *others = csv.reader(file)
    first[head.index("reason")] += " again"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, first, *others])


def _stages(root: Path) -> str:
    """The longest stages of the last run, from its log."""
    lines = (root / "data_processed" / "large" / "run.log").read_text(encoding="utf-8").splitlines()
    times = {}
    for line in lines:
        words = line.split()
        if len(words) == 5 and words[-1] == "s" and words[2].endswith((".ipynb", ".html", ".pdf", ".docx")):
            times[words[2].removesuffix(".ipynb")] = float(words[3])
    longest = sorted(times, key=lambda name: -times[name])[:4]
    return ", ".join(f"{name} {times[name]:.0f} s" for name in longest)
