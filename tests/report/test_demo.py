"""The demonstration cohort, from its files to the three reports, as a supervisor and a reviewer meet it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.project_copy import REPOSITORY, Copy

from .conftest import html_text, pdf_text, squeezed, word_text

pytestmark = pytest.mark.slow
READERS = {"html": html_text, "pdf": pdf_text, "docx": word_text}
FORMATS = tuple(READERS)


@pytest.fixture(scope="module", params=FORMATS)
def text(demo: Copy, request: pytest.FixtureRequest) -> str:
    return READERS[request.param](demo.report("demo", f"report.{request.param}"))


@pytest.mark.parametrize(
    "words",
    [
        "Compassion training for first-year residents",
        "4.03 ± 0.54",
        "4.58 ± 0.47",
        "1.09",
        "26.61 ± 2.21",
        "142 (69.6%)",
        "162 (79.4%)",
        "160 (78.4%)",
        "4.54 ± 0.65",
        "4.50 ± 0.82",
        "4.68 ± 0.61",
        "4.37 ± 0.89",
        "127 (62.3%)",
        "131 (64.2%)",
        "130 (63.7%)",
        ".097",
        "Synthetic data",
        "Lack of time",
        "Dissonance",
        "SHA-256",
    ],
)
def test_every_format_holds_the_published_numbers_and_says_it_is_synthetic(text: str, words: str) -> None:
    assert words in text


def test_nothing_is_left_unresolved(text: str) -> None:
    assert "{{<" not in text
    assert "??" not in text
    assert not re.search(r"@(tbl|fig|sec)-", text)


def test_tables_and_figures_are_numbered_without_a_gap(text: str) -> None:
    for word in ("Table", "Figure"):
        numbers = {int(n) for n in re.findall(rf"\b{word} (\d+)\b", text)}
        assert numbers == set(range(1, max(numbers) + 1)), word


def test_all_formats_hold_the_same_captions_in_the_same_order(demo: Copy) -> None:
    source = demo.report("demo", "report.html").read_text(encoding="utf-8")
    captions = re.findall(r"<(?:caption|figcaption)[^>]*>(.*?)</(?:caption|figcaption)>", source, re.DOTALL)
    told = [squeezed(re.sub(r"<[^>]+>", "", caption)) for caption in captions]
    assert len(told) >= 15
    for name in ("pdf", "docx"):
        found = READERS[name](demo.report("demo", f"report.{name}"))
        for caption in told:
            words = caption.split(":", 1)[1].strip()
            assert words in found, (name, words)


def test_figures_are_pictures_with_alternative_text_in_every_format(demo: Copy) -> None:
    source = demo.report("demo", "report.html").read_text(encoding="utf-8")
    pictures = re.findall(r"<img\b[^>]*>", source)
    figures = max(int(n) for n in re.findall(r"Figure\D{0,10}(\d+)", html_text(demo.report("demo", "report.html"))))
    assert len(pictures) == figures
    assert all(re.search(r'alt="[^"]{20,}', picture) for picture in pictures)
    with zipfile.ZipFile(demo.report("demo", "report.docx")) as archive:
        document = archive.read("word/document.xml").decode()
    assert len(re.findall(r"<pic:pic\b", document)) == figures
    assert len(re.findall(r'<wp:docPr\b[^>]*descr="[^"]{20,}', document)) == figures


def test_the_html_asks_for_nothing_from_elsewhere(demo: Copy) -> None:
    source = demo.report("demo", "report.html").read_text(encoding="utf-8")
    assert not re.findall(r'(?:src|href|url)\s*[=(]\s*["\']?(?!https://doi\.org)(?:https?:)?//', source)
    assert str(demo.root) not in source


def test_the_record_in_the_repository_is_what_a_fresh_run_gives(demo: Copy) -> None:
    fresh = sorted(demo.report("demo", "notebooks").glob("*.ipynb"))
    assert [path.name[:2] for path in fresh] == ["01", "02", "03", "04", "05", "06"]
    for path in fresh:
        kept = REPOSITORY / "reports" / "demo" / "notebooks" / path.name
        assert _without_pictures(path) == _without_pictures(kept), path.name


def test_executed_notebooks_carry_no_times_paths_or_versions(demo: Copy) -> None:
    for path in demo.report("demo", "notebooks").glob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
        assert all(set(cell["metadata"]) <= {"tags"} for cell in notebook["cells"])
        assert str(demo.root) not in path.read_text(encoding="utf-8")


def test_a_second_run_finds_nothing_to_do(demo: Copy) -> None:
    before = {path: path.stat().st_mtime_ns for path in demo.report("demo").rglob("report.*")}
    done = demo.braid("run", "demo", "--without-quarto")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("unchanged") == 6
    assert "nothing has changed" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in demo.report("demo").rglob("report.*")} == before


def test_the_reviewer_verifies_the_record_before_anything_was_run(tmp_path: Path) -> None:
    from tests.project_copy import copy_project

    copy = copy_project(tmp_path, "demo")
    record = copy.report("demo", "notebooks")
    shutil.copytree(REPOSITORY / "reports" / "demo" / "notebooks", record)
    backwards = [str(path) for path in sorted(record.glob("*.ipynb"), reverse=True)]
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", *backwards]
    done = subprocess.run(command, cwd=copy.root, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout


def test_verify_tells_a_changed_report_and_a_changed_record(demo: Copy, tmp_path: Path) -> None:
    copy = Copy(tmp_path / "copy")
    shutil.copytree(demo.root, copy.root)
    page = copy.report("demo", "report.html")
    page.write_text(page.read_text(encoding="utf-8").replace("4.58", "4.85"), encoding="utf-8")
    notebook = copy.report("demo", "notebooks/04_change.ipynb")
    notebook.write_text(notebook.read_text(encoding="utf-8").replace("4.58 ± 0.47", "4.85 ± 0.47"), encoding="utf-8")
    done = copy.braid("verify", "demo")
    assert done.returncode == 1
    assert "reports/demo/report.html is changed since the report was made" in done.stderr
    assert "04_change.ipynb" in done.stderr
    assert "another output than the record" in done.stderr


def test_a_section_that_names_what_does_not_exist_keeps_the_last_report(demo: Copy, tmp_path: Path) -> None:
    copy = Copy(tmp_path / "copy")
    shutil.copytree(demo.root, copy.root)
    before = {path.name: path.read_bytes() for path in copy.report("demo").glob("report.*")}
    section = copy.root / "reports" / "sections" / "_change.qmd"
    section.write_text(section.read_text(encoding="utf-8").replace("#tbl-change", "#tbl-chnage"), encoding="utf-8")
    done = copy.braid("run", "demo", "--without-quarto")
    assert done.returncode == 2
    assert "_change.qmd" in done.stderr
    assert "tbl-change" in done.stderr
    assert {path.name: path.read_bytes() for path in copy.report("demo").glob("report.*")} == before


def _without_pictures(path: Path) -> object:
    """A notebook's content but for pictures, whose numbers may differ between platforms."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("image/svg+xml", None)
    return notebook
