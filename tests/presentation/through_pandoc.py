"""Sends text through the real pandoc and gives back what a reader would see."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pypandoc

READER = "markdown+autolink_bare_uris+tex_math_single_backslash+emoji"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def pandoc(source: str, to: str, reader: str = READER) -> bytes:
    return subprocess.run(
        [pypandoc.get_pandoc_path(), "-f", reader, "-t", to, "--wrap=none", "-o", "-"],
        input=source.encode(),
        capture_output=True,
        check=True,
    ).stdout


def tree(source: str, reader: str = READER) -> Any:
    return json.loads(pandoc(source, "json", reader))


def words_of(node: Any) -> str:
    """The text of inline nodes; anything but text, spaces, quotes and light markup shows as its type."""
    if isinstance(node, list):
        return "".join(words_of(part) for part in node)
    kind, content = node["t"], node.get("c")
    if kind == "Str":
        return str(content)
    if kind in ("Space", "SoftBreak"):
        return " "
    if kind == "LineBreak":
        return "\n"
    if kind in ("Plain", "Para", "Strong", "Emph", "Superscript", "Subscript"):
        return words_of(content)
    return f"<{kind}>"


def same(text: str) -> str:
    """pandoc may break or join at any kind of space; what it shows is the same."""
    return re.sub("[ \u00a0\n]+", " ", text).strip()


class _Paragraphs(HTMLParser):
    def __init__(self, tags: Sequence[str]) -> None:
        super().__init__()
        self.tags = tags
        self.inside = False
        self.texts: list[str] = []
        self.other: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.tags:
            self.inside = True
            self.texts.append("")
        elif self.inside:
            self.other.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.tags:
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.texts[-1] += data


def html_texts(page: str, *tags: str) -> tuple[list[str], list[str]]:
    """The texts of the named elements, and the names of all elements found inside them."""
    parser = _Paragraphs(tags)
    parser.feed(page)
    return parser.texts, parser.other


def docx_paragraphs(document: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))
    return ["".join(node.text or "" for node in p.iter(f"{WORD}t")) for p in body.iter(f"{WORD}p")]
