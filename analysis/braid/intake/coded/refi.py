"""REFI-QDA projects (.qdpx, .qde) and codebooks (.qdc), as NVivo, ATLAS.ti, MAXQDA, QualCoder and others write them."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element

from braid.errors import UserError
from braid.intake.coded.archive import TEXT, XML, Archive, outside
from braid.intake.coded.project import (
    Code,
    CodedProject,
    anonymous,
    merged,
    segments_frame,
    variables_frame,
    ways_said,
)
from braid.intake.coded.refi_cases import cases, source_variables, variables
from braid.intake.coded.refi_sources import TextOf, read_sources
from braid.intake.coded.refi_xml import child, children, codes, guid, parsed
from braid.intake.coded.taguette import tree
from braid.intake.leaving_out import counted, listed

PATHS = ("internal://", "relative://", "absolute://")


def read_refi(path: Path, name: str, *, names: bool = False) -> CodedProject:
    """Read a project. names: whether coders keep their names. Raises UserError where it cannot be read."""
    if path.suffix.lower() == ".qde":
        return _project(_content(path, name), name, lambda _: None, names)
    with Archive(path, name) as archive:
        inside = [member for member in archive.members if member.suffix.lower() == ".qde"]
        top = [member for member in inside if len(member.parts) == 1] or inside
        if len(top) != 1:
            raise UserError(
                "this file holds no project (.qde)" if not top else "this file holds several projects (.qde)",
                place=name,
                found=listed(top or archive.members) or "an empty zip",
                expected="one .qde, and the folder Sources",
                todo="export the project as REFI-QDA (.qdpx) again" if not top else "export one project into one file",
            )
        return _project(archive.read(top[0], XML), name, lambda wanted: _member(archive, wanted, name), names)


def read_refi_codebook(path: Path, name: str) -> CodedProject:
    """Read a codebook (.qdc). Raises UserError where it cannot be read."""
    root = parsed(_content(path, name), name, ("CodeBook",))
    found, _ = codes(root, name)
    if "taguette" in (root.get("origin") or "").casefold():
        found = tree([(code.path[-1], code.description) for code in found])
    return CodedProject(name, f"REFI-QDA codebook{_origin(root)}", found)


def _content(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(XML + 1)
    except FileNotFoundError:
        raise UserError(
            "this file does not exist", place=name, todo="copy it there, or mend its name in cohort.yml"
        ) from None
    except OSError as error:
        raise UserError("this file cannot be read", place=name, found=error.strerror or str(error)) from None
    if len(content) > XML:
        raise UserError(f"this file is larger than {XML // 2**20} MB", place=name, todo="split the project")
    return content


def _member(archive: Archive, wanted: str, name: str) -> bytes | None:
    """The text that a source names, wherever in the archive it stands; None where it is not there."""
    plain = wanted
    for start in PATHS:
        plain = plain.removeprefix(start)
    if wanted.startswith(PATHS[0]) or "://" not in wanted:
        if outside(plain.lstrip("/")):
            raise UserError(
                "a source of this file names a place outside of it, as an attack would",
                place=name,
                found=repr(wanted[:80]),
                todo="make sure of where it comes from; no coding program writes such a name",
            )
        whole = PurePosixPath(plain.lstrip("/"))
        near = [member for member in archive.members if member.name.casefold() == whole.name.casefold()]
        exact = [member for member in near if member in (whole, "Sources" / whole, "sources" / whole)]
        return archive.read((exact or near)[0], TEXT) if near else None
    return None


def _project(content: bytes, name: str, text_of: TextOf, keep_names: bool) -> CodedProject:
    root = parsed(content, name, ("Project",))
    listed_codes, by_id = codes(child(root, "CodeBook"), name)
    told = variables(root)
    read = read_sources(root, by_id, text_of)
    coded = len(read.rows)
    people = cases(root, told, read, by_id)
    listed_codes = _without(listed_codes, [by_id[code] for code in people.codes])
    speaking = coded - len(read.rows)
    rows, repeated = merged(read.rows)
    users = {guid(user.get("guid")): user.get("name") or "" for user in children(child(root, "Users"), "User")}
    coders = _coders(rows, users, keep_names)
    for row in rows:
        row["coder"] = coders.get(row["coder"], "")
    return CodedProject(
        name=name,
        reading=f"REFI-QDA project{_origin(root)}{ways_said(read.ways)}",
        codes=listed_codes,
        segments=segments_frame(rows),
        texts={source: text for source, text in read.texts.items() if source not in read.untrusted},
        participants=variables_frame("participant", people.values),
        sources=variables_frame("source", source_variables(root, told, read)),
        notes=(*read.notes, *_notes(repeated, people.ambiguous, speaking, listed_codes, rows)),
        untrusted=frozenset(read.untrusted),
    )


def _without(listed_codes: tuple[Code, ...], people: list[Code]) -> tuple[Code, ...]:
    """The codes without those of cases, and without what is above nothing else."""
    kept = [code for code in listed_codes if code not in people]
    above = {person.path[:depth] for person in people for depth in range(1, len(person.path))}
    needed = {code.path[:depth] for code in kept if code.path not in above for depth in range(1, len(code.path))}
    return tuple(code for code in kept if code.codable or code.path not in above or code.path in needed)


def _notes(
    repeated: int, ambiguous: int, speaking: int, listed_codes: tuple[Code, ...], rows: list[dict[str, object]]
) -> list[str]:
    notes = []
    if speaking:
        notes.append(f"{counted(speaking, 'coding')} with the name of a case taken for whose words they are")
    if repeated:
        notes.append(f"{counted(repeated, 'selection')} of the same words, coder and code merged")
    if ambiguous:
        notes.append(f"{counted(ambiguous, 'segment')} in several cases; the first case counts as the participant")
    if not rows:
        notes.append(
            "no segment is coded: only the codebook can be used" if listed_codes else "neither codes nor codings"
        )
    return notes


def _coders(rows: list[dict[str, str]], users: dict[str, str], keep_names: bool) -> dict[str, str]:
    """What each coder is called, by id: letters in the order of the program's list of users."""
    worked = {row["coder"] for row in rows if row["coder"]}
    order = [user for user in users if user in worked] + sorted(worked.difference(users))
    letters = anonymous(order)
    return {user: (users.get(user) or letters[user]) if keep_names else letters[user] for user in order}


def _origin(root: Element) -> str:
    """The program that wrote a file, without the machine it ran on."""
    origin = (root.get("origin") or "").split(",")[0].strip()
    return f", written by {origin[:60]}" if origin else ""
