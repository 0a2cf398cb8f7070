"""The headers of a REDCap label export, brought back to the names of fields by the data dictionary."""

from __future__ import annotations

import re
from collections import defaultdict

from braid.intake.codebook import folded
from braid.intake.leaving_out import counted, listed, noted, renamed
from braid.intake.redcap_dictionary import Dictionary, Field, checkbox_column
from braid.intake.table import RawTable

SYSTEM = {
    "Event Name": "redcap_event_name",
    "Repeat Instrument": "redcap_repeat_instrument",
    "Repeat Instance": "redcap_repeat_instance",
    "Data Access Group": "redcap_data_access_group",
    "Survey Identifier": "redcap_survey_identifier",
}
STATE, TIME = folded("Complete?"), folded("Survey Timestamp")
NUMBERED = re.compile(r" \(\d+\)$")


def names_of_labels(table: RawTable, fields: Dictionary | None) -> RawTable:
    """The table with names for headers that are labels; a table of names comes back as it is.

    Labels that stand several times go to the fields that have them, in order, where there are as many columns as
    fields; otherwise the column keeps its label, and a note says so. `Complete?` belongs to the form before it,
    `Survey Timestamp` to the form after it.
    """
    columns = [str(column) for column in table.frame.columns]
    names: dict[str, str] = {c: SYSTEM[c] for c in columns if c in SYSTEM and SYSTEM[c] not in columns}
    if fields is None:
        return renamed(table, names)
    headers = {column: folded(table.labels.get(column, NUMBERED.sub("", column))) for column in columns}
    asked: dict[str, list[str]] = defaultdict(list)
    for field in fields.fields:
        for label, column in _exported(field).items():
            asked[label].append(column)
    there: dict[str, list[str]] = defaultdict(list)
    for column in columns:
        if column not in names and fields.field(column) is None and not fields.is_status(column):
            there[headers[column]].append(column)
    unclear: list[str] = []
    for header, standing in there.items():
        candidates = [name for name in asked.get(header, []) if name not in columns]
        if len(candidates) == len(standing):
            names.update(zip(standing, candidates, strict=True))
        elif candidates:
            unclear += standing
    names.update(_states(columns, headers, names, fields))
    mapped = [name for name in names.values() if name not in SYSTEM.values()]
    notes = [f"headers are labels: {counted(len(mapped), 'column')} named by the data dictionary" if mapped else ""]
    if unclear:
        notes.append(f"these labels belong to several fields, and were kept as names: {listed(unclear)}")
    if mapped:
        table = _without_numbering(table)
    return noted(renamed(table, names), *notes)


def _exported(field: Field) -> dict[str, str]:
    """The headers a field has in a label export, folded, with the names of its columns."""
    if field.type != "checkbox":
        return {folded(field.label): field.name}
    labels: dict[str, str] = {}
    for code, label in field.choices.items():
        for choice in (label, f"'{label}'"):
            labels[folded(f"{field.label} (choice={choice})")] = checkbox_column(field.name, code)
    return labels


def _states(columns: list[str], headers: dict[str, str], names: dict[str, str], fields: Dictionary) -> dict[str, str]:
    """Names for `Complete?` and `Survey Timestamp`, by the form that their neighbours belong to."""
    form_of: dict[str, str] = {}
    for column in columns:
        field = fields.field(names.get(column, column))
        if field is not None:
            form_of[column] = field.form
    states: dict[str, str] = {}
    for place, column in enumerate(columns):
        if headers[column] == STATE:
            before = next((form_of[c] for c in reversed(columns[:place]) if c in form_of), "")
            states[column] = f"{before}_complete"
        elif headers[column] == TIME:
            states[column] = f"{next((form_of[c] for c in columns[place:] if c in form_of), '')}_timestamp"
    wanted = list(states.values())
    return {c: name for c, name in states.items() if wanted.count(name) == 1 and not name.startswith("_")}


def _without_numbering(table: RawTable) -> RawTable:
    """The note on repeated headers is not true any more once fields have their names."""
    kept = tuple(note for note in table.notes if not note.startswith("columns that stand twice"))
    return noted(RawTable(table.name, table.frame, table.reading, table.labels, table.values, table.missing, kept))
