"""The codebook as a tree, coded segments checked against it, and what counts as one passage of talk.

A coded segment is a row with the columns source, participant, group, coder, theme, start, end, quote:
one row for each segment, code and coder. theme is a dotted path (`barriers.time`); start and end are
code-point offsets into the transcript of the source, and may be empty where an importer had none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from braid.errors import UserError
from braid.study import Coding, did_you_mean

COLUMNS = ("source", "participant", "coder", "theme", "start", "end", "quote")
APPLIED = frozenset({"applied", "apply", "yes", "keep", "kept", "include", "included", "accept", "accepted"})
NOT_APPLIED = frozenset(
    {"not applied", "do not apply", "no", "drop", "dropped", "exclude", "excluded", "reject", "rejected", "removed"}
)


def parent(theme: str) -> str:
    """The path one step up; empty for a theme at the top."""
    return theme.rpartition(".")[0]


def belongs_to(theme: str, ancestor: str) -> bool:
    """Whether a theme is `ancestor` or stands anywhere below it."""
    return theme == ancestor or theme.startswith(f"{ancestor}.")


def within(segments: pd.DataFrame, theme: str) -> pd.DataFrame:
    """The rows coded with a theme or anything below it."""
    return segments[np.array([belongs_to(str(path), theme) for path in segments["theme"]], dtype=bool)]


def check_segments(segments: pd.DataFrame, coding: Coding | None = None) -> pd.DataFrame:
    """The same rows with a fresh index, columns and themes checked. Raises UserError."""
    missing = [column for column in COLUMNS if column not in segments.columns]
    if missing:
        raise UserError(
            "the coded segments lack columns",
            place="coded segments",
            found=", ".join(map(str, segments.columns)),
            expected=", ".join(COLUMNS),
            todo=f"add {', '.join(missing)}",
        )
    if coding is not None:
        known = list(coding.paths())
        for theme in dict.fromkeys(segments["theme"]):
            if theme not in known:
                raise UserError(
                    "a segment is coded with a theme the study does not have",
                    place="coded segments: theme",
                    found=str(theme),
                    todo=did_you_mean(str(theme), known),
                )
    return segments.reset_index(drop=True)


def is_empty(cell: object) -> bool:
    """Whether a cell holds nothing: None, NA, NaN or an empty text."""
    return cell is None or cell is pd.NA or cell != cell or cell == ""


def name_of(cell: object) -> str:
    """The participant, coder or source a cell names; "" where it is empty."""
    return "" if is_empty(cell) else str(cell)


def named(cells: Iterable[object]) -> list[str]:
    """The different names in a column, in the order they come; empty cells left out."""
    return [name for name in dict.fromkeys(map(name_of, cells)) if name]


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sorting key that puts FGD_2 before FGD_10."""
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"[0-9]+|[^0-9]+", name))


def offset(cell: object) -> int | None:
    """An offset of a segment as a whole number; None where the cell is empty."""
    return None if is_empty(cell) else int(float(str(cell)))


def passages(segments: pd.DataFrame) -> npt.NDArray[np.int64]:
    """The number of the passage each row belongs to, in the order of the rows; shape (rows,).

    Rows of one source and participant whose spans overlap are one passage, whoever coded them and with
    which code, because two coders seldom set the same boundaries. Rows without offsets are one passage
    where their words are the same. The numbers mean nothing beyond being equal or not.
    """
    numbers = np.zeros(len(segments), dtype=np.int64)
    rows = []
    for position, (source, participant, start, end, quote) in enumerate(
        zip(
            segments["source"],
            segments["participant"],
            map(offset, segments["start"]),
            map(offset, segments["end"]),
            segments["quote"],
            strict=True,
        )
    ):
        whose = name_of(participant)
        if start is None or end is None:
            rows.append((str(source), whose, -1, -1, " ".join(str(quote).split()), position))
        else:
            rows.append((str(source), whose, start, end, "", position))
    current, reach, number = ("", ""), -1, -1
    last_words: str | None = None
    for source, whose, begin, finish, words, position in sorted(rows):
        same_speaker = (source, whose) == current and number >= 0
        joined = words == last_words if begin < 0 else begin < reach
        if not (same_speaker and joined):
            number += 1
            reach = -1
        current, last_words = (source, whose), words if begin < 0 else None
        reach = max(reach, finish)
        numbers[position] = number
    return numbers


def count_passages(segments: pd.DataFrame) -> int:
    """How many distinct passages the rows make up."""
    return len(set(passages(segments).tolist()))


def decided_to_apply(decision: object, place: str = "consensus") -> bool:
    """A consensus decision as yes or no; place: where it stands. Raises UserError on a word that is neither."""
    word = " ".join(str(decision).casefold().replace("_", " ").split())
    if word in APPLIED:
        return True
    if word in NOT_APPLIED:
        return False
    raise UserError(
        "this consensus decision is not understood",
        place=f"{place}, column decision",
        found=repr(str(decision)),
        expected="applied or not applied",
        todo="mend the cell",
    )


def settle(segments: pd.DataFrame, consensus: pd.DataFrame | None) -> pd.DataFrame:
    """The rows that stand after consensus: a code that was decided against is taken off its segment.

    consensus: columns source, start, end, theme, decision (`applied` or `not applied`); a row speaks of the
    segment with exactly these offsets. A segment that no row speaks of stands where any coder applied it.
    Raises UserError where a decision against a code has no offsets: it would take the code off the whole source.
    """
    if consensus is None or consensus.empty:
        return segments
    places = consensus["place"] if "place" in consensus.columns else ["consensus"] * len(consensus)
    against = {
        (str(source), offset(start), offset(end), str(theme))
        for (source, start, end, theme, decision), place in zip(
            _rows(consensus, "source", "start", "end", "theme", "decision"), places, strict=True
        )
        if not decided_to_apply(decision, str(place))
    }
    nowhere = next((row for row in sorted(against, key=str) if row[1] is None or row[2] is None), None)
    if nowhere is not None:
        raise UserError(
            "this decision does not say which segment it is about",
            place="consensus: start, end",
            found=f"{nowhere[0]}, code {nowhere[3]}, without a start or an end",
            todo="fill in the start and the end of the segment",
        )
    stands = [
        (str(source), offset(start), offset(end), str(theme)) not in against
        for source, start, end, theme in _rows(segments, "source", "start", "end", "theme")
    ]
    return segments[np.array(stands, dtype=bool)].reset_index(drop=True)


def participants_by_group(interviewees: pd.DataFrame) -> dict[str, str]:
    """The group of each interviewed participant ("" where none is known), in the order of the frame.

    Raises UserError where a participant stands there twice.
    """
    frame = interviewees if "participant" in interviewees.columns else interviewees.reset_index()
    groups = frame["group"] if "group" in frame.columns else pd.Series([""] * len(frame))
    members: dict[str, str] = {}
    for participant, group in zip(frame["participant"], groups, strict=True):
        if name_of(participant) in members:
            raise UserError(
                "a participant of the interviews stands there twice",
                place="participants of the interviews",
                found=str(participant),
                todo="keep one row for each participant",
            )
        members[name_of(participant)] = name_of(group)
    return members


def _rows(frame: pd.DataFrame, *columns: str) -> Iterable[tuple[object, ...]]:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise UserError(
            "the consensus record lacks columns",
            place="consensus",
            expected=", ".join(columns),
            todo=f"add {missing[0]}",
        )
    return zip(*(frame[column] for column in columns), strict=True)
