"""Coded passages as they could be quoted, what people have decided on them, and what still forbids to quote them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from braid.errors import UserError
from braid.qualitative.codes import name_of, natural, offset
from braid.qualitative.masking import mask_text
from braid.qualitative.privacy import Finding, scan

YES = frozenset({"yes", "true", "1", "y"})
KINDS = ("email", "url", "date", "phone", "record number", "titled name", "deny-list")
BRACKET = re.compile(r"\[[^\]]*\]")

NO_WORDS = "its words are not known: its source has no text, or its offsets fit none"

Place = tuple[str, int | None, int | None, str]
"""Source, start, end; and the words, where there are no offsets and nothing else says which passage is meant."""


@dataclass(frozen=True)
class Passage:
    """Coded words of one participant ("" where it is not known whose)."""

    source: str
    start: int | None
    end: int | None
    participant: str
    text: str

    @property
    def place(self) -> Place:
        return place_of(self.source, self.start, self.end, self.text)


@dataclass(frozen=True)
class Approval:
    """What a person decided on one passage. edited_text: a shortened wording, its changes in square brackets."""

    place: Place
    approved: bool
    by: str
    reason: str
    deviant: bool
    edited_text: str


def place_of(source: str, start: int | None, end: int | None, words: str) -> Place:
    """The place of a passage; its words count only where it has no offsets."""
    if start is not None and end is not None:
        return source, start, end, ""
    return source, None, None, " ".join(words.split())


def where(place: Place) -> str:
    """A place in words."""
    source, start, end, words = place
    if start is not None:
        return f"{source}, characters {start} to {end}"
    return f"{source}, {short(words)}" if words else source


def reading_order(place: Place) -> tuple[object, ...]:
    """A sorting key: sources by name, numbers as numbers, then from the beginning."""
    return natural(place[0]), place[1] or 0, place[2] or 0, place[3]


def passages_by_theme(rows: pd.DataFrame) -> dict[str, list[Passage]]:
    """The different passages of each theme in reading order."""
    found: dict[str, set[Passage]] = {}
    for row in rows.itertuples(index=False):
        words = Passage(str(row.source), offset(row.start), offset(row.end), name_of(row.participant), str(row.quote))
        found.setdefault(str(row.theme), set()).add(words)
    return {
        theme: sorted(some, key=lambda one: (reading_order(one.place), one.participant, one.text))
        for theme, some in found.items()
    }


def read_approvals(frame: pd.DataFrame | None) -> dict[Place, Approval]:
    """Every decision by its place, in reading order.

    frame: source, start, end, approved, approved_by; optional: reason, deviant, edited_text, and quote, which says
    by its words which passage is meant where there are no offsets. Raises UserError for missing columns and for a
    passage that was decided on twice.
    """
    if frame is None:
        return {}
    missing = [name for name in ("source", "start", "end", "approved", "approved_by") if name not in frame.columns]
    if missing:
        raise UserError("the approvals of quotes lack columns", place="quotes", todo=f"add {', '.join(missing)}")
    found: dict[Place, Approval] = {}
    for cells in frame.to_dict("records"):
        words = {str(name): name_of(cell).strip() for name, cell in cells.items()}
        place = place_of(words["source"], offset(words["start"]), offset(words["end"]), words.get("quote", ""))
        if place in found:
            raise UserError("a segment is approved or refused twice", place=f"quotes: {where(place)}")
        found[place] = Approval(
            place,
            words["approved"].casefold() in YES,
            words["approved_by"],
            words.get("reason", ""),
            words.get("deviant", "").casefold() in YES,
            words.get("edited_text", ""),
        )
    return dict(sorted(found.items(), key=lambda item: reading_order(item[0])))


def as_shown(passage: Passage, edited_text: str, key: Mapping[str, str]) -> str:
    """The words as they would be printed: edited where somebody did, ids of participants as their masked names."""
    return mask_text(edited_text or passage.text.strip(), {person: f"[{name}]" for person, name in key.items()})


def undecided(shown: str, reason: str, deny: Iterable[str]) -> list[Finding]:
    """What in the words may identify somebody and is not cleared by a reason that names its kind."""
    cleared = {kind for kind in KINDS if kind in reason.casefold()}
    return [finding for finding in scan(shown, deny) if finding.kind not in cleared]


def check_slice(passage: Passage, transcripts: Mapping[str, str]) -> None:
    """Raise UserError where the words are not what stands at their place in the transcript."""
    text = transcripts.get(passage.source)
    if text is None or passage.start is None or passage.end is None:
        return
    slice_ = text[passage.start : passage.end]
    # spreadsheets lose blanks and line ends around a cell; they are no words
    if slice_.strip() != passage.text.strip():
        raise UserError(
            "the words of a quote are not what stands at its place in the transcript",
            place=where(passage.place),
            found=short(slice_),
            expected=short(passage.text),
            todo="export segments and transcripts again from the same state of the project, or mend the offsets",
        )


def check_edit(edit: str, words: str, place: Place) -> None:
    """Raise UserError where an edit holds, outside of square brackets, other words than the source in their order."""
    pieces, source = [" ".join(piece.split()) for piece in BRACKET.split(edit)], " ".join(words.split())
    if not re.fullmatch(".*".join(map(re.escape, pieces)), source):
        raise UserError(
            "an edited quote differs from its source without saying so",
            place=f"quotes: {where(place)}, edited_text",
            found=short(edit),
            expected=f"the words of {short(source)}, with every change in square brackets, such as [...]",
        )


def short(text: str) -> str:
    """The words as they are shown in a message."""
    return repr(text if len(text) <= 80 else f"{text[:77]}...")
