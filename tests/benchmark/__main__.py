"""`make bench`: everything measured in one run, written to `tests/benchmark/measured.md`, which the README quotes.

Only the machine's own noise should be there: nothing else may run. `--quick` measures once and little, to try it.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from datetime import date
from pathlib import Path

from tests.benchmark.bars import Bench, Measured
from tests.project_copy import REPOSITORY

RESULT = REPOSITORY / "tests" / "benchmark" / "measured.md"
README = REPOSITORY / "README.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def main() -> None:
    """Measure, print, and write the table into its file and into the README."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one pair, 4 cohorts, 10,000 people; writes nothing")
    parser.add_argument("--only", default="", help="one part: notebooks, small_steps, verify, formats, ...")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="braid-bench-") as folder:
        size = (1, 4, 10_000) if chosen.quick else (3, 100, 1_000_000)
        bench = Bench(Path(folder), *size)
        try:
            part = getattr(bench, chosen.only)() if chosen.only else bench.measures()
            lines = []
            for measured in [part] if isinstance(part, Measured) else part:
                lines.append(line(measured))
                print(lines[-1], flush=True)
        finally:
            bench.place(bench.scratch).end_kernels()
    if not chosen.quick and not chosen.only:
        write("\n".join([*heading(), *lines]) + "\n")


def heading() -> list[str]:
    """The machine, the day, and the table's head."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    machine = f"{cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return [
        f"Measured on {date.today()} ({machine}); medians, with the smallest and the largest of the runs.",
        "",
        "| what | against | median | range | bar |",
        "|---|---|--:|--:|--:|",
    ]


def line(measured: Measured) -> str:
    """One row of the table."""

    def number(value: float) -> str:
        return f"{value:.1f} {measured.unit}" if measured.unit else f"{value:.2f}"

    what = f"{measured.what} ({measured.note})" if measured.note else measured.what
    several = len(measured.values) > 1
    spread = f"{number(min(measured.values))} to {number(max(measured.values))}" if several else ""
    bar = number(measured.bar) if measured.bar is not None else ""
    return f"| {what} | {measured.against} | {number(measured.median)} | {spread} | {bar} |"


def write(table: str) -> None:
    """Write the table into its file, and between the marks of the README."""
    RESULT.write_text(table, encoding="utf-8")
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n{table}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
