"""Which tables hold the coded interviews: by their names as in a like cohort, or by their columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from braid.drafting.columns import Column, identifier
from braid.drafting.draft import Draft, Reason
from braid.study import CohortSpec

PARTS: Mapping[str, frozenset[str]] = {
    "consensus": frozenset({"source", "code_path", "coder_a", "coder_b", "decision"}),
    "quotes": frozenset({"source", "start", "end", "approved"}),
    "segments": frozenset({"source", "participant", "coder", "code_path", "quote"}),
}


def interview_files(
    files: Mapping[str, Sequence[Column]], like: CohortSpec | None, *, coded: bool = False
) -> dict[str, str]:
    """The tables of coded interviews by their part; none without segments and participants.

    coded: whether a coding program wrote the segments, so that a table of participants is enough or may be wanting.
    """
    found: dict[str, str] = {}
    usual = like.interviews.model_dump(exclude_none=True) if like and like.interviews else {}
    for file, columns in files.items():
        names = {column.name.casefold() for column in columns}
        for part, needed in PARTS.items():
            if needed <= names:
                found.setdefault(part, file)
                break
    for part in ("segments", "participants", "quotes", "consensus"):
        if usual.get(part) in files and usual.get(part) not in found.values():
            found.setdefault(part, str(usual[part]))
    if "participants" not in found and ("segments" in found or coded):
        speakers = _cells(files[found["segments"]], "participant") if "segments" in found else None
        for file, columns in files.items():
            own = _cells(columns, "participant")
            if (
                file not in found.values()
                and (speakers is None or own & speakers)
                and {c.name.casefold() for c in columns} >= {"participant", "group"}
            ):
                found["participants"] = file
                break
    return found if coded or {"segments", "participants"} <= set(found) else {}


def _cells(columns: Sequence[Column], name: str) -> set[str]:
    return {cell for column in columns if column.name.casefold() == name for cell in column.counts}


def draft_coding(draft: Draft, files: Mapping[str, Sequence[Column]], found: Mapping[str, str]) -> None:
    """Write the codebook of the coded segments into a draft of study.yml."""
    segments = files[found["segments"]]
    themes: dict[str, Any] = {}
    for path in sorted(_cells(segments, "code_path")):
        inside, taken = themes, ""
        for number, label in enumerate(re.split(r"\s*>\s*|\.(?=\S)|\s*[/\\]\s*", path), start=1):
            name = next((n for n, theme in inside.items() if theme["label"] == label), None)
            if name is None:
                name = identifier(
                    label.lower() if label.isascii() else label, f"theme{number}_{len(inside) + 1}", inside
                )
                inside[name] = {"label": label or taken or "TODO: name of the theme"}
            taken = label
            inside = inside[name].setdefault("themes", {})
    groups = sorted(_cells(files[found["participants"]], "group") | _cells(segments, "group"))
    put_coding(draft, len(_cells(segments, "coder")) > 1, groups)
    why = Reason("certain", f"the code paths that stand in {found['segments']}; add `kind` and `description`")
    draft.put("coding", "themes", value=without_empty(themes), why=why)


def put_coding(draft: Draft, several: bool, groups: Sequence[str]) -> None:
    """How was coded, into a draft of study.yml. several: whether several people coded."""
    draft.put("coding", "approach", value="codebook" if several else "reflexive")
    draft.above["coding", "approach"] = [
        str(Reason("a guess", "codebook where several coders coded, reflexive otherwise"))
    ]
    draft.put("coding", "collected", value="TODO: interviews or focus groups")
    if groups:
        names = {identifier(group, f"group{n}"): group for n, group in enumerate(groups, start=1)}
        draft.put("coding", "groups", value=names)
    draft.ask("what kind is each theme (a barrier, a facilitator), and how was it coded?", at="study.yml, coding")


def without_empty(themes: dict[str, Any]) -> dict[str, Any]:
    """Themes without the keys that say nothing."""
    return {
        name: {key: without_empty(value) if key == "themes" else value for key, value in theme.items() if value}
        for name, theme in themes.items()
    }
