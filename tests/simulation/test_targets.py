from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from braid.errors import UserError
from braid.simulation import read_targets
from braid.study import Cohort

MakeCohort = Callable[..., Cohort]


@pytest.fixture
def content(demo: Cohort) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(demo.raw("targets.yml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def study(root: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((root / "analysis" / "study.yml").read_text(encoding="utf-8"))
    return loaded


COHORT = {"title": "Trial", "synthetic": True, "waves": {"pre": {"file": "a.csv", "key": "id"}}}


def test_a_cohort_without_the_file_has_no_targets(make_cohort: MakeCohort, study: dict[str, Any]) -> None:
    assert read_targets(make_cohort(study, COHORT)) is None


def test_a_number_without_quotation_marks_is_refused(
    make_cohort: MakeCohort, study: dict[str, Any], content: dict[str, Any]
) -> None:
    content["characteristics"]["age"]["mean"] = 26.6
    with pytest.raises(UserError, match=re.escape("characteristics.age.mean")):
        read_targets(make_cohort(study, COHORT, targets=content))


def test_an_unknown_key_is_refused_with_its_place(
    make_cohort: MakeCohort, study: dict[str, Any], content: dict[str, Any]
) -> None:
    content["scales"]["scq"]["wave"] = {}
    with pytest.raises(UserError, match="did you mean waves"):
        read_targets(make_cohort(study, COHORT, targets=content))


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("characteristics", "shoe"), "characteristics"),
        (("scales", "other"), "scales"),
        (("satisfaction", "lunch"), "satisfaction"),
        (("scales", "scq", "waves", "later"), "scales.scq.waves"),
    ],
)
def test_a_name_the_study_does_not_know_is_refused(
    make_cohort: MakeCohort, study: dict[str, Any], content: dict[str, Any], path: tuple[str, ...], place: str
) -> None:
    inner = content
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = {}
    with pytest.raises(UserError, match=re.escape(f"targets.yml: {place}")):
        read_targets(make_cohort(study, COHORT, targets=content))


def test_a_level_the_study_does_not_know_is_refused(
    make_cohort: MakeCohort, study: dict[str, Any], content: dict[str, Any]
) -> None:
    content["scales"]["scq"]["groups"]["gender"]["levels"]["man"] = {"mean": "4.0"}
    with pytest.raises(UserError, match="man"):
        read_targets(make_cohort(study, COHORT, targets=content))


def test_a_figure_left_out_can_be_put_back(demo: Cohort) -> None:
    targets = read_targets(demo)
    assert targets is not None
    back = targets.restored("scales.scq.groups.field.p")
    assert targets.scales["scq"].groups["field"].p is None
    assert back.scales["scq"].groups["field"].p == ".846"
    assert len(back.left_out) == len(targets.left_out) - 1
