"""What a report says, whoever rendered it: its headings, numbered captions, references and table cells, in order.

`python -m tests.rendering.outline` records what real Quarto makes of the small report of these tests.
"""

from __future__ import annotations

import json
import re
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from braid.rendering import find_quarto, render
from braid.rendering.quarto_docx import q, style_of

RECORD = Path(__file__).with_name("outline_by_quarto.json")
Outline = dict[str, list[Any]]

_HEADINGS = ("h1", "h2", "h3", "h4")
_VOID = ("img", "br", "meta", "link", "hr", "input", "col")


class _Page(HTMLParser):
    """Gathers the outline of a page's main part, but for what unfolds below tables and figures."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.outline: Outline = {"headings": [], "captions": [], "references": [], "tables": []}
        self.open: list[tuple[str, list[str]]] = []
        self.words: list[str] = []
        self.hidden = 0
        self.feed(page[page.index("<main") : page.index("</main>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if self.hidden or given.get("class") == "tools":
            self.hidden += tag not in _VOID
            return
        if tag == "table":
            self.outline["tables"].append([])
        elif tag == "tr":
            self.outline["tables"][-1].append([])
        if tag in (*_HEADINGS, "figcaption", "th", "td") or "quarto-xref" in given.get("class", ""):
            spans = [given.get("rowspan", "1"), given.get("colspan", "1")]
            self.open.append((tag, [given.get("href", ""), *spans]))
            self.words.append("")

    def handle_data(self, data: str) -> None:
        if not self.hidden and self.open:
            self.words = [text + data for text in self.words]

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            self.hidden -= 1
        elif self.open and self.open[-1][0] == tag:
            _, (href, rows, columns) = self.open.pop()
            text = _plain(self.words.pop())
            if tag in _HEADINGS:
                self.outline["headings"].append([tag, text])
            elif tag == "figcaption":
                self.outline["captions"].append(text)
            elif tag == "a":
                self.outline["references"].append([text, href])
            else:
                self.outline["tables"][-1][-1].append([text, int(rows), int(columns)])


def of_page(page: str) -> Outline:
    """The outline of a page of HTML."""
    return _Page(page).outline


def of_word(document: str) -> Outline:
    """The outline of the document part of a Word file."""
    root = ElementTree.fromstring(document)
    paragraphs = list(root.iter(q("p")))
    styled = [(style_of(one), _plain(_text(one))) for one in paragraphs]
    tables = [table for table in root.iter(q("tbl")) if not style_of(table.find(f".//{q('p')}")).startswith("Callout")]
    return {
        "headings": [[style, text] for style, text in styled if style.startswith("Heading")],
        "captions": [text for style, text in styled if style in ("TableCaption", "ImageCaption")],
        "references": [text for one in paragraphs for text in _references(one)],
        "tables": [
            [[_plain(_text(cell)) for cell in row.findall(q("tc"))] for row in table.findall(q("tr"))]
            for table in tables
        ],
    }


def _references(paragraph: ElementTree.Element) -> list[str]:
    """What each REF field of a paragraph shows."""
    found: list[str] = []
    inside = False
    for part in paragraph.iter():
        if part.tag == q("instrText"):
            inside = (part.text or "").strip().startswith("REF ")
            found += [""] * inside
        elif part.tag == q("fldChar") and part.get(q("fldCharType")) == "end":
            inside = False
        elif inside and part.tag == q("t"):
            found[-1] += part.text or ""
    return [_plain(text) for text in found]


def _text(element: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in element.iter(q("t")))


def _plain(text: str) -> str:
    return re.sub(r"[\s\u00a0\u200b]+", " ", text).strip()


def _record() -> None:
    from .conftest import Rendered, build_house

    quarto = find_quarto()
    assert quarto is not None, "Quarto is not installed"
    with tempfile.TemporaryDirectory() as folder:
        house = build_house(Path(folder) / "repository")
        staged = house.stage().directory
        render(staged, house.root / "out", ("html", "docx"), quarto=quarto)
        made = Rendered(staged, house.root / "out")
        outlines = {"html": of_page(made.html), "docx": of_word(made.word())}
    # One line for each heading, caption, reference and table, so that a change shows where it is.
    parts = [
        f'"{kind}": {{\n' + ",\n".join(f'"{name}": [\n{_lines(items)}\n]' for name, items in outline.items()) + "\n}"
        for kind, outline in outlines.items()
    ]
    RECORD.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def _lines(items: list[Any]) -> str:
    return ",\n".join(json.dumps(item, ensure_ascii=False) for item in items)


if __name__ == "__main__":
    _record()
