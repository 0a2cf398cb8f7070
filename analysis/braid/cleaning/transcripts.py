"""The transcripts of a cohort's interviews, and which of them belongs to the source that a coding program names."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from braid.errors import UserError
from braid.intake.coded import CodedProject
from braid.intake.decoding import decoded
from braid.intake.leaving_out import listed
from braid.study import Cohort

ENDING = re.compile(r"\.(?:txt|docx?|odt|rtf|pdf|html?|md|vtt|srt)$", re.IGNORECASE)
AS_TEXT = "save each transcript as plain text (.txt, UTF-8), named like its source"


@dataclass(frozen=True)
class Transcripts:
    """texts: by source. notes: what is doubtful of a file, a sentence each, by its name."""

    texts: dict[str, str] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_transcripts(cohort: Cohort) -> Transcripts:
    """The text of each source by its name; nothing where the cohort came without. Raises UserError.

    Offsets count in the text as it is stored, which is why a text in UTF-8 is taken to the letter.
    """
    assert cohort.spec.interviews is not None
    named = cohort.spec.interviews.transcripts
    if named is None:
        return Transcripts()
    folder, place = cohort.raw(named), f"data_raw/{cohort.name}/{named}"
    if not folder.is_dir():
        raise UserError(
            "this folder of transcripts does not exist",
            place=place,
            expected="a folder with one .txt for each source",
            todo="copy it there, or mend `interviews.transcripts` in cohort.yml",
        )
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    plain = [path for path in files if path.suffix == ".txt"]
    others = [path.name for path in files if path not in plain]
    if not plain:
        found = listed(others) or "no file"
        raise UserError("this folder holds no transcript as plain text", place=place, found=found, todo=AS_TEXT)
    read = Transcripts()
    if others:
        read.notes[place] = (f"not read, since only .txt is: {listed(others)}",)
    for path in plain:
        name = f"{place}/{path.name}"
        try:
            read.texts[path.stem] = path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            read.texts[path.stem], encoding = _guessed(path, name)
            if "1252" in encoding:
                read.notes[name] = (f"read as {encoding}, which is a guess: if letters are wrong, save it as UTF-8",)
    return read


def _guessed(path: Path, name: str) -> tuple[str, str]:
    """The text of a file that is not in UTF-8, and how it was read."""
    try:
        found = decoded(path, name)
    except UserError as error:
        raise UserError(error.message, place=error.place, found=error.found, todo=AS_TEXT) from None
    return found.text, found.encoding


def as_transcripts_are_called(project: CodedProject, transcripts: Mapping[str, str]) -> CodedProject:
    """The project with its sources under the names of their transcripts, wherever the program keeps folder or ending.

    `Files\\\\FGD_1` of NVivo and `FGD_1.docx` of QualCoder are both the source of FGD_1.txt. Where two sources would
    be called alike, they keep their names.
    """
    known = {_plainly(name): name for name in transcripts}
    sources = dict.fromkeys([*project.sources["source"], *project.segments["source"], *project.texts])
    names = {source: _transcript(source, known) for source in sources}
    often = Counter(names.values())
    names = {source: name if often[name] == 1 else source for source, name in names.items()}
    if all(source == name for source, name in names.items()):
        return project
    return replace(
        project,
        segments=project.segments.assign(source=project.segments["source"].replace(names)),
        sources=project.sources.assign(source=project.sources["source"].replace(names)),
        texts={names[source]: text for source, text in project.texts.items()},
        untrusted=frozenset(names.get(source, source) for source in project.untrusted),
    )


def _transcript(source: str, known: Mapping[str, str]) -> str:
    """The transcript of a source, or the source itself where none is called so."""
    if source in known.values():
        return source
    last = re.split(r"[\\/]+", source.strip())[-1]
    ways = (source, last, ENDING.sub("", last))
    return next((known[plain] for way in ways if (plain := _plainly(way)) in known), source)


def _plainly(name: str) -> str:
    """A name without what differs between machines: capitals, and how accents are stored."""
    return unicodedata.normalize("NFC", name.strip()).casefold()
