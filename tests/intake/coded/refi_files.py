"""REFI-QDA projects for the tests: the words are given, and offsets are counted as the program that is played would."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

TEXT = (
    "FGD_1_Moderator: What keeps you from listening?\n"
    "FGD_1_Speaker_1: There is never a quiet minute 😀. The phones ring all day.\n"
    "FGD_1_Speaker_2: My colleagues cover for me 😀 when it gets hard.\n"
    "FGD_1_Speaker_1: Nights are short, and the list is long.\n"
)
MINUTE = "There is never a quiet minute 😀."
PHONES = "The phones ring all day."
COVER = "My colleagues cover for me 😀 when it gets hard."
NIGHTS = "Nights are short, and the list is long."
CODED = ((MINUTE, "time", "u1"), (PHONES, "noise", "u1"), (COVER, "peers", "u1"), (NIGHTS, "time", "u2"))
CODES = """
<Code guid="{AAAA0000-0000-0000-0000-000000000001}" name="Barriers" isCodable="false">
 <Description>What hinders</Description>
 <Code guid="TIME" name="Time" isCodable="true"><Description>Too little of it</Description></Code>
 <Code guid="{NOISE}" name="Noise" isCodable="true"/></Code>
<Code guid="helps" name="Helps"><Code guid="PEERS" name="Peers"/><Code guid="FOOD" name="Food"/></Code>"""
USERS = '<User guid="u1" name="Anna Schmidt"/><User guid="u2" name="Bert Vogel"/>'


def count(stored: str, place: int, *, utf16: bool, mark: bool) -> int:
    """How a program counts the place in a text as it is stored."""
    before = stored[:place]
    return (len(before.encode("utf-16-le")) // 2 if utf16 else len(before)) + mark


def selection(
    words: str,
    code: str,
    coder: str,
    stored: str,
    *,
    number: int = 0,
    name: str = "",
    utf16: bool = False,
    mark: bool = False,
) -> str:
    """A selection of the words; without a code it is an annotation."""
    start = stored.index(words)
    first, last = (count(stored, place, utf16=utf16, mark=mark) for place in (start, start + len(words)))
    coding = (
        f'<Coding guid="c{number}" creatingUser="{{{coder.upper()}}}"><CodeRef targetGUID="{code}"/></Coding>'
        if code
        else ""
    )
    return (
        f'<PlainTextSelection guid="S{number}" name={quoteattr(name)} startPosition="{first}" endPosition="{last}" '
        f'creatingUser="u1">{coding}</PlainTextSelection>'
    )


def selections(stored: str, *, named: bool = False, utf16: bool = False, mark: bool = False) -> str:
    """All the coded words of the text."""
    return "".join(
        selection(words, code, coder, stored, number=n, name=words if named else "", utf16=utf16, mark=mark)
        for n, (words, code, coder) in enumerate(CODED)
    )


def project(
    sources: str,
    *,
    codes: str = CODES,
    rest: str = "",
    namespace: str = "urn:QDA-XML:project:1.0",
    origin: str = "NVivo",
) -> str:
    """The XML of a project."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Project xmlns="{namespace}" name="Ward" origin="{origin}" '
        f'basePath="/home/anna.schmidt/ward"><Users>{USERS}</Users><CodeBook><Codes>{codes}</Codes></CodeBook>{rest}'
        f"<Sources>{sources}</Sources></Project>"
    )


def source(inside: str, *, name: str = "FGD_1", path: str = "internal://t1.txt", more: str = "") -> str:
    return f'<TextSource guid="T1" name="{name}" plainTextPath="{path}">{inside}{more}</TextSource>'


def write(
    folder: Path,
    xml: str,
    files: Mapping[str, str | bytes] | Iterable[tuple[str, bytes]] = (),
    *,
    qde: str = "project.qde",
) -> Path:
    """Pack a project; files: by their path inside."""
    path = folder / "coding.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(qde, xml)
        for name, content in dict(files).items():
            archive.writestr(name, content)
    return path
