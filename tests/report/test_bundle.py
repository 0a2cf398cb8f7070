"""The bundle for a journal: every table and figure of the report as a file of its own, and where they come from."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
import yaml
from PIL import Image

from tests.project_copy import Copy

from .conftest import html_text, word_text

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def copy(demo: Copy, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """The demo with its bundle; the run itself has nothing to do."""
    root = tmp_path_factory.mktemp("bundle") / "copy"
    shutil.copytree(demo.root, root)
    done = Copy(root).braid("run", "demo", "--without-quarto", "--bundle")
    assert done.returncode == 0, done.stderr
    assert "reports/demo/bundle/" in done.stdout.splitlines()
    return Copy(root)


@pytest.fixture(scope="module")
def bundle(copy: Copy) -> Path:
    return copy.report("demo", "bundle")


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_every_numbered_table_and_figure_of_the_report_is_there(copy: Copy, bundle: Path) -> None:
    page = copy.report("demo", "report.html").read_text(encoding="utf-8")
    labels = re.findall(r'<figure id="((?:tbl|fig)-[\w-]+)"', page)
    tables = [path.stem.split("-", 2) for path in sorted(bundle.glob("tables/*.csv"))]
    figures = [path.stem.split("-", 2) for path in sorted(bundle.glob("figures/*.svg"))]
    assert [f"tbl-{name}" for _, _, name in tables] == [label for label in labels if label.startswith("tbl-")]
    assert [f"fig-{name}" for _, _, name in figures] == [label for label in labels if label.startswith("fig-")]
    assert [int(number) for _, number, _ in tables] == list(range(1, len(tables) + 1))


def test_a_table_holds_the_cells_of_the_report(copy: Copy, bundle: Path) -> None:
    (path,) = bundle.glob("tables/*-change.csv")
    table = rows(path)
    assert len({len(row) for row in table}) == 1
    words = html_text(copy.report("demo", "report.html"))
    cells = [" ".join(cell.split()) for row in table for cell in row if cell]
    assert len(cells) > 60
    assert [cell for cell in cells if cell not in words and not cell.startswith("dav")] == []


def test_pictures_for_print_are_300_dots_an_inch(bundle: Path) -> None:
    for path in bundle.glob("figures/*.png"):
        with Image.open(path) as picture:
            assert abs(picture.width - 6.3 * 300) <= 1


def test_the_word_file_holds_all_tables_and_nothing_else(bundle: Path) -> None:
    words = word_text(bundle / "tables" / "tables.docx")
    count = len(list(bundle.glob("tables/*.csv")))
    assert [f"Table {number}:" in words for number in range(1, count + 1)] == [True] * count
    assert "Figure 1:" not in words and "Introduction" not in words


def test_results_are_there_for_people_and_programs(bundle: Path) -> None:
    whole = {record["id"]: record for record in json.loads((bundle / "results.json").read_text(encoding="utf-8"))}
    header, *table = rows(bundle / "results.csv")
    by_id = {row[0]: dict(zip(header, row, strict=True)) for row in table}
    assert by_id.keys() == whole.keys()
    assert float(by_id["change.scq.overall"]["estimate"]) == whole["change.scq.overall"]["estimate"]


def test_the_citation_and_the_list_of_what_can_be_made_again_name_what_is_there(bundle: Path) -> None:
    cited = yaml.safe_load((bundle / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= cited.keys()
    made = yaml.safe_load((bundle / "codecheck.yml").read_text(encoding="utf-8"))
    named = {entry["file"] for entry in made["manifest"]}
    there = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert there - named == {"CITATION.cff", "codecheck.yml", "README.txt"}
    assert named <= there
    assert "synthetic" in (bundle / "README.txt").read_text(encoding="utf-8")


def test_a_bundle_that_is_there_keeps_step_with_the_report(copy: Copy, bundle: Path) -> None:
    (path,) = bundle.glob("figures/*-items.svg")
    path.write_text("old", encoding="utf-8")
    section = copy.root / "reports" / "sections" / "_discussion.qmd"
    section.write_text(section.read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    assert copy.braid("run", "demo", "--without-quarto").returncode == 0
    assert path.read_text(encoding="utf-8").startswith("<svg")
    assert not list(bundle.parent.glob(".bundle-*"))


def test_all_cohorts_have_no_bundle_in_common(copy: Copy) -> None:
    done = copy.braid("run", "--all", "--bundle")
    assert done.returncode == 2 and "--bundle" in done.stderr
