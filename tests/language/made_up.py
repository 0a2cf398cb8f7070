"""A made-up language in which every text says that it was translated: «text with a ‹field› in it»."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from babel.messages.catalog import Catalog
from braid.language import words
from braid.language.catalogue import FIELD, LIVE, forms

CODE = "qaa"
"""A code that stands for no language."""
OPEN, CLOSE, FIELD_OPEN, FIELD_CLOSE = "«", "»", "‹", "›"
AS_THEY_ARE = ("claims", "pattern", "labels within a sentence")
"""Contexts that hold rules instead of words."""
MARKS = re.compile(f"[{OPEN}{CLOSE}{FIELD_OPEN}{FIELD_CLOSE}]")
SYMBOLS = re.compile(r"\b(?:d_?av|d_?s|av|χ²|SD|SHA-256|AIC|ICC|alpha|kappa|RR|OR)\b|\b\w\b|\b[0-9a-f]{16}\b")
"""What is the same in every language: signs of statistics, single letters, fingerprints."""


@dataclass(frozen=True)
class Left:
    """A piece of text that nobody translated, and where it stands."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


def write_catalogue(root: Path, repository: Path) -> Path:
    """Write the catalogue of the made-up language into a project."""
    whole = words.template(repository)
    made = Catalog(project="braid", charset="utf-8", fuzzy=False)
    for message in whole:
        english, _ = forms(message)
        if english[0]:
            told = english if message.context in AS_THEY_ARE else tuple(marked(text) for text in english)
            made.add(message.id, told if len(told) > 1 else told[0], context=message.context)
    path = root / "analysis" / "language" / f"{CODE}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = words.header(made).replace(
        '"MIME-Version', f'"Language: {CODE}\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n"MIME-Version', 1
    )
    path.write_bytes(f"{head}\n".encode() + words.written(made).partition(b"\n\n")[2])
    return path


def marked(text: str) -> str:
    """A text in the made-up language: its words in marks, its fields and numbers by name in marks of their own."""
    inner = FIELD.sub(lambda found: f"{FIELD_OPEN}{found[0]}{FIELD_CLOSE}", text)
    inner = LIVE.sub(lambda found: f"{FIELD_OPEN}{found[0]}{FIELD_CLOSE}", inner)
    # Spaces at the edges, which markdown would see, stay where they were.
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{OPEN}{inner.strip()}{CLOSE}{after}"


def speak_it(root: Path, *studies: Path) -> None:
    """Let studies be reported in the made-up language."""
    for study in studies:
        text = study.read_text(encoding="utf-8")
        text = re.sub(r"^language:.*\n", "", text, flags=re.MULTILINE)
        study.write_text(f"language: {CODE}\n{text}", encoding="utf-8")


def outside(text: str) -> Iterator[str]:
    """The pieces of a text that stand in no mark, or in the mark of a field."""
    depth: list[str] = []
    position = 0
    for mark in MARKS.finditer(text):
        if not depth or depth[-1] == FIELD_OPEN:
            yield text[position : mark.start()]
        position = mark.end()
        if mark[0] in (OPEN, FIELD_OPEN):
            depth.append(mark[0])
        elif depth:
            depth.pop()
    if not depth or depth[-1] == FIELD_OPEN:
        yield text[position:]


class Known:
    """What is said in the data, the study and the cohort, none of which is translated."""

    def __init__(self, files: Iterable[Path], *more: str) -> None:
        said = [_read(path) for path in files]
        self.text = f" {_bare(' '.join([*said, *more]))} "

    def also(self, *said: str) -> Known:
        """The same with more that somebody has said."""
        return Known([], self.text, *said)

    def untranslated(self, place: str, text: str) -> list[Left]:
        """The pieces of a text outside of marks that hold a word nobody else has said."""
        return [
            Left(place, " ".join(piece.split())[:160])
            for piece in outside(text)
            if not self._said(piece) and not all(map(self._said, re.split(r"[;:,().]", piece)))
        ]

    def _said(self, piece: str) -> bool:
        bare = _bare(piece)
        return not bare or f" {bare} " in self.text


def _read(path: Path) -> str:
    if path.suffix in (".yml", ".yaml"):
        return " . ".join(_strings(yaml.safe_load(path.read_text(encoding="utf-8"))))
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return ""


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from _strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from _strings(value)
    else:
        yield str(node)


def _bare(text: str) -> str:
    """Words alone, in small letters: without numbers, signs and markup."""
    text = html.unescape(text)
    text = re.sub(r"\{\{<.*?>\}\}|(?<!\{)\{[.#][^}]*\}|(?<!\w)@[\w-]+|`[^`]*`", " ", text)
    text = SYMBOLS.sub(" ", re.sub(r"[\\*~^]", "", text))
    return " ".join(re.findall(r"[^\W\d_]+", text.casefold()))
