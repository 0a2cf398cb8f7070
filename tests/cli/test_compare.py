"""`braid compare` and its mistakes: what is said before anything is run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from tests.project_copy import REPOSITORY, Copy, copy_project
from tests.several_cohorts import cohort_like


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A project with three cohorts, of which one was asked otherwise."""
    copy = copy_project(tmp_path_factory.mktemp("project"), "demo-next")
    cohort_like(copy.root, "early")
    other = cohort_like(copy.root, "other")
    study = yaml.safe_load((REPOSITORY / "analysis" / "study.yml").read_text(encoding="utf-8"))
    study.pop("literature", None)
    scale = study["scales"]["scq"]
    scale["items"].pop("scq15")
    scale["items"]["scq99"] = "Another item"
    scale["higher_is"] = "worse"
    (other / "study.yml").write_text(yaml.safe_dump(study, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return copy


def refused(project: Copy, *arguments: str) -> str:
    done = project.braid("compare", *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert not list((project.root / "reports").glob("compare-*"))
    return done.stderr


def test_one_cohort_is_none_to_compare(project: Copy) -> None:
    said = refused(project, "early")
    assert "a comparison needs two cohorts or more" in said and "braid compare A B" in said


def test_every_name_that_is_wrong_is_told_with_one_that_is_meant(project: Copy) -> None:
    said = refused(project, "erly", "demo-nxt")
    assert "there is no cohort erly" in said and "did you mean early?" in said
    assert "there is no cohort demo-nxt" in said and "did you mean demo-next?" in said


@pytest.mark.parametrize("again", ["early", "Early"])
def test_a_cohort_is_not_compared_with_itself(project: Copy, again: str) -> None:
    assert "this cohort is named twice" in refused(project, "early", again)


def test_what_differs_between_the_studies_is_told(project: Copy) -> None:
    said = refused(project, "early", "other")
    assert "early and other cannot be compared: their studies differ" in said
    assert "data_raw/other/study.yml: scales.scq.items" in said and "among them scq99" in said
    assert "analysis/study.yml: 15, among them scq15" in said
    assert "scales.scq.higher_is" in said


def test_a_format_that_does_not_exist_is_told(project: Copy) -> None:
    assert "this is not a format" in refused(project, "early", "demo-next", "--to", "odt")


def test_no_cohort_has_the_name_of_a_comparison(project: Copy) -> None:
    folder = project.root / "data_raw" / "compare-early-demo-next"
    cohort_like(project.root, folder.name)
    try:
        done = project.braid("run", folder.name)
        assert done.returncode == 2 and "no cohort's name begins with compare-" in done.stderr
    finally:
        shutil.rmtree(folder)


def test_a_comparison_that_was_never_made_cannot_be_verified(project: Copy) -> None:
    done = project.braid("verify", "compare-early-demo-next")
    assert done.returncode == 2 and "there is no report of this comparison" in done.stderr


@pytest.mark.parametrize(("first", "second"), [("scales", "none"), ("themes", "other_themes")])
def test_studies_that_share_nothing_are_told_so(tmp_path: Path, first: str, second: str) -> None:
    study = yaml.safe_load((REPOSITORY / "analysis" / "study.yml").read_text(encoding="utf-8"))
    words = {key: study[key] for key in ("title", "authors", "question", "design", "programme")}
    themes = {"themes": {"barriers": {"label": "Barriers"}}}
    kinds = {
        "scales": {key: study[key] for key in ("waves", "scales")},
        "none": {"coding": themes},
        "themes": {"coding": themes},
        "other_themes": {"coding": {"themes": {"hopes": {"label": "Hopes"}}}},
    }
    project = copy_project(tmp_path, "demo-next")
    for kind in (first, second):
        folder = tmp_path / "data_raw" / kind
        folder.mkdir()
        (folder / "study.yml").write_text(yaml.safe_dump({**words, **kinds[kind]}), encoding="utf-8")
        files = {"waves": {"pre": {"file": "a.csv", "key": "id"}}} if kind == "scales" else {}
        spec = {"title": kind, **(files or {"interviews": {"segments": "s.csv", "participants": "p.csv"}})}
        (folder / "cohort.yml").write_text(yaml.safe_dump(spec), encoding="utf-8")
    said = refused(project, first, second)
    assert f"{first} and {second} cannot be compared: their studies differ" in said
    assert f"data_raw/{second}/study.yml: {'scales' if first == 'scales' else 'coding.themes'}" in said
