"""Numbers of captions as fields of Word, and references as fields that follow them when a table is added or moved."""

from __future__ import annotations

import re
from itertools import count
from xml.etree import ElementTree

from braid.rendering.quarto_docx import q, style_of

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_CAPTIONS = ("TableCaption", "ImageCaption")
_LABEL = re.compile(r"(tbl|fig)-.+")
_NUMBER = re.compile(r"(?P<name>[^\W\d]+)(?P<space>[ \u00a0])(?P<number>\d+):")
_FIRST_BOOKMARK = 900_000_000  # Word hides bookmarks that are named like its own: _Ref and nine digits


def set_fields(root: ElementTree.Element) -> None:
    """Changes a document in place: each caption counts with SEQ, each reference to a table or figure is a REF.

    What a reader sees stays the same. References to sections stay links: their numbers are written, not counted.
    """
    ids = count(1 + max((int(mark.get(q("id"), "0")) for mark in root.iter(q("bookmarkStart"))), default=0))
    marks = _number_captions(root, ids)
    for parent in list(root.iter()):
        for link in parent.findall(q("hyperlink")):
            known = marks.get(link.get(q("anchor"), ""))
            if known is not None:
                position = list(parent).index(link)
                parent.remove(link)
                for offset, run in enumerate(_reference(link, known)):
                    parent.insert(position + offset, run)


def field(instruction: str, shown: list[ElementTree.Element]) -> list[ElementTree.Element]:
    """The runs of a field with what it shows until it is updated."""
    runs = [_run() for _ in range(4)]
    for run, kind in zip((runs[0], runs[2], runs[3]), ("begin", "separate", "end"), strict=True):
        ElementTree.SubElement(run, q("fldChar"), {q("fldCharType"): kind})
    ElementTree.SubElement(runs[1], q("instrText"), {_SPACE: "preserve"}).text = f" {instruction} "
    return [*runs[:3], *shown, runs[3]]


def _number_captions(root: ElementTree.Element, ids: count[int]) -> dict[str, tuple[str, str]]:
    """Puts the fields into the captions; the bookmarks of each label: around "Table 3", and around the 3 alone."""
    marks: dict[str, tuple[str, str]] = {}
    label = ""
    for element in root.iter():
        if element.tag == q("bookmarkStart") and _LABEL.fullmatch(element.get(q("name"), "")):
            label = element.get(q("name"), "")
        if element.tag != q("p") or style_of(element) not in _CAPTIONS or not label or label in marks:
            continue
        run = element.find(q("r"))
        text = run.find(q("t")) if run is not None else None
        match = _NUMBER.fullmatch(text.text or "") if text is not None else None
        if run is None or match is None:
            continue
        whole, number = (f"_Ref{_FIRST_BOOKMARK + 2 * len(marks) + part}" for part in (0, 1))
        marks[label] = (whole, number)
        counted = field(f"SEQ {match['name']} \\* ARABIC", [_run(match["number"])])
        parts = [
            *_marked(whole, next(ids), [_run(match["name"] + match["space"]), *_marked(number, next(ids), counted)]),
            _run(":"),
        ]
        properties = run.find(q("rPr"))
        if properties is not None:
            for part in parts:
                if part.tag == q("r"):
                    part.insert(0, properties)
        position = list(element).index(run)
        element.remove(run)
        for offset, part in enumerate(parts):
            element.insert(position + offset, part)
    return marks


def _marked(name: str, number: int, parts: list[ElementTree.Element]) -> list[ElementTree.Element]:
    start = ElementTree.Element(q("bookmarkStart"), {q("id"): str(number), q("name"): name})
    return [start, *parts, ElementTree.Element(q("bookmarkEnd"), {q("id"): str(number)})]


def _reference(link: ElementTree.Element, marks: tuple[str, str]) -> list[ElementTree.Element]:
    """The field for a link; one that shows the bare number refers to the number alone."""
    whole, number = marks
    text = "".join(part.text or "" for part in link.iter(q("t")))
    return field(f"REF {number if text.isdecimal() else whole} \\h \\* MERGEFORMAT", list(link))


def _run(text: str = "") -> ElementTree.Element:
    run = ElementTree.Element(q("r"))
    if text:
        ElementTree.SubElement(run, q("t"), {_SPACE: "preserve"}).text = text
    return run
