"""A copy of the project in a folder of its own, in which commands are called as a person would."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from braid.records import Record, read_records

REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Copy:
    """A copied project, in which commands are called as a person would."""

    root: Path

    def braid(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "braid", *arguments]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=600)

    def report(self, cohort: str, name: str = "") -> Path:
        return self.root / "reports" / cohort / name

    def records(self, cohort: str) -> dict[str, Record]:
        """What the stages of a cohort have kept, by id."""
        results = (self.root / "data_processed" / cohort / "results").glob("*.json")
        return {record.id: record for path in results for record in read_records(path)}


def copy_project(target: Path, *cohorts: str) -> Copy:
    """Copy what a run reads: notebooks, study, report sources, and the cohorts named."""
    for name in ("_quarto.yml", "pyproject.toml", "requirements.lock"):
        shutil.copy(REPOSITORY / name, target / name)
    (target / "analysis").mkdir()
    for path in [path for kind in ("ipynb", "yml", "csv") for path in (REPOSITORY / "analysis").glob(f"*.{kind}")]:
        shutil.copy(path, target / "analysis")
    for name in ("sections", "styles"):
        shutil.copytree(REPOSITORY / "reports" / name, target / "reports" / name)
    for name in ("index.qmd", "compare.qmd", "references.bib"):
        shutil.copy(REPOSITORY / "reports" / name, target / "reports")
    for cohort in cohorts:
        shutil.copytree(REPOSITORY / "data_raw" / cohort, target / "data_raw" / cohort)
    return Copy(target)


def copy_data(target: Path, cohort: str) -> Path:
    """Copy what cleaning reads, the project's study and one cohort; returns the folder."""
    (target / "analysis").mkdir()
    (target / "_quarto.yml").touch()
    shutil.copy(REPOSITORY / "analysis" / "study.yml", target / "analysis")
    shutil.copytree(REPOSITORY / "data_raw" / cohort, target / "data_raw" / cohort)
    return target
