"""The files of the catalogues: the template of all texts, and each language's file brought up to date with it."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from braid.language.catalogue import forms
from braid.language.extraction import Word, extracted
from braid.language.speech import SHIPPED

TEMPLATE = "braid.pot"
HEADER = "# The words of braid's reports. Made by: python -m braid.language"


def template(root: Path) -> Catalog:
    """A catalogue of every text of the project at root, none of them translated."""
    return filled(extracted(root))


def filled(words: Iterable[Word]) -> Catalog:
    """A catalogue of texts. One that is used with a plural form anywhere has it everywhere."""
    catalog = Catalog(project="braid", header_comment=HEADER, charset="utf-8", fuzzy=False)
    whole = list(words)
    plurals = {(word.text, word.context): word.plural for word in whole if word.plural is not None}
    for word in whole:
        plural = plurals.get((word.text, word.context))
        text: str | tuple[str, str] = word.text if plural is None else (word.text, plural)
        catalog.add(text, context=word.context, locations=[(word.file, word.line)])
    return catalog


def written(catalog: Catalog) -> bytes:
    """A catalogue as the text of its file, without times, so that equal words give equal files."""
    out = io.BytesIO()
    write_po(out, catalog, width=120, omit_header=True, include_lineno=False, sort_by_file=True)
    return f"{header(catalog)}\n".encode() + out.getvalue()


def header(catalog: Catalog) -> str:
    """The first entry of a file: language, plural forms and encoding."""
    fields = ["Project-Id-Version: braid"]
    if catalog.locale is not None:
        fields += [f"Language: {catalog.locale_identifier}", f"Plural-Forms: {catalog.plural_forms}"]
    fields += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return "\n".join([HEADER, 'msgid ""', 'msgstr ""', *(f'"{field}\\n"' for field in fields), ""])


def read(path: Path, code: str) -> Catalog:
    """A language's file as it is; one that is not there yet is empty."""
    if not path.is_file():
        return Catalog(locale=code.replace("-", "_"), project="braid", charset="utf-8", fuzzy=False)
    with path.open("rb") as handle:
        return read_po(handle, locale=code.replace("-", "_"), abort_invalid=True)


def update(root: Path, folder: Path = SHIPPED) -> dict[str, list[str]]:
    """Write the template and bring every catalogue of a folder up to date; what is not translated, by language.

    New texts are added untranslated and texts that are gone are taken out; translations are never guessed.
    """
    every = template(root)
    (folder / TEMPLATE).write_bytes(written(every))
    left: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.po")):
        catalog = read(path, path.stem)
        catalog.update(every, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path.write_bytes(written(catalog))
        left[path.stem] = untranslated(catalog)
    return left


def untranslated(catalog: Catalog) -> list[str]:
    """The English texts of a catalogue that have no translation."""
    return [english[0] for english, told in map(forms, catalog) if english[0] and not all(told)]
