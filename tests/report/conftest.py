"""Reports made by the command itself in a copy of the project, and the words of their files."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from braid.records import Record

from tests.project_copy import Copy, copy_project

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def html_text(path: Path) -> str:
    """The words of an HTML file, without markup, scripts, styles, and the code that can be unfolded below a figure."""
    import html

    source = path.read_text(encoding="utf-8")
    read = re.sub(r'<div class="tools">.*?</div>', " ", source, flags=re.DOTALL)
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", read, flags=re.DOTALL)
    return squeezed(html.unescape(re.sub(r"<[^>]+>", " ", body)))


def word_text(path: Path) -> str:
    """The words of a Word file."""
    with zipfile.ZipFile(path) as archive:
        tree = ElementTree.fromstring(archive.read("word/document.xml"))
    paragraphs = ("".join(t.text or "" for t in p.iter(f"{WORD}t")) for p in tree.iter(f"{WORD}p"))
    return squeezed(" ".join(paragraphs))


def pdf_text(path: Path) -> str:
    """The words of a PDF file, words broken at line ends joined."""
    import pypdf

    pages = (page.extract_text() for page in pypdf.PdfReader(path).pages)
    return squeezed(" ".join(pages))


def headings(source: str) -> list[str]:
    """The words of every heading of an HTML file."""
    import html

    found = re.findall(r"<h[1-6]\b[^>]*>(.*?)</h[1-6]>", source, re.DOTALL)
    return [squeezed(html.unescape(re.sub(r"<[^>]+>", " ", heading))) for heading in found]


def empty_tables_or_figures(source: str) -> list[str]:
    """The beginning of every table without a filled cell, figure without a picture, and section without a word."""
    tables = re.findall(r"<table\b.*?</table>", source, re.DOTALL)
    empty = [
        table
        for table in tables
        if not any(re.search(r"<td[^>]*>\s*\S", row) for row in re.findall(r"<tr\b.*?</tr>", table, re.DOTALL))
    ]
    for figure in re.findall(r"<figure\b.*?</figure>", source, re.DOTALL):
        if not re.search(r"<img\b[^>]*src=\"data:image/svg\+xml;base64,[^\"]{500,}|<table\b", figure):
            empty.append(figure)
    level: int | None = None
    for piece in re.split(r"(?=<h[1-6]\b)", source.partition("<body")[2]):
        heading = re.match(r"<h([1-6])\b.*?</h\1>", piece, re.DOTALL)
        if heading is None:
            continue
        if level is not None and int(heading[1]) <= level:
            empty.append(f"nothing stands before {heading[0]}")
        bare = not re.sub(r"<[^>]+>|\s", "", piece[heading.end() :]) and "<img" not in piece
        level = int(heading[1]) if bare else None
    return [found[:300] for found in empty]


def squeezed(text: str) -> str:
    """Text with every kind of white space as one space, and soft hyphens and joiners gone."""
    return " ".join(re.sub(r"[\u00ad\u200b\u2060]", "", text).split())


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A project in which `braid run demo` was called once."""
    copy = copy_project(tmp_path_factory.mktemp("project"), "demo")
    done = copy.braid("run", "demo", "--without-quarto")
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


@pytest.fixture(scope="module")
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A project in which the cohort that a module is about (`COHORT`) was run once by the command."""
    copy = copy_project(tmp_path_factory.mktemp("project"), request.module.COHORT)
    done = copy.braid("run", request.module.COHORT, "--without-quarto")
    assert done.returncode == 0, done.stdout + done.stderr
    return copy


@pytest.fixture(scope="module")
def text(request: pytest.FixtureRequest, made: Copy) -> str:
    """The words of the page of the module's cohort."""
    return html_text(made.report(request.module.COHORT, "report.html"))


@pytest.fixture(scope="module")
def source(request: pytest.FixtureRequest, made: Copy) -> str:
    """The page of the module's cohort as it is written."""
    return made.report(request.module.COHORT, "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def records(request: pytest.FixtureRequest, made: Copy) -> dict[str, Record]:
    """The records of the module's cohort."""
    return made.records(request.module.COHORT)


def simulated_again(folder: Path, cohort: str) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The files of a cohort in a copy of the project, and the same after `braid simulate --replace`."""
    copy = copy_project(folder, cohort)
    raw = copy.root / "data_raw" / cohort
    before = {path.name: path.read_bytes() for path in raw.glob("**/*") if path.is_file()}
    done = copy.braid("simulate", cohort, "--replace")
    assert done.returncode == 0, done.stderr
    return before, {path.name: path.read_bytes() for path in raw.glob("**/*") if path.is_file()}
