"""One language's catalogue as it is read from .po files, and every mistake in them told with file and line."""

from __future__ import annotations

import difflib
import gettext
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from braid.errors import Mistakes, UserError
from braid.language.speech import ENGLISH, SHIPPED

if TYPE_CHECKING:
    from babel.messages.catalog import Message

FIELD = re.compile(r"\{([A-Za-z_]\w*)\}")
LIVE = re.compile(r"\{\{<.*?>\}\}")
"""A shortcode in the prose of a section; a translation has the same ones."""
_LINE = re.compile(r'^\s*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s*)?"(?:[^"\\]|\\.)*"\s*)$')

Key = tuple[str, str | None]


@dataclass
class Catalogue:
    """The words of one language: texts and plural forms by their English text and context."""

    code: str
    texts: dict[Key, str] = field(default_factory=dict)
    plurals: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    form: Callable[[int], int] = lambda n: int(n != 1)

    def text(self, english: str, context: str | None = None) -> str:
        """A text, in English where it is not translated."""
        return self.texts.get((english, context), english)

    def plural(self, one: str, many: str, n: int, context: str | None = None) -> str:
        """A text in the number that n has in this language."""
        forms = self.plurals.get((one, context))
        return forms[self.form(n)] if forms else (one if n == 1 else many)


def load(code: str, files: Iterable[Path]) -> Catalogue:
    """The catalogue of a language; of two files the words of the later one count. Read once, while the files stay.

    Raises UserError(s): no catalogue, one that cannot be read, a field or a shortcode that the English text lacks.
    """
    stamped = tuple((path, path.stat().st_mtime_ns) for path in files)
    if not stamped:
        raise unknown_language(code)
    return _load(code, stamped)


@lru_cache(maxsize=4)
def _load(code: str, stamped: tuple[tuple[Path, int], ...]) -> Catalogue:
    whole = Catalogue(code)
    mistakes = Mistakes()
    for path, _ in stamped:
        with mistakes.gathered():
            _add(whole, path)
    mistakes.stop_if_any()
    return whole


def unknown_language(code: str, known: Iterable[str] | None = None, place: str | None = None) -> UserError:
    """The mistake of naming a language that has no catalogue."""
    codes = sorted(known if known is not None else {ENGLISH, *(path.stem for path in SHIPPED.glob("*.po"))})
    near = difflib.get_close_matches(code, codes, n=1, cutoff=0.5)
    return UserError(
        f"there is no catalogue of the language {code}",
        place=place,
        expected=f"did you mean {near[0]}?" if near else f"one of {', '.join(codes)}",
        todo=f"choose another, or begin its catalogue with `python -m braid.language {code}` and translate it",
    )


def _add(whole: Catalogue, path: Path) -> None:
    from babel.messages.pofile import PoFileError, read_po

    name = place_of(path)
    _refuse_broken_lines(path, name)
    try:
        with path.open("rb") as handle:
            read = read_po(handle, abort_invalid=True)
        whole.form = gettext.c2py(read.plural_expr)
    except PoFileError as error:
        line = f": line {error.lineno + 1}" if error.lineno is not None else ""
        found = f"{error} ({error.line.strip()})" if error.line else str(error)
        raise UserError(
            "the catalogue cannot be read", place=f"{name}{line}", found=found, todo='mend this line; texts stand in ""'
        ) from None
    except (ValueError, KeyError, UnicodeDecodeError) as error:
        raise UserError("the catalogue cannot be read", place=name, found=str(error), todo="mend its header") from None
    mistakes = Mistakes()
    for message in read:
        english, told = forms(message)
        if not english[0] or message.fuzzy or not all(told):
            continue
        with mistakes.gathered():
            _check(english, told, f"{name}: line {message.lineno}")
            if len(english) > 1:
                whole.plurals[english[0], message.context] = told
            else:
                whole.texts[english[0], message.context] = told[0]
    mistakes.stop_if_any()


def _refuse_broken_lines(path: Path, name: str) -> None:
    """Babel reads a text that is not closed as if it were; here that is a mistake."""
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if line.strip() and not _LINE.match(line):
            raise UserError(
                "the catalogue cannot be read",
                place=f"{name}: line {number}",
                found=line.strip(),
                todo='mend this line: msgid or msgstr, and a text in quotation marks ("), those in it written \\"',
            )


def forms(message: Message) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The English text of a message (two, where it has a plural) and its translation, in as many forms as there are."""
    english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    told = (message.string or "",) if isinstance(message.string, str | None) else tuple(message.string)
    return english, told


def _check(english: tuple[str, ...], told: tuple[str, ...], place: str) -> None:
    """A translation fills in the fields of the English text and no others, or the report would stop at it."""
    fields = {found for text in english for found in FIELD.findall(text)}
    live = {found for text in english for found in LIVE.findall(text)}
    for text in told:
        for found, known in ((FIELD.findall(text), fields), (LIVE.findall(text), live)):
            for word in found:
                if word not in known:
                    near = difflib.get_close_matches(word, known, n=1)
                    hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(sorted(known)) or 'none'}"
                    raise UserError(
                        "the translation has a field that the English text does not have",
                        place=place,
                        found=word if word.startswith("{") else f"{{{word}}}",
                        expected=hint,
                        todo=f"use the fields of: {english[0]}",
                    )
        if fields:
            try:
                text.format(**dict.fromkeys(fields, ""))
            except (ValueError, KeyError, IndexError) as error:
                raise UserError(
                    "a brace of the translation is not closed, or not opened",
                    place=place,
                    found=f"{text} ({error})",
                    todo=f"use the fields of: {english[0]}",
                ) from None
        elif lost := live - set(LIVE.findall(text)):
            raise UserError(
                "the translation leaves out a number that the English text names",
                place=place,
                expected=", ".join(sorted(lost)),
                todo="put it where the language wants it",
            )


def place_of(path: Path) -> str:
    """A catalogue as a message names it: within the project, else by its own name."""
    parts = path.parts
    return "/".join(parts[len(parts) - 1 - parts[::-1].index("analysis") :]) if "analysis" in parts else path.name
