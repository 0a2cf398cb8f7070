"""REDCap exports, raw or with labels, read together with the project's data dictionary.

Source: REDCap's data dictionary (18 columns, or the names of its API) and the columns that an export adds:
redcap_event_name, redcap_repeat_instrument, redcap_repeat_instance, redcap_data_access_group,
redcap_survey_identifier, {form}_timestamp, {form}_complete, {checkbox}___{code}.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from braid.intake.codebook import are_codes, are_labels, as_codes, declared_missing, strangers
from braid.intake.leaving_out import counted, listed, noted, tally, without_columns, without_rows
from braid.intake.redcap_dictionary import Dictionary, read_dictionary
from braid.intake.redcap_headers import SYSTEM, names_of_labels
from braid.intake.table import RawTable
from braid.study import FileReading

COMPLETE = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}
CHECKED = {"0": "Unchecked", "1": "Checked"}
EVENT, REPEAT = "redcap_event_name", "redcap_repeat_instrument"


def read_redcap(table: RawTable, how: FileReading, dictionary: RawTable | None) -> RawTable:
    """The records of a REDCap export, with the codes of a raw export whatever it was.

    dictionary: the project's data dictionary as a table; without it nothing is known of codes, labels and
    identifiers, and a note says so. With it headers and cells of a label export become names and codes, the meaning
    of codes stands in `values`, and fields marked as identifiers are left out and named. `{form}_complete` and
    `{form}_timestamp` come last. Events and repeated instruments stay rows, and are counted in a note.
    Raises UserError where the dictionary is none.
    """
    fields = read_dictionary(dictionary) if dictionary is not None else None
    table = names_of_labels(table, fields)
    columns = list(table.frame.columns)
    kind = "without a data dictionary"
    if fields is not None:
        table, labelled = _decoded(table, fields)
        kind = f"{'label' if labelled else 'raw'} export with the data dictionary {fields.name}"
        strange = [
            c for c in columns if c not in SYSTEM.values() and fields.field(c) is None and not fields.is_status(c)
        ]
        table = noted(table, f"not in the data dictionary: {listed(strange)}" if strange else "")
    else:
        table = noted(
            table,
            "no data dictionary was given: codes, labels and identifiers are not known; name it in cohort.yml as "
            "`dictionary` of this file",
        )
    table = replace(table, reading=f"REDCap, {table.reading}, {kind}")
    table = _forms(table, how, fields)
    table = _without_personal(table, fields)
    return noted(table, *_events(table), *_repeats(table))


def is_redcap(columns: list[str]) -> str:
    """Why these columns are those of REDCap, or nothing."""
    own = [column for column in columns if column in SYSTEM.values()]
    labels = [column for column in columns if column in SYSTEM]
    forms = [column for column in columns if column.endswith("_complete")]
    boxes = [column for column in columns if re.fullmatch(r"[a-z0-9_]+___[a-z0-9_]+", column)]
    if own and (forms or len(own) > 1):
        return f"columns {listed([*own, *forms])}"
    if forms and (boxes or columns[0] in {"record_id", "study_id", "participant_id", "subject_id"}):
        return f"columns {listed([columns[0], *boxes[:2], *forms])}"
    finished = [column for column in columns if re.fullmatch(r"Complete\?(?: \(\d+\))?", column)]
    return f"columns {listed([*labels, *finished])}" if finished else ""


def _decoded(table: RawTable, fields: Dictionary) -> tuple[RawTable, bool]:
    """Labels and meanings by column; cells of a label export as codes. The second value: whether it is one."""
    frame = table.frame.copy()
    labels, values, missing = dict(table.labels), dict(table.values), dict(table.missing)
    meanings = {column: meaning for column in frame.columns if (meaning := fields.values_of(column))}
    known = {column: meaning for column, meaning in meanings.items() if (frame[column] != "").any()}
    labelled = any(not are_codes(frame[c], m) and are_labels(frame[c], m) for c, m in known.items())
    notes: list[str] = []
    unclear, unknown, unknown_rows = [], [], 0
    for column, meaning in meanings.items():
        codes = as_codes(frame[column], meaning) if labelled else None
        if codes is not None:
            frame[column] = codes
        elif labelled and not are_codes(frame[column], meaning):
            unclear.append(column)
        field = fields.field(column)
        kept = frozenset() if field is not None and field.never_missing else declared_missing(meaning)
        if kept:
            missing[column] = missing.get(column, frozenset()) | kept
        outside = strangers(frame[column], meaning) if column not in unclear else frame[column].iloc[:0]
        if len(outside):
            unknown.append(f"{column}: {tally(outside)}")
            unknown_rows += len(outside)
        values[column] = meaning
    for column in frame.columns:
        label = fields.label_of(column)
        if label:
            labels[column] = label
    if unclear:
        notes.append(f"labels were kept, since they stand for two codes or for none: {listed(unclear)}")
    if unknown:
        notes.append(
            f"cells that are not among the choices of the data dictionary, {unknown_rows} in all "
            f"(missing data codes are declared in cohort.yml under `missing`): {'; '.join(unknown)}"
        )
    codes_for = {code for column, kept in missing.items() for code in kept if column in values}
    if codes_for:
        notes.append(f"the data dictionary keeps these codes for missing answers: {listed(sorted(codes_for))}")
    return noted(replace(table, frame=frame, labels=labels, values=values, missing=missing), *notes), labelled


def _forms(table: RawTable, how: FileReading, fields: Dictionary | None) -> RawTable:
    """Put the state and time of each form last and count them; unfinished rows as the file's reading says."""
    frame = table.frame
    states = [c for c in frame.columns if c.endswith("_complete") and (fields is None or fields.field(c) is None)]
    states = [c for c in states if are_codes(frame[c], COMPLETE) or are_labels(frame[c], COMPLETE)]
    times = [c for c in frame.columns if c.endswith("_timestamp") and (fields is None or fields.field(c) is None)]
    last = [*times, *states]
    frame = frame[[*(c for c in frame.columns if c not in last), *last]].copy()
    notes = []
    for column in states:
        codes = as_codes(frame[column], COMPLETE)
        frame[column] = codes if codes is not None else frame[column]
        said = tally(frame.loc[frame[column] != "", column].map(lambda code: COMPLETE[code].lower()))
        notes.append(f"form {column.removesuffix('_complete')}: {said or 'never begun'}")
    open_forms = [f"{c} ({n})" for c in times if (n := int((frame[c] == "[not completed]").sum()))]
    notes.append(f"surveys begun and not completed: {', '.join(open_forms)}" if open_forms else "")
    values = {**table.values, **dict.fromkeys(states, COMPLETE)}
    labels = {**table.labels, **{c: f"State of the form {c.removesuffix('_complete')}" for c in states}}
    table = noted(replace(table, frame=frame, values=values, labels=labels), *notes)
    if not states:
        return table
    begun = (frame[states] != "").any(axis=1)
    unfinished = begun & ~(frame[states] == "2").any(axis=1)
    if how.unfinished == "leave out":
        return without_rows(table, unfinished, "no form complete")
    return noted(
        table, f"{counted(int(unfinished.sum()), 'row')} with no form complete kept" if unfinished.any() else ""
    )


