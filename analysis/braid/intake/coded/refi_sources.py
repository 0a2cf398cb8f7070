"""The sources of a REFI-QDA project: their texts, and the coded selections in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from braid.intake.coded.offsets import fit
from braid.intake.coded.project import Code
from braid.intake.coded.refi_xml import child, children, guid, local, target, words
from braid.intake.headers import unique
from braid.intake.leaving_out import counted, listed

TextOf = Callable[[str], bytes | None]
"""The content of a file that a source names; None where it is not there."""
SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
WITHOUT_WORDS = ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection")


@dataclass
class Reading:
    """What was found in the sources so far.

    rows: one for each selection and code, code and coder being ids. texts: by source. names: of each source, by every
    id it goes by. places: source, start and end of each selection of text, by its id. ways: how offsets were counted.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, int | None, int | None]] = field(default_factory=dict)
    ways: dict[str, str] = field(default_factory=dict)
    untrusted: set[str] = field(default_factory=set)
    missing: list[str] = field(default_factory=list)
    legacy: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1

    @property
    def notes(self) -> list[str]:
        """What was left out or is doubtful, a sentence each."""
        said = {
            "annotation": "without a code ignored",
            "coding": "with a code that the codebook does not have left out",
            "whole": "of a whole document left out: a code needs words",
            "silent": "of pictures, pages, sound or film count, and cannot be quoted",
            "nowhere": "without a place in the text left out",
        }
        nouns = {"silent": "coded selection", "whole": "coding", "nowhere": "selection"}
        notes = [
            f"{counted(self.counts[what], nouns.get(what, what))} {how}"
            for what, how in said.items()
            if what in self.counts
        ]
        if self.missing:
            notes.append(
                f"the text of {counted(len(self.missing), 'source')} is not in the file: {listed(self.missing)}; "
                "codes in them count, and their words cannot be quoted"
            )
        if self.legacy:
            notes.append(f"not UTF-8, read as Windows-1252: {listed(self.legacy)}")
        for source in sorted(self.untrusted):
            notes.append(
                f"the offsets of {source} fit no way of counting characters (best: {self.ways[source]}): its codes "
                "count, and its words cannot be quoted"
            )
        return notes


def read_sources(root: Element, by_id: Mapping[str, Code], text_of: TextOf) -> Reading:
    """All sources of a project. by_id: its codes. Raises UserError where a source's file may not be read."""
    read = Reading()
    found = children(child(root, "Sources"), *SOURCES)
    named = unique([(source.get("name") or source.get("plainTextPath") or "").strip() for source in found])
    notes = _notes(root)
    utf16 = "nvivo" in (root.get("origin") or "").casefold()
    for name, source in zip(named, found, strict=True):
        read.names[guid(source.get("guid"))] = name
        for _ in children(source, "Coding"):
            read.count("whole")
        texts = [source] if local(source) == "TextSource" else children(source, "Representation", "Transcript")
        for number, text in enumerate(texts, start=1):
            own = name if number == 1 else f"{name} ({number})"
            read.names[guid(text.get("guid"))] = own
            _read_text(text, own, read, by_id, text_of, notes, utf16)
        for selection in children(source, *WITHOUT_WORDS):
            codings = list(_codings(selection, by_id, read))
            # a selection on a page may bring its words along; where in the text they stand is found later
            said = words(child(selection, "Representation"), "PlainTextContent")
            if codings and not said:
                read.count("silent")
            where = {"source": name, "selection": guid(selection.get("guid")), "quote": said}
            read.rows += [{**where, "memo": words(selection, "Description"), **row} for row in codings]
    return read


def _read_text(
    element: Element,
    name: str,
    read: Reading,
    by_id: Mapping[str, Code],
    text_of: TextOf,
    notes: Mapping[str, str],
    utf16: bool,
) -> None:
    selections = list(_selections(element, read))
    raw = _raw(element, name, read, text_of)
    spans = [(first, last) for _, first, last in selections]
    placed: tuple[tuple[int, int] | None, ...] = tuple(spans)
    text = None
    if raw is not None:
        fitted = fit(raw, spans, [s.get("name") or "" for s, *_ in selections], utf16_first=utf16)
        if fitted.said:
            read.ways[name] = fitted.said
        if fitted.trusted:
            text, placed = fitted.text, fitted.spans
        else:
            read.untrusted.add(name)
        read.texts[name] = fitted.text
    else:
        read.missing.append(name)
    for (selection, _, _), span in zip(selections, placed, strict=True):
        start, end = span or (None, None)
        where = guid(selection.get("guid"))
        read.places[where] = (name, start, end)
        codings = list(_codings(selection, by_id, read))
        if span is None and codings:
            read.count("nowhere")
            continue
        if not codings:
            read.count("annotation")
        memo = "; ".join(m for m in (words(selection, "Description"), *_said(selection, notes)) if m)
        read.rows += [
            {
                "source": name,
                "start": start,
                "end": end,
                "quote": text[start:end] if text is not None else "",
                "selection": where,
                "memo": memo,
                **row,
            }
            for row in codings
        ]


def _raw(element: Element, name: str, read: Reading, text_of: TextOf) -> str | None:
    inline = child(element, "PlainTextContent")
    if inline is not None:
        return "".join(inline.itertext())
    path = element.get("plainTextPath")
    content = text_of(path) if path else None
    if content is None:
        return None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "\ufeff" + content.decode("utf-16", errors="replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        read.legacy.append(name)
        return content.decode("cp1252", errors="replace")


def _selections(element: Element, read: Reading) -> Iterator[tuple[Element, int, int]]:
    """Selections of text with their offsets as written; those of a transcript stand between two marks of time."""
    marks = {guid(mark.get("guid")): mark.get("position") for mark in children(element, "SyncPoint")}
    for selection in children(element, "PlainTextSelection", "TranscriptSelection"):
        if "startPosition" in selection.attrib:
            first, last = selection.get("startPosition"), selection.get("endPosition")
        else:
            first, last = (marks.get(guid(selection.get(side))) for side in ("fromSyncPoint", "toSyncPoint"))
        # no text is longer than a number of 12 digits can say
        if all(place is not None and place.strip().isdecimal() and len(place) <= 12 for place in (first, last)):
            yield selection, int(first or ""), int(last or "")
        else:
            read.count("nowhere")


def _codings(selection: Element, by_id: Mapping[str, Code], read: Reading) -> Iterator[dict[str, str]]:
    for coding in children(selection, "Coding"):
        reference = target(child(coding, "CodeRef"))
        code = by_id.get(reference)
        if code is None:
            read.count("coding")
            continue
        coder = coding.get("creatingUser") or selection.get("creatingUser")
        yield {"code_path": code.label, "coder": guid(coder), "code": reference}


def _notes(root: Element) -> dict[str, str]:
    """The notes that a project keeps inside of its XML, by their ids."""
    return {guid(note.get("guid")): words(note, "PlainTextContent") for note in children(child(root, "Notes"), "Note")}


def _said(selection: Element, notes: Mapping[str, str]) -> list[str]:
    return [notes.get(target(reference), "") for reference in children(selection, "NoteRef")]
