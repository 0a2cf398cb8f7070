"""What every reader of a coding program returns: the codes, the coded segments, the texts, and who spoke."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from braid.intake.excel_faults import letter
from braid.intake.leaving_out import listed

SEGMENTS = (
    "source",
    "participant",
    "group",
    "site",
    "occasion",
    "coder",
    "code_path",
    "start",
    "end",
    "quote",
    "memo",
)
SEPARATOR = " > "


@dataclass(frozen=True)
class Code:
    """A code of the program's codebook. path: the names that lead to it. codable: whether it can be applied at all."""

    path: tuple[str, ...]
    description: str = ""
    codable: bool = True

    @property
    def label(self) -> str:
        """`Barriers > Time`."""
        return code_path(self.path)


@dataclass(frozen=True)
class CodedProject:
    """A project of a coding program as it came.

    name: the file's name, for messages. reading: how it was read, in words.
    codes: the codebook, parents before children, in the program's order; empty where the file has none.
    segments: one row for each segment, code and coder, in the columns SEGMENTS; what is not known is empty. start, end:
    code points into the source's text, end exclusive (Int64). Its index is the row in the file, where it is a table.
    texts: text by source, with line ends LF and no byte order mark. speakers: whom program or file names as taking
    part. participants, sources: what the program's variables say of them, in the columns `participant` or `source` and
    one for each variable. notes: what was left out or taken for something else, a sentence each.
    untrusted: sources whose offsets fit no way of counting; their segments count, and have no words.
    """

    name: str
    reading: str
    codes: tuple[Code, ...] = ()
    segments: pd.DataFrame = field(default_factory=lambda: segments_frame([]))
    texts: Mapping[str, str] = field(default_factory=dict)
    participants: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"participant": pd.Series(dtype="str")}))
    sources: pd.DataFrame = field(default_factory=lambda: pd.DataFrame({"source": pd.Series(dtype="str")}))
    notes: tuple[str, ...] = ()
    untrusted: frozenset[str] = frozenset()


def code_path(names: Iterable[str]) -> str:
    """The names that lead to a code as one text; a `>` inside of a name becomes `›`, since it parts them."""
    return SEPARATOR.join(" ".join(name.replace(">", "›").split()) for name in names)


def split_path(text: str) -> tuple[str, ...]:
    """The names in a written path: `Barriers > Time`, or `Nodes\\\\Barriers\\\\Time` as NVivo writes it."""
    parts = [part.strip() for part in re.split(r"\s*>\s*|\\+", text)]
    names = [part for part in parts if part]
    return tuple(names[1:] if "\\" in text and names[:1] in (["Nodes"], ["Codes"]) and len(names) > 1 else names)


def segments_frame(rows: Sequence[Mapping[str, Any]], index: Sequence[int] | None = None) -> pd.DataFrame:
    """Rows of segments in the canonical columns; what a row does not say is empty."""
    frame = pd.DataFrame(
        {
            column: pd.Series([row.get(column) for row in rows], dtype="Int64")
            if column in ("start", "end")
            else pd.Series([str(row.get(column) or "") for row in rows], dtype="str")
            for column in SEGMENTS
        }
    )
    frame.index = pd.Index(index if index is not None else range(1, len(rows) + 1), name="row")
    return frame


def variables_frame(key: str, values: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Variables by participant or source as a frame; what is not said is empty."""
    columns = list(dict.fromkeys(name for row in values.values() for name in row if name != key))
    content = {key: list(values), **{name: [row.get(name, "") for row in values.values()] for name in columns}}
    return pd.DataFrame(content, dtype="str")


def anonymous(coders: Iterable[str]) -> dict[str, str]:
    """Names of coders as `Coder A`, `Coder B`, in the order given: who a coder is stays out of every output."""
    return {name: f"Coder {letter(place)}" for place, name in enumerate(dict.fromkeys(c for c in coders if c))}


def merged(rows: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], int]:
    """Rows of which each says something new, and how many said nothing: programs repeat a selection for each code."""
    kept: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row.get(name) for name in ("source", "start", "end", "coder", "code_path"))
        if row.get("start") is None:
            key = (*key, row.get("quote"), row.get("selection"))
        if key in kept:
            first = kept[key]
            first["participant"] = first.get("participant") or row.get("participant")
            memos = dict.fromkeys(memo for memo in (first.get("memo"), row.get("memo")) if memo)
            first["memo"] = "; ".join(memos)
        else:
            kept[key] = dict(row)
    return list(kept.values()), len(rows) - len(kept)


def ways_said(ways: Mapping[str, str]) -> str:
    """How offsets were counted, by source, as the end of a sentence: sources of one way stand together."""
    together: dict[str, list[str]] = {}
    for source, way in ways.items():
        together.setdefault(way, []).append(source)
    return "".join(f"; offsets of {listed(sources)} in {way}" for way, sources in together.items())


@dataclass(frozen=True)
class Span:
    """Where a case of the program stands: in a whole source, or from one character of it to another."""

    case: str
    source: str
    start: int | None = None
    end: int | None = None


def whose(spans: Sequence[Span], start: int | None, end: int | None) -> tuple[str, ...]:
    """The cases of a segment, of the spans in its source: the narrowest that hold it, else those of the whole source.

    Several names where several cases hold it as narrowly.
    """
    within = [
        span
        for span in spans
        if span.start is not None
        and span.end is not None
        and start is not None
        and end is not None
        and span.start <= start
        and end <= span.end
    ]
    narrow = min(
        (span.end - span.start for span in within if span.end is not None and span.start is not None), default=0
    )
    found = [s.case for s in within if s.end is not None and s.start is not None and s.end - s.start == narrow]
    return tuple(dict.fromkeys(found or [span.case for span in spans if span.start is None]))
