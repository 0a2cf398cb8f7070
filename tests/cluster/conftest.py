"""A project with small cohorts, and Snakemake called in it as a person would."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from ..pipeline.small_project import make_notebooks

REPOSITORY = Path(__file__).resolve().parents[2]
CLUSTER = REPOSITORY / "analysis" / "cluster"
needs_snakemake = pytest.mark.skipif(
    find_spec("snakemake") is None, reason="Snakemake is not installed: python analysis/set_up.py --cluster"
)


@dataclass(frozen=True)
class Cluster:
    """A project whose cohorts a, b and c are run by Snakemake."""

    root: Path

    def command(self, profile: str, *arguments: str) -> list[str]:
        place = ("--snakefile", "analysis/cluster/Snakefile", "--profile", f"analysis/cluster/{profile}")
        return [sys.executable, "-m", "snakemake", *place, *arguments]

    def snakemake(self, profile: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = self.command(profile, *arguments)
        both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}  # a dry run is told on stdout, others on stderr
        return subprocess.run(command, cwd=self.root, text=True, timeout=600, **both)

    def planned(self) -> list[str]:
        """The cohorts that would get a job now."""
        told = self.snakemake("local", "--dry-run")
        assert told.returncode == 0, told.stdout
        return sorted(line.split(": ")[1].split(" ")[0] for line in told.stdout.splitlines() if "cluster.log)" in line)

    def pretend_made(self, names: Sequence[str] = "abc") -> None:
        """Leave what finished jobs leave, as Snakemake sees it."""
        self.snakemake("local", "--dry-run")
        for name in names:
            (self.root / "reports" / name).mkdir(exist_ok=True)
            (self.root / "reports" / name / ".made").touch()
        (self.root / "reports" / "index.html").touch()

    def raw(self, cohort: str, file: str) -> Path:
        return self.root / "data_raw" / cohort / file

    def notebooks_run(self, cohort: str) -> int:
        """How many notebooks were ever run for a cohort, by its journal."""
        journal = (self.root / "data_processed" / cohort / "run.log").read_text(encoding="utf-8")
        return sum(".ipynb" in line and line.endswith(" s") for line in journal.splitlines())


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    root = tmp_path / "our evaluation"
    root.mkdir()
    make_notebooks(root)
    first = root / "data_raw" / "a"
    (root / "data_raw" / "c").rename(first)
    for name in "bc":
        shutil.copytree(first, root / "data_raw" / name)
    shutil.copytree(CLUSTER, root / "analysis" / "cluster")
    return Cluster(root)
