"""What an .xlsx file knows of its cells and a quick reader passes over: error values, formulas without a result."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

CHUNK = 1 << 22
CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^>/])>(.*?)</(?:\w+:)?c>", re.DOTALL)
ADDRESS = re.compile(rb'\br="([A-Z]+)(\d+)"')
ERROR = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
NO_RESULT = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?$")


@dataclass
class Faults:
    """Cells by row and column, counted from 0. errors: what they show. without_result: formulas never computed."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    without_result: list[tuple[int, int]] = field(default_factory=list)


def faults(path: Path, sheet: str) -> Faults | None:
    """The faulty cells of one sheet of an .xlsx or .xlsm file; None where the file is of another kind."""
    if not zipfile.is_zipfile(path):
        return None
    found = Faults()
    with zipfile.ZipFile(path) as archive:
        part = _part(archive, sheet)
        if part is None:
            return None
        for chunk in _chunks(archive, part):
            if b't="e"' in chunk or b"f>" in chunk or b"<f " in chunk:
                _look(chunk, found)
    return found


def letter(column: int) -> str:
    """The letter of a column counted from 0, as a spreadsheet shows it: A, Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _look(chunk: bytes, found: Faults) -> None:
    for cell in CELL.finditer(chunk):
        attributes, content = cell.groups()
        is_error = b't="e"' in attributes
        if not is_error and (b't="' in attributes or not NO_RESULT.search(content)):
            continue
        address = ADDRESS.search(attributes)
        if address is None:
            continue
        place = int(address[2]) - 1, _number(address[1].decode())
        said = ERROR.search(content)
        if is_error and said:
            found.errors[place] = said[1].decode()
        elif not is_error:
            found.without_result.append(place)


def _number(letters: str) -> int:
    number = 0
    for sign in letters:
        number = number * 26 + ord(sign) - 64
    return number - 1


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The sheet's XML in pieces that end with a whole cell."""
    rest = b""
    with archive.open(part) as file:
        while read := file.read(CHUNK):
            rest += read
            end = max(rest.rfind(b"</c>"), rest.rfind(b":c>")) + 4
            if end > 4:
                yield rest[:end]
                rest = rest[end:]
    yield rest


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The file inside the archive that holds a sheet."""
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return None
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for entry in book.iter():
        if entry.tag.endswith("}sheet") and entry.get("name") == sheet:
            key = next((value for name, value in entry.attrib.items() if name.endswith("}id")), None)
            target = targets.get(key, "")
            part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
            return part if part in names else None
    return None
