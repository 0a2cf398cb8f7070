"""Runs through Snakemake: failures stay apart, a killed run goes on, and an executor plugin does the same."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from .conftest import Cluster, needs_snakemake

pytestmark = [needs_snakemake, pytest.mark.slow]
NOTEBOOKS = 6


def test_a_broken_cohort_is_told_with_its_log_and_mended_later(cluster: Cluster) -> None:
    cohort_file = cluster.raw("b", "cohort.yml")
    whole = cohort_file.read_text(encoding="utf-8")
    cohort_file.write_text(whole.replace("title:", "titel:"), encoding="utf-8")
    done = cluster.snakemake("local")
    assert done.returncode == 1
    assert "1 cohort(s) have no new report" in done.stdout
    assert "  b: see data_processed/b/cluster.log" in done.stdout
    assert "did you mean title?" in (cluster.root / "data_processed/b/cluster.log").read_text(encoding="utf-8")
    for name in "ac":
        assert (cluster.root / "reports" / name / "manifest.json").is_file()
    page = (cluster.root / "reports" / "index.html").read_text(encoding="utf-8")
    assert page.count("It worked.") == 2
    assert "No new report (wrong files)" in page

    assert cluster.planned() == ["b"]
    cohort_file.write_text(whole, encoding="utf-8")
    done = cluster.snakemake("local")
    assert done.returncode == 0, done.stdout
    assert (cluster.root / "reports" / "index.html").read_text(encoding="utf-8").count("It worked.") == 3
    assert [cluster.notebooks_run(name) for name in "abc"] == [NOTEBOOKS] * 3
    assert cluster.planned() == []


@pytest.mark.skipif(os.name == "nt", reason="the system has no SIGKILL")
def test_a_killed_run_goes_on_where_it_was(cluster: Cluster) -> None:
    first = subprocess.Popen(
        cluster.command("local", "--cores", "1"),
        cwd=cluster.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 300
        while not (finished := list(cluster.root.glob("reports/*/.made"))) or not any(
            path.parent.name not in {mark.parent.name for mark in finished}
            for path in cluster.root.glob("data_processed/*/cache.json")
        ):
            assert first.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    again = cluster.snakemake("local")
    assert again.returncode == 0, again.stdout
    for mark in finished:
        assert f"{mark.parent.name} (log:" not in again.stdout
    for name in "abc":
        assert (cluster.root / "reports" / name / "manifest.json").is_file()
        assert cluster.notebooks_run(name) <= NOTEBOOKS, "a notebook that was finished before the kill was run again"


def test_an_executor_plugin_runs_the_jobs(cluster: Cluster) -> None:
    submit = cluster.root / "submit.sh"
    submit.write_text('#!/bin/sh\necho "$1" >> submitted.txt\nsh "$1" > job.log 2>&1\necho "$$"\n', encoding="utf-8")
    submit.chmod(0o755)
    plugin = ("--executor", "cluster-generic", "--cluster-generic-submit-cmd", "./submit.sh", "--jobs", "2")
    done = cluster.snakemake("local", *plugin)
    assert done.returncode == 0, done.stdout
    assert len((cluster.root / "submitted.txt").read_text(encoding="utf-8").splitlines()) == 3
    assert (cluster.root / "reports" / "index.html").read_text(encoding="utf-8").count("It worked.") == 3
