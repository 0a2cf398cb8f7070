"""The tables of QualCoder's database: codes below categories, codings with their offsets, cases and attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from braid.intake.coded.offsets import Offsets, fit
from braid.intake.coded.project import (
    Code,
    CodedProject,
    Span,
    anonymous,
    merged,
    segments_frame,
    variables_frame,
    ways_said,
    whose,
)
from braid.intake.coded.sqlite import Database
from braid.intake.leaving_out import counted, listed

Row = dict[str, Any]


@dataclass
class _Sources:
    """The documents of a project. names: by id. places: where in its text each pair of offsets stands, by document."""

    names: dict[int, str]
    texts: dict[str, str] = field(default_factory=dict)
    ways: dict[str, str] = field(default_factory=dict)
    untrusted: set[str] = field(default_factory=set)
    places: dict[tuple[int, Offsets], Offsets | None] = field(default_factory=dict)

    def span(self, row: Row) -> Offsets | None:
        """Where a row stands: in the text, or as the program counts where that cannot be trusted."""
        offsets = _offsets(row)
        if offsets is None or self.names[row["fid"]] in self.untrusted:
            return offsets
        return self.places.get((row["fid"], offsets))


def from_database(database: Database, name: str, names: bool) -> CodedProject:
    """The project in a database. names: whether coders keep their names. Raises UserError where a table is missing."""
    codings = database.rows("code_text", ("cid", "fid", "seltext", "pos0", "pos1", "owner"), ("memo",))
    listed_codes, codes = _codes(database)
    cases = {row["caseid"]: str(row["name"]) for row in database.rows("cases", ("caseid", "name"))}
    standing = database.rows("case_text", ("caseid", "fid", "pos0", "pos1")) if "case_text" in database.tables else []
    sources = _read_sources(database, codings, standing)
    stands = _stands(standing, cases, sources)
    coders = anonymous(sorted({str(row["owner"] or "") for row in codings}))
    rows = []
    for row in codings:
        source, code = sources.names.get(row["fid"]), codes.get(row["cid"])
        if source is None or code is None:
            continue
        start, end = sources.span(row) or (None, None)
        inside = whose(stands.get(source, []), start, end)
        owner = str(row["owner"] or "")
        rows.append(
            {
                "source": source,
                "participant": inside[0] if len(inside) == 1 else "",
                "coder": owner if names else coders.get(owner, ""),
                "code_path": code.label,
                "start": start,
                "end": end,
                "quote": sources.texts[source][start:end] if source in sources.texts and start is not None else "",
                "memo": row["memo"],
                "selection": (row["pos0"], row["pos1"]),
            }
        )
    told = _attributes(database)
    return CodedProject(
        name=name,
        reading=f"QualCoder project{ways_said(sources.ways)}",
        codes=listed_codes,
        segments=segments_frame(merged(rows)[0]),
        texts=sources.texts,
        participants=variables_frame("participant", {case: told.get(("case", i), {}) for i, case in cases.items()}),
        sources=variables_frame("source", {source: told.get(("file", i), {}) for i, source in sources.names.items()}),
        notes=tuple(_notes(database, len(codings) - len(rows), sources.untrusted)),
        untrusted=frozenset(sources.untrusted),
    )


def _notes(database: Database, lost: int, untrusted: set[str]) -> list[str]:
    notes = [f"{counted(lost, 'coding')} of a deleted document or code left out"] if lost else []
    silent = sum(len(database.rows(table, ("cid",))) for table in ("code_image", "code_av") if table in database.tables)
    notes += [f"{counted(silent, 'coding')} of pictures, sound or film left out"] if silent else []
    if untrusted:
        notes.append(
            f"the offsets in {listed(sorted(untrusted))} do not fit the words kept with them: their codes count, and "
            "their words cannot be quoted"
        )
    return notes


def _read_sources(database: Database, codings: Sequence[Row], standing: Sequence[Row]) -> _Sources:
    """The documents, the offsets of codings and cases in each counted alike."""
    found = database.rows("source", ("id", "name", "fulltext"))
    sources = _Sources({row["id"]: str(row["name"]) for row in found})
    for row in found:
        if row["fulltext"] is None:
            continue
        source = sources.names[row["id"]]
        own = [coding for coding in (*codings, *standing) if coding["fid"] == row["id"]]
        placed = [(offsets, str(coding.get("seltext") or "")) for coding in own if (offsets := _offsets(coding))]
        fitted = fit(str(row["fulltext"]), [offsets for offsets, _ in placed], [words for _, words in placed])
        if fitted.said:
            sources.ways[source] = fitted.said
        if fitted.trusted:
            sources.texts[source] = fitted.text
            spans = zip(placed, fitted.spans, strict=True)
            sources.places |= {(row["id"], offsets): span for (offsets, _), span in spans}
        else:
            sources.untrusted.add(source)
    return sources


def _offsets(row: Row) -> Offsets | None:
    first, last = row["pos0"], row["pos1"]
    return (first, last) if isinstance(first, int) and isinstance(last, int) else None


def _codes(database: Database) -> tuple[tuple[Code, ...], dict[int, Code]]:
    """The codes in the order of their tree, and by their ids; a category cannot be applied."""
    categories = database.rows("code_cat", ("catid", "name", "supercatid"), ("memo",))
    names = database.rows("code_name", ("cid", "name", "catid"), ("memo", "supercid"))
    above: dict[tuple[str, int], tuple[str, int] | None] = {}
    for row in categories:
        above["category", row["catid"]] = ("category", row["supercatid"]) if row["supercatid"] else None
    for row in names:
        over = ("category", row["catid"]) if row["catid"] else ("code", row["supercid"]) if row["supercid"] else None
        above["code", row["cid"]] = over
    called = {("category", r["catid"]): r for r in categories} | {("code", r["cid"]): r for r in names}

    def path(key: tuple[str, int]) -> tuple[str, ...]:
        parts: list[str] = []
        step: tuple[str, int] | None = key
        seen: set[tuple[str, int]] = set()
        while step in called and step not in seen:
            seen.add(step)
            parts.insert(0, str(called[step]["name"]))
            step = above[step]
        return tuple(parts)

    found = {key: Code(path(key), str(row["memo"] or ""), key[0] == "code") for key, row in called.items()}
    order = sorted(found.values(), key=lambda code: tuple(name.casefold() for name in code.path))
    return tuple(order), {key[1]: code for key, code in found.items() if key[0] == "code"}


def _stands(standing: Sequence[Row], cases: dict[int, str], sources: _Sources) -> dict[str, list[Span]]:
    """Where cases stand, by source; a case that holds a whole text stands there without offsets."""
    found: dict[str, list[Span]] = {}
    for row in standing:
        source, case = sources.names.get(row["fid"]), cases.get(row["caseid"])
        if source is None or case is None:
            continue
        start, end = sources.span(row) or (0, 0)
        whole = start == 0 and (end == 0 or end >= len(sources.texts.get(source, "").rstrip()))
        found.setdefault(source, []).append(Span(case, source) if whole else Span(case, source, start, end))
    return found


def _attributes(database: Database) -> dict[tuple[str, int], dict[str, str]]:
    found: dict[tuple[str, int], dict[str, str]] = {}
    if "attribute" in database.tables:
        for row in database.rows("attribute", ("name", "attr_type", "value", "id")):
            found.setdefault((str(row["attr_type"]), row["id"]), {})[str(row["name"])] = str(row["value"] or "")
    return found