def _without_personal(table: RawTable, fields: Dictionary | None) -> RawTable:
    """Leave out what REDCap marks as an identifier; the record's own id stays, being the key."""
    columns = list(table.frame.columns)
    personal = [column for column in columns if column == "redcap_survey_identifier"]
    notes = []
    if fields is not None:
        marked = [c for c in columns if (field := fields.field(c)) is not None and field.identifier]
        if fields.record_id in marked:
            marked.remove(fields.record_id)
            notes.append(f"{fields.record_id} is marked as an identifier and was kept, being the record's id")
        personal += marked
        contact = [c for c in columns if (field := fields.field(c)) is not None and field.contact and c not in marked]
        if contact:
            notes.append(f"not marked as identifiers, but validated as e-mail or telephone: {listed(contact)}")
    return noted(without_columns(table, personal, "identifiers"), *notes)


def _events(table: RawTable) -> list[str]:
    if EVENT not in table.frame.columns:
        return []
    events = table.frame[EVENT]
    first = events.iloc[0] if len(events) else "baseline_arm_1"
    notes = [f"events: {tally(events)}; a wave is one of them: rows: {{{EVENT}: {first}}}"]
    arms = events.str.extract(r"_arm_(\d+)[a-z]?$", expand=False).dropna()
    if arms.nunique() > 1:
        people = table.frame.loc[arms.index].groupby(arms)[table.frame.columns[0]].nunique()
        notes.append(f"arms: {', '.join(f'arm {arm} ({count} records)' for arm, count in people.items())}")
    return notes


def _repeats(table: RawTable) -> list[str]:
    if REPEAT not in table.frame.columns:
        return []
    repeats: pd.Series[str] = table.frame.loc[table.frame[REPEAT] != "", REPEAT]
    if not len(repeats):
        return []
    return [
        f"{counted(len(repeats), 'row')} of repeated instruments, several to a record: {tally(repeats)}; "
        f'rows: {{{REPEAT}: ""}} selects the others'
    ]
