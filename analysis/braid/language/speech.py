"""Words in the language in force: `tr` and `ntr` where a text is used, `N_` where a constant is written down.

One language is in force in a process at a time. A stage sets it when it opens its cohort, rendering sets it for as long
as it lasts; until then it is English, whose texts stand in the source and are only filled in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from braid.language.catalogue import Catalogue

ENGLISH = "en"
SHIPPED = Path(__file__).parent
"""The folder of the catalogues that braid brings with it."""


class _InForce:
    """What is spoken now; the catalogue is None in English."""

    code: str = ENGLISH
    catalogue: Catalogue | None = None


def tr(text: str, /, *, context: str | None = None, **fields: object) -> str:
    """A text in the language in force, its named fields filled in: `tr("from {low} to {high}", low=..., high=...)`.

    text: English, as it stands in the catalogue; a literal, or a constant marked with `N_`. context: parts two uses of
    one English text. Without fields nothing is filled in, and braces stand for themselves. What goes into a field is
    never read again, whatever it holds; numbers go in as they are to be written.
    """
    catalogue = _InForce.catalogue
    if catalogue is not None:
        text = catalogue.text(text, context)
    return text.format(**fields) if fields else text


def ntr(one: str, many: str, n: int, /, *, context: str | None = None, **fields: object) -> str:
    """A text in the number that goes with n: `ntr("{n} person", "{n} people", n, n=numbers.whole(n))`."""
    catalogue = _InForce.catalogue
    text = (one if n == 1 else many) if catalogue is None else catalogue.plural(one, many, n, context)
    return text.format(**fields) if fields else text


def N_(text: str, /, *, context: str | None = None) -> str:  # noqa: N802
    """Mark a constant for the catalogue and give it back in English; `tr(CONSTANT)` translates it where it is used."""
    return text


def lowered(label: str) -> str:
    """A label of the study within a sentence: in small letters, where the language in force writes it so."""
    return label.lower() if labels_are_lowered() else label


def labels_are_lowered() -> bool:
    """Whether labels become small within a sentence; a language that writes nouns large answers "keep"."""
    return tr("lower", context="labels within a sentence") != "keep"


def current() -> str:
    """The code of the language in force."""
    return _InForce.code


def speak(code: str, root: Path | None = None) -> None:
    """Put a language in force: "en", or one with a catalogue in the library or in `analysis/language` below root.

    Raises UserError where there is no such catalogue, or it cannot be used.
    """
    catalogue = None
    if code != ENGLISH:
        from braid.language.catalogue import load

        catalogue = load(code, catalogue_files(code, root))
    _InForce.code, _InForce.catalogue = code, catalogue


@contextmanager
def speaking(code: str, root: Path | None = None) -> Iterator[None]:
    """A language in force for as long as the context lasts; what was in force before is then in force again."""
    before = _InForce.code, _InForce.catalogue
    speak(code, root)
    try:
        yield
    finally:
        _InForce.code, _InForce.catalogue = before


def catalogue_files(code: str, root: Path | None = None) -> list[Path]:
    """The catalogues of a language that are there: the library's, then the project's, whose words go before it."""
    if code == ENGLISH:
        return []
    return [path for folder in _folders(root) if (path := folder / f"{code}.po").is_file()]


def known_languages(root: Path | None = None) -> list[str]:
    """The codes of all languages that a report can be written in."""
    return sorted({ENGLISH, *(path.stem for folder in _folders(root) for path in folder.glob("*.po"))})


def _folders(root: Path | None) -> list[Path]:
    return [SHIPPED, *([root / "analysis" / "language"] if root is not None else [])]
