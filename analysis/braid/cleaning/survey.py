"""A cohort's survey as clean frames: persons joined over waves, cells recoded, scales scored, every change logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from braid.cleaning import rules
from braid.cleaning.log import Log
from braid.cleaning.people import by_person, keyed, nameless
from braid.cleaning.tables import RawTables
from braid.cleaning.values import Gaps, folded_cells, levels, numbers, responses
from braid.errors import Mistakes, UserError
from braid.intake import RawTable
from braid.statistics.scoring import scale_score
from braid.study import Characteristic, Cohort, WaveFile
from braid.study.cohort import CharacteristicColumn
from braid.study.model import Instrument


@dataclass(frozen=True)
class CleanSurvey:
    """A cleaned survey.

    people: one row per person (index participant), a column per characteristic.
    waves: by wave, one row per person who answered at least one item: the items and a column per scale score.
    then: the same of the then-test, which is no point in time; None where there is none.
    satisfaction: one row per form; None where there is none. attendance: sessions attended, by person; None where
    no file says so.
    log: every change that was made. reading: how each file was read.
    """

    people: pd.DataFrame
    waves: dict[str, pd.DataFrame]
    satisfaction: pd.DataFrame | None
    attendance: pd.Series[float] | None
    log: pd.DataFrame
    reading: dict[str, str]
    then: pd.DataFrame | None = None


def clean_survey(cohort: Cohort, tables: RawTables | None = None) -> CleanSurvey:
    """Clean a cohort's survey. Raises UserErrors with everything that is wrong in its files; writes nothing.

    tables: the files as they came, for whoever wants to look at them afterwards.
    """
    spec, log, mistakes = cohort.spec, Log(), Mistakes()
    tables = RawTables(cohort) if tables is None else tables
    excluded = {str(e.participant).strip().upper(): e.reason for e in spec.exclude}
    people = form = attendance = None
    waves: dict[str, pd.DataFrame] = {}
    with mistakes.gathered():
        people = _people(cohort, tables, excluded, log)
    for wave in spec.waves:
        with mistakes.gathered():
            waves[wave] = _wave(cohort, wave, tables, excluded, log)
    with mistakes.gathered():
        form = _satisfaction(cohort, tables, excluded, log)
    with mistakes.gathered():
        attendance = _attendance(cohort, tables, excluded, log)
    mistakes.stop_if_any()
    then = waves.pop(cohort.study.change.then or "", None)
    answered = _answered(waves)
    everyone = _everyone(people, answered, log)
    least = len(answered) if spec.pairing == "by key" else max((len(frame) for frame in waves.values()), default=0)
    if spec.invited is not None and least > spec.invited:
        raise UserError(
            "more people answered than were invited",
            place=f"data_raw/{cohort.name}/cohort.yml: invited",
            found=f"{spec.invited} invited, {least} answered",
            todo="mend the number, or take it out",
        )
    return CleanSurvey(
        people=everyone,
        waves={wave: waves[wave] for wave in cohort.study.waves if wave in waves},
        satisfaction=form,
        attendance=attendance,
        log=log.frame(),
        reading=tables.reading,
        then=then,
    )


def _gaps(cohort: Cohort) -> Gaps:
    return Gaps.declared(cohort.spec.missing, cohort.spec.not_applicable)


def _people(cohort: Cohort, tables: RawTables, excluded: dict[str, str], log: Log) -> pd.DataFrame | None:
    spec = cohort.spec.people
    if spec is None:
        return None
    raw, gaps = tables.rows_of(spec), _gaps(cohort)
    columns: dict[str, pd.Series] = {}
    mistakes = Mistakes()
    for name, where in spec.characteristics.items():
        place = where if isinstance(where, CharacteristicColumn) else CharacteristicColumn(column=where)
        characteristic = cohort.study.characteristics[name]
        with mistakes.gathered():
            if characteristic.type == "number":
                columns[name] = numbers(raw, place.column, characteristic, gaps, log)
            else:
                values = {w: level for cell, level in place.values.items() for w in folded_cells([cell])}
                columns[name] = levels(raw, place.column, characteristic, values, gaps, log)
    mistakes.stop_if_any()
    persons = keyed(raw, spec.keys, spec.repeated, excluded, log)
    return by_person(pd.DataFrame(columns, index=raw.frame.index), persons)


def _items(raw: RawTable, file: WaveFile, instruments: Mapping[str, Instrument], gaps: Gaps, log: Log) -> pd.DataFrame:
    """The items of one file as numbers, indexed by row; every wrong cell of every column is reported."""
    wanted = [item for instrument in instruments.values() for item in instrument.items]
    missing = [item for item in wanted if file.column(item) not in raw.frame.columns]
    if missing:
        raise _missing_items(raw, file, wanted, missing)
    columns: dict[str, pd.Series] = {}
    mistakes = Mistakes()
    for name, instrument in instruments.items():
        answers = file.answers.get(name, {})
        for item in instrument.items:
            with mistakes.gathered():
                columns[item] = responses(raw, file.column(item), instrument, answers, gaps, log)
    mistakes.stop_if_any()
    return pd.DataFrame(columns, index=raw.frame.index)


def _missing_items(raw: RawTable, file: WaveFile, wanted: list[str], missing: list[str]) -> UserError:
    """One error for all item columns that a file lacks, with what to write into cohort.yml."""
    looked = ", ".join(file.column(item) for item in missing[:3]) + (" ..." if len(missing) > 3 else "")
    there = list(raw.frame.columns)
    return UserError(
        f"{len(missing)} of {len(wanted)} item columns are not in this file",
        place=raw.name,
        found=f"columns {', '.join(there[:12])}{' ...' if len(there) > 12 else ''}",
        expected=f"columns {looked}",
        todo="say in cohort.yml, under this file, how its columns are named: a pattern such as "
        f'columns: "Before_{{item}}", or one by one: rename: {{{missing[0]}: NAME OF ITS COLUMN}}',
    )


def _wave(cohort: Cohort, wave: str, tables: RawTables, excluded: dict[str, str], log: Log) -> pd.DataFrame:
    file, scales = cohort.spec.waves[wave], cohort.study.scales
    raw = tables.rows_of(file)
    items = _items(raw, file, scales, _gaps(cohort), log)
    persons = keyed(raw, file.keys, file.repeated, excluded, log) if file.keys else nameless(raw, wave)
    frame = by_person(items, persons)
    if not frame.notna().any(axis=None):
        raise UserError(
            "nobody answered an item in this file",
            place=raw.name,
            found=f"{len(raw.frame)} rows below the header",
            todo="export it again, or take this wave out of cohort.yml",
        )
    silent = frame.isna().all(axis=1)
    if silent.any():
        rows = persons.index[persons.isin(frame.index[silent])]
        log.add(
            raw.name,
            file.columns,
            rules.SILENT,
            rules.NOT_IN_WAVE,
            rules.TOOK_PART,
            rows,
        )
        frame = frame[~silent]
    for name, scale in scales.items():
        frame[name] = scale_score(
            frame[list(scale.items)],
            method=scale.score,
            reverse=scale.reverse,
            minimum=scale.minimum,
            maximum=scale.maximum,
            rule=scale.rule,
        )
    return frame


def _satisfaction(cohort: Cohort, tables: RawTables, excluded: dict[str, str], log: Log) -> pd.DataFrame | None:
    file, form = cohort.spec.satisfaction, cohort.study.satisfaction
    if file is None or form is None:
        return None
    raw = tables.rows_of(file)
    items = _items(raw, file, {"satisfaction": form}, _gaps(cohort), log)
    if file.keys:
        items = by_person(items, keyed(raw, file.keys, file.repeated, excluded, log))
    return items[items.notna().any(axis=1)]


def _attendance(cohort: Cohort, tables: RawTables, excluded: dict[str, str], log: Log) -> pd.Series[float] | None:
    part = cohort.spec.attendance
    if part is None:
        return None
    raw = tables.rows_of(part)
    sessions = Characteristic(label="Sessions attended", type="number", minimum=0, maximum=part.of)
    values = numbers(raw, part.column, sessions, _gaps(cohort), log)
    frame = by_person(values.to_frame("sessions"), keyed(raw, part.keys, part.repeated, excluded, log))
    return frame["sessions"].dropna()


def _answered(waves: dict[str, pd.DataFrame]) -> pd.Index[str]:
    """The persons of all waves, each once, in order."""
    answered: pd.Index[str] = pd.Index([], dtype="str")
    for frame in waves.values():
        answered = answered.union(frame.index.astype("str"))
    return answered


def _everyone(people: pd.DataFrame | None, answered: pd.Index[str], log: Log) -> pd.DataFrame:
    """All persons of the people file and the waves; those without a people row have missing characteristics."""
    if people is None:
        return pd.DataFrame(index=answered.rename("participant"))
    strangers = answered.difference(people.index)
    if len(strangers):
        log.add(
            rules.WAVES,
            rules.KEY,
            rules.STRANGER,
            rules.KEPT,
            rules.JOINED,
            range(len(strangers)),
        )
    return people.reindex(people.index.union(strangers).rename("participant"))
