"""The profiles hold what a run on many machines depends on, and Snakemake plans every cohort with each of them."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest
import yaml

from .conftest import CLUSTER, Cluster, needs_snakemake

PROFILES = {"local": "snakemake", "slurm": "snakemake_executor_plugin_slurm"}
ALL = [*PROFILES, "kubernetes"]


def profile(name: str) -> dict[str, Any]:
    content = yaml.safe_load((CLUSTER / name / "config.yaml").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def test_every_profile_is_in_a_folder_of_its_own() -> None:
    assert sorted(path.parent.name for path in CLUSTER.glob("*/config.yaml")) == sorted(ALL)


@pytest.mark.parametrize("name", ALL)
def test_a_failed_cohort_stops_no_other_and_a_killed_run_goes_on(name: str) -> None:
    content = profile(name)
    assert content["keep-going"]
    assert content["rerun-incomplete"]
    assert content["nolock"]


def test_the_executors_are_those_of_the_clusters() -> None:
    assert {name: profile(name).get("executor") for name in ALL} == {
        "local": None,
        "slurm": "slurm",
        "kubernetes": "kubernetes",
    }


@needs_snakemake
@pytest.mark.parametrize("name", PROFILES)
def test_every_cohort_is_planned(cluster: Cluster, name: str) -> None:
    assert find_spec(PROFILES[name])
    told = cluster.snakemake(name, "--dry-run")
    assert told.returncode == 0, told.stdout
    for cohort in "abc":
        assert f"{cohort} (log: data_processed/{cohort}/cluster.log)" in told.stdout
    assert "the overview" in told.stdout


@needs_snakemake
@pytest.mark.skipif(
    find_spec("snakemake_executor_plugin_kubernetes") is None, reason="the Kubernetes executor is not installed"
)
def test_every_cohort_is_planned_for_pods(cluster: Cluster) -> None:
    here = ("--config", f"project={cluster.root}", "--default-storage-prefix", str(cluster.root))
    told = cluster.snakemake("kubernetes", "--dry-run", *here)
    assert told.returncode == 0, told.stdout
    assert told.stdout.count("/cluster.log)") == 3
