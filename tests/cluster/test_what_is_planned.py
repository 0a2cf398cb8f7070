"""Which cohorts get a job: those whose files changed, or all where something changed that all share."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from .conftest import Cluster, needs_snakemake

pytestmark = needs_snakemake


def make_newer(path: Path, text: str = "") -> None:
    """Add a text, and make the file newer than anything a pretended run left."""
    with path.open("a", encoding="utf-8") as file:
        file.write(text)
    later = time.time() + 5
    os.utime(path, (later, later))


def test_a_cohort_is_planned_when_one_of_its_files_changed(cluster: Cluster) -> None:
    assert cluster.planned() == ["a", "b", "c"]
    cluster.pretend_made()
    assert cluster.planned() == []
    make_newer(cluster.raw("b", "pre.csv"), "P7,3,3\n")
    assert cluster.planned() == ["b"]


def test_a_cohort_is_planned_whose_report_was_deleted_and_one_that_is_new(cluster: Cluster) -> None:
    cluster.pretend_made()
    shutil.rmtree(cluster.root / "reports" / "c")
    shutil.copytree(cluster.root / "data_raw" / "a", cluster.root / "data_raw" / "later")
    assert cluster.planned() == ["c", "later"]


def test_every_cohort_is_planned_when_a_shared_content_changed_and_none_when_only_its_time_did(
    cluster: Cluster,
) -> None:
    cluster.pretend_made()
    section = cluster.root / "reports" / "index.qmd"
    make_newer(section)
    assert cluster.planned() == []
    time.sleep(0.01)
    section.write_text(section.read_text(encoding="utf-8") + "\nAnother sentence.\n", encoding="utf-8")
    assert cluster.planned() == ["a", "b", "c"]


def test_a_cohort_whose_files_cannot_be_read_does_not_spoil_the_plan(cluster: Cluster) -> None:
    cluster.raw("a", "cohort.yml").write_text("title: [\n", encoding="utf-8")
    assert cluster.planned() == ["a", "b", "c"]
