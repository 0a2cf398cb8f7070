"""Reports made by the command itself in a copy of the project, and the words of their files."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.project_copy import Copy, copy_project

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


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
