"""A copy of the project in a folder of its own, and reports made there by the command itself."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class Copy:
    """A copied project, in which commands are called as a person would."""

    root: Path

    def braid(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "braid", *arguments]
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True, timeout=600)

    def report(self, cohort: str, name: str = "") -> Path:
        return self.root / "reports" / cohort / name


def copy_project(target: Path, *cohorts: str) -> Copy:
    """Copy what a run reads: notebooks, study, report sources, and the cohorts named."""
    for name in ("_quarto.yml", "pyproject.toml", "requirements.lock"):
        shutil.copy(REPOSITORY / name, target / name)
    (target / "analysis").mkdir()
    for path in [*(REPOSITORY / "analysis").glob("*.ipynb"), REPOSITORY / "analysis" / "study.yml"]:
        shutil.copy(path, target / "analysis")
    for name in ("sections", "styles"):
        shutil.copytree(REPOSITORY / "reports" / name, target / "reports" / name)
    for name in ("index.qmd", "references.bib"):
        shutil.copy(REPOSITORY / "reports" / name, target / "reports")
    for cohort in cohorts:
        shutil.copytree(REPOSITORY / "data_raw" / cohort, target / "data_raw" / cohort)
    return Copy(target)


def html_text(path: Path) -> str:
    """The words of an HTML file, without markup, scripts and styles."""
    import html

    source = path.read_text(encoding="utf-8")
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", source, flags=re.DOTALL)
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
