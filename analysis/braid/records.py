"""Every number of the report as a record: what it is, how it was computed, and where.

Prose and joint display name records by id; nothing in the report is typed by hand.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from braid.errors import UserError

ID = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)*")


@dataclass(frozen=True)
class Record:
    """One number (or sentence) of the report.

    id: dotted name, lower case, e.g. `change.scq.overall`.
    text: the result ready for prose.
    estimate, low, high: value and interval in `unit`; None where there is none or it is not estimable.
    n: the number of people (or segments) behind it.
    method: the analysis in words; stage and cell: the notebook and the label of the cell that shows it.
    tolerance: the largest absolute difference a verification accepts.
    parts: further ready texts, named (`before`, `p`, `sentence`).
    note: why it is not estimable, or a caution.
    """

    id: str
    text: str
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    unit: str = ""
    method: str = ""
    stage: str = ""
    cell: str = ""
    tolerance: float = 1e-9
    parts: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        if not ID.fullmatch(self.id):
            raise ValueError(f"record id {self.id!r} is not a dotted lower-case name")
        for name in ("estimate", "low", "high"):
            value = getattr(self, name)
            if value is not None and not math.isfinite(value):
                object.__setattr__(self, name, None)


def write_records(path: Path, records: Iterable[Record]) -> None:
    """Write records as JSON, in order of id, whole or not at all. Raises ValueError on a repeated id."""
    ordered = sorted(records, key=lambda record: record.id)
    ids = [record.id for record in ordered]
    repeated = {i for i in ids if ids.count(i) > 1}
    if repeated:
        raise ValueError(f"records with the same id: {', '.join(sorted(repeated))}")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(record) for record in ordered], ensure_ascii=False, indent=1)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)


def read_records(path: Path) -> list[Record]:
    """Read the records of one stage. Raises UserError where the file is not one of ours."""
    try:
        return [Record(**item) for item in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, json.JSONDecodeError, TypeError, ValueError) as error:
        raise UserError(
            "these results cannot be read",
            place=path.name,
            found=str(error),
            todo="delete data_processed/<cohort> and run the cohort again",
        ) from error


def as_variables(records: Iterable[Record]) -> dict[str, object]:
    """Records as the nested mapping of Quarto's `_variables.yml`: `change.scq.overall.text` and its parts."""
    tree: dict[str, object] = {}
    for record in records:
        node = tree
        for step in record.id.split("."):
            child = node.setdefault(step, {})
            if not isinstance(child, dict):
                raise ValueError(f"record {record.id} stands below a text of the same name")
            node = child
        own = {"text": record.text, **record.parts}
        hidden = [name for name in own if isinstance(node.get(name), dict)]
        if hidden:
            raise ValueError(f"a part of record {record.id} hides the record {record.id}.{hidden[0]}")
        node.update(own)
        if record.n is not None:
            node["n"] = str(record.n)
    return tree
