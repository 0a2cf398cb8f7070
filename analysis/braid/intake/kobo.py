"""KoboToolbox and ODK exports: names with their groups, one column a choice, and the XLSForm as their codebook.

Source: KoboToolbox support ("Exporting and downloading your data"), the ODK Central docs on submissions, xlsform.org.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from braid.errors import UserError
from braid.intake.codebook import are_codes, as_codes, declared_missing, folded, strangers
from braid.intake.headers import names
from braid.intake.leaving_out import counted, listed, noted, renamed, tally, without_columns
from braid.intake.table import RawTable
from braid.intake.xlsform import Form

KOBO = names(
    "_id _uuid _submission_time _validation_status _notes _status _submitted_by _tags _index __version__ _parent_index"
    " _parent_table_name _submission__id _submission__uuid _xform_id_string formhub/uuid"
)
PERSONAL = names(
    "deviceid phonenumber subscriberid simserial simid imei username email _submitted_by _submission__submitted_by"
    " _geolocation background-audio SubmitterID SubmitterName DeviceID"
)
"""What the tool itself knows of a person or a device, by name."""
PERSONAL_TYPES = names(
    "geopoint geotrace geoshape start-geopoint phonenumber deviceid subscriberid simserial email username"
)
NAME = re.compile(r"[A-Za-z_][\w.-]*")
PLACE = re.compile(r"_(?P<question>.+)_(?:latitude|longitude|altitude|precision)")
CHOSEN = {"0": "Not chosen", "1": "Chosen"}


def read_kobo(table: RawTable, form: Form | None = None) -> RawTable:
    """The submissions of a Kobo or ODK export whose first row was read as the header.

    Names of groups are taken off where a question's name stays unique; a column per choice keeps `question/choice`.
    Columns on devices, user names and places are left out and named. form: the XLSForm; with it headers and cells that
    are labels become names and codes, and labels and values are known. A sheet of a repeat group and validation
    states are told in notes. Raises UserError where the table is no such export.
    """
    columns = [str(column) for column in table.frame.columns]
    if not is_kobo(columns):
        raise UserError(
            "this is not an export of KoboToolbox or ODK",
            place=table.name,
            found=f"columns {listed(columns)}",
            expected="columns such as _uuid and _submission_time, or SubmissionDate and KEY",
            todo="mend `format` in cohort.yml",
        )
    tool = "ODK" if not (set(columns) & {"_uuid", "_submission_time"}) else "KoboToolbox"
    table = replace(table, reading=f"{tool}, {table.reading}" + (f", form {form.name}" if form else ""))
    table = _without_tags(table)
    table, paths = _named(table, form)
    table = _without_personal(table, paths, form)
    if form is not None:
        table = _decoded(table, form)
    table = _choices(table, form)
    return noted(table, *_states(table))


def is_kobo(columns: list[str]) -> bool:
    """Whether the tool's own columns are there."""
    there = set(columns)
    kobo = "_uuid" in there and bool(there & {"_submission_time", "_index", "_id"})
    return kobo or there >= {"SubmissionDate", "KEY"} or there >= {"_parent_index", "_parent_table_name"}


def _without_tags(table: RawTable) -> RawTable:
    """A second header row of HXL tags (#affected+f) is no answer."""
    if not len(table.frame):
        return table
    first = table.frame.iloc[0]
    filled = first[first != ""]
    if len(filled) and filled.str.fullmatch(r"#[a-z][\w+#]*").all():
        return noted(replace(table, frame=table.frame.iloc[1:]), "the row of HXL tags below the header is left out")
    return table


def _named(table: RawTable, form: Form | None) -> tuple[RawTable, dict[str, str]]:
    """The table with names of questions, and the whole path of each in the file."""
    columns = [str(column) for column in table.frame.columns]
    mark = "-" if any(column.startswith("meta-instance") for column in columns) else "/"
    known = _labelled(table, form) if form else {}
    short: dict[str, str] = {}
    for column in columns:
        path = known.get(column, column)
        parts = path.split(mark)
        if column in known or path in KOBO or not all(map(NAME.fullmatch, parts)) or len(parts) == 1:
            short[column] = path
        elif _is_choice(path, mark, columns, table, form):
            short[column] = f"{parts[-2]}/{parts[-1]}"
        else:
            short[column] = parts[-1]
    counts = Counter(short.values())
    final = {c: (name if counts[name] == 1 else c) for c, name in short.items()}
    grouped = [c for c in columns if c not in known and final[c] != c and not _is_choice(c, mark, columns, table, form)]
    kept = [column for column in columns if counts[short[column]] > 1]
    notes = [
        f"names of groups were taken off {counted(len(grouped), 'column')}, such as {grouped[0]}" if grouped else ""
    ]
    notes.append(f"these names stand in several groups, and keep them: {listed(kept)}" if kept else "")
    notes.append(f"headers are labels: {counted(len(known), 'column')} named by the form" if known else "")
    labels = {c: label for c, label in table.labels.items() if label != c}
    table = renamed(replace(table, labels=labels), final)
    return noted(table, *notes), {final[column]: column for column in columns}


def _labelled(table: RawTable, form: Form) -> dict[str, str]:
    """Names for headers that are labels of the form, where only one question has the label."""
    asked: dict[str, list[str]] = {}
    for question in form.questions.values():
        asked.setdefault(folded(question.label), []).append(question.name)
        for choice, label in (question.choices if question.several else {}).items():
            asked.setdefault(folded(f"{question.label}/{label}"), []).append(f"{question.name}/{choice}")
    known: dict[str, str] = {}
    for column in table.frame.columns:
        found = asked.get(folded(column), [])
        if len(found) == 1 and column not in form.questions and found[0] not in table.frame.columns:
            known[column] = found[0]
    return known


def _is_choice(path: str, mark: str, columns: list[str], table: RawTable, form: Form | None) -> bool:
    """Whether a column is one choice of a question where several may be chosen."""
    question, _, choice = path.rpartition(mark)
    if not question:
        return False
    if form is not None and (asked := form.questions.get(question.rsplit(mark, 1)[-1])) is not None:
        return asked.several and choice in asked.choices
    if question in columns:
        return True
    siblings = [column for column in columns if column.rpartition(mark)[0] == question]
    cells = table.frame[siblings]
    return len(siblings) > 1 and bool(cells.isin({"", "0", "1", "True", "False", "TRUE", "FALSE"}).all(axis=None))


def _without_personal(table: RawTable, paths: Mapping[str, str], form: Form | None) -> RawTable:
    """Leave out what the tool knows of people and devices, and where they were."""
    columns = [str(column) for column in table.frame.columns]
    places = {match["question"] for column in columns if (match := PLACE.fullmatch(paths[column].rsplit("/", 1)[-1]))}
    personal = []
    for column in columns:
        last = paths[column].rsplit("/", 1)[-1]
        question = form.questions.get(column) if form else None
        typed = question is not None and question.type in PERSONAL_TYPES
        placed = last in places or (PLACE.fullmatch(last) is not None)
        if column in PERSONAL or last in PERSONAL or typed or placed:
            personal.append(column)
    return without_columns(table, personal, "personal data")


def _decoded(table: RawTable, form: Form) -> RawTable:
    """Labels and values from the form; cells that are labels become codes."""
    frame = table.frame.copy()
    labels, values, missing = dict(table.labels), dict(table.values), dict(table.missing)
    translated, unknown = [], []
    for column in frame.columns:
        question = form.questions.get(column)
        if question is None:
            continue
        labels[column] = question.label
        if not question.choices or question.several:
            continue
        if not are_codes(frame[column], question.choices):
            codes = as_codes(frame[column], question.choices)
            if codes is not None:
                frame[column] = codes
                translated.append(column)
            else:
                unknown.append(f"{column}: {tally(strangers(frame[column], question.choices))}")
        values[column] = question.choices
        if kept := declared_missing(question.choices):
            missing[column] = missing.get(column, frozenset()) | kept
    return noted(
        replace(table, frame=frame, labels=labels, values=values, missing=missing),
        f"labels became codes by the form: {listed(translated)}" if translated else "",
        f"cells that are not among the choices of the form: {'; '.join(unknown)}" if unknown else "",
    )


def _choices(table: RawTable, form: Form | None) -> RawTable:
    """What the cells of a column per choice mean, and which questions have several answers in one cell."""
    frame = table.frame.copy()
    labels, values = dict(table.labels), dict(table.values)
    parents: dict[str, int] = {}
    for column in frame.columns:
        question, slash, choice = str(column).rpartition("/")
        if not slash or not NAME.fullmatch(question) or column in KOBO:
            continue
        cells = frame[column].str.casefold()
        if not cells.isin({"", "0", "1", "true", "false"}).all():
            continue
        frame[column] = cells.replace({"true": "1", "false": "0"})
        values[column] = CHOSEN
        parents[question] = parents.get(question, 0) + 1
        if form is not None and question in form.questions:
            asked = form.questions[question]
            labels[column] = f"{asked.label}: {asked.choices.get(choice, choice)}"
    several = [f"{question} ({count})" for question, count in parents.items()]
    note = f"questions with a column per choice: {listed(several)}" if several else ""
    return noted(replace(table, frame=frame, labels=labels, values=values), note)


def _states(table: RawTable) -> list[str]:
    """Validation states and repeat groups, as notes."""
    notes = []
    for column in ("_validation_status", "ReviewState"):
        if column in table.frame.columns:
            states: pd.Series[str] = table.frame.loc[table.frame[column] != "", column]
            if len(states):
                notes.append(f"states of validation ({column}), nothing left out: {tally(states)}")
    if {"_parent_index", "PARENT_KEY"} & set(table.frame.columns):
        notes.append("this is a repeat group: several rows may belong to one submission")
    repeats = [str(column) for column in table.frame.columns if str(column).startswith("SET-OF-")]
    if repeats:
        notes.append(f"repeat groups stand in files of their own: {listed(repeats)}")
    return notes
