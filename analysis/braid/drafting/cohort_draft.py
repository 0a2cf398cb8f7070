"""The draft of a cohort.yml, from what was found in the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from braid.drafting.absence import USUAL, Absence
from braid.drafting.background import Known
from braid.drafting.coded import codes_without_theme, draft_interviews
from braid.drafting.columns import Column, as_cell
from braid.drafting.draft import Draft, Place, Reason, flow
from braid.drafting.keys import ROW, Key
from braid.drafting.known_waves import Wave, Waves
from braid.drafting.patterns import compressed
from braid.drafting.responses import meanings
from braid.drafting.sources import Source
from braid.intake.coded import CodedProject
from braid.study import CohortSpec, Study
from braid.study.cohort import Cell
from braid.study.model import Instrument

SHOWN = 12


@dataclass(frozen=True)
class Found:
    """Everything that was found in a cohort's files."""

    sources: Mapping[str, Source]
    files: Mapping[str, Sequence[Column]]
    absence: Absence
    waves: Waves
    key: Key
    people: str
    about: Sequence[Known]
    interviews: Mapping[str, str]
    questions: Sequence[str] = ()
    like: CohortSpec | None = None
    projects: Mapping[str, CodedProject] = field(default_factory=dict)
    transcripts: str | None = None


def draft_cohort_file(name: str, found: Found, study: Study) -> Draft:
    """Write down what was found, part by part, each with its reason."""
    draft = Draft()
    draft.put("title", value=f"TODO: title of the cohort {name}")
    draft.ask("what is this cohort called in its report? Add `setting` and `invited` where known.", at="title")
    _readings(draft, found)
    if set(found.absence.missing) != set(USUAL) or found.absence.why:
        draft.put("missing", value=list(found.absence.missing))
        draft.above["missing",] = [
            str(w) for c, w in found.absence.why.items() if c not in found.absence.not_applicable
        ]
    if found.absence.not_applicable:
        draft.put("not_applicable", value=list(found.absence.not_applicable))
        draft.above["not_applicable",] = [str(found.absence.why[c]) for c in found.absence.not_applicable]
    for question in found.absence.questions:
        draft.ask(question)
    waves = found.waves.waves
    if len(waves) > 1 and not found.key.columns:
        draft.put("pairing", value="none", why=found.key.why)
    for question in (*found.key.questions, *found.waves.questions):
        draft.ask(question)
    _people(draft, found)
    for wave in waves:
        _wave(draft, ("waves", wave.name), wave, found, study.scales)
    if found.waves.form is not None and study.satisfaction is not None:
        _wave(draft, ("satisfaction",), found.waves.form, found, {"satisfaction": study.satisfaction})
    talk = {"transcripts": found.transcripts} if found.transcripts else {}
    if found.projects:
        draft_interviews(draft, found.projects, {**found.interviews, **talk})
        if study.coding is not None:
            codes_without_theme(draft, found.projects, study.coding)
    elif found.interviews:
        order = ("segments", "participants", "quotes", "consensus")
        tables = {part: found.interviews[part] for part in order if part in found.interviews}
        draft.put(
            "interviews", value=tables | talk, why=Reason("certain", "files with the columns of coded interviews")
        )
        if not talk:
            draft.ask(
                "where transcripts are at hand, copy their folder here and add `transcripts: FOLDER`.", at="interviews"
            )
    _warnings(draft, found)
    for question in found.questions:
        draft.ask(question)
    return draft


def _readings(draft: Draft, found: Found) -> None:
    """Say how each file was read; what the file alone does not say for certain is declared."""
    alike: dict[str, list[str]] = {}
    for file, source in found.sources.items():
        read = "\n".join([f"read as: {source.table.reading}", *source.table.notes])
        declared = source.how.model_dump(exclude_defaults=True)
        if declared:
            draft.put("files", file, value=declared, why=source.why)
            draft.add("files", file, comment=read)
        elif source.table.notes:
            draft.add("title", comment=f"{file}, {read}")
        else:
            alike.setdefault(source.table.reading, []).append(file)
        for question in source.questions:
            draft.ask(question, at=f"files.{file}")
    for reading, names in alike.items():
        draft.add("title", comment=f"{', '.join(names)}, read as: {reading}")


def _people(draft: Draft, found: Found) -> None:
    keys = found.key.columns.get(found.people)
    if not found.people or not found.about:
        return
    if not keys:
        names = ", ".join(known.column.name for known in found.about)
        draft.ask(
            f"{found.people} tells about persons ({names}), but without a key nobody can be found there: `people` was "
            "left out."
        )
        return
    draft.put("people", "file", value=found.people)
    draft.put("people", "key", value=_key(keys))
    if not any(wave.part.file == found.people for wave in found.waves.waves):
        _repeats(draft, ("people",), found.people, found)
    rows = next((w.part.rows for w in found.waves.waves if w.part.file == found.people and w.part.rows), {})
    if rows:
        why = Reason("likely", "what is known about a person is taken from the rows of the first wave")
        draft.put("people", "rows", value={c: as_cell(v) for c, v in rows.items()}, why=why)
    for known in found.about:
        place = ("people", "characteristics", known.name)
        value: object = known.column.name
        if known.values:
            value = {"column": known.column.name, "values": dict(known.values)}
        draft.put(*place, value=value, why=known.why)
        if known.unmatched:
            draft.add(
                *place, comment=f"TODO under values, what these mean: {', '.join(map(repr, known.unmatched[:SHOWN]))}"
            )
        for question in known.questions:
            draft.ask(question, at=f"people.characteristics.{known.name}")


def _wave(draft: Draft, place: Place, wave: Wave, found: Found, instruments: Mapping[str, Instrument]) -> None:
    part, said = wave.part, ".".join(map(str, place))
    draft.put(*place, "file", value=part.file)
    draft.above[(*place, "file")] = [str(reason) for reason in wave.why]
    _whose(draft, place, part.file, found)
    if part.rows:
        draft.put(*place, "rows", value={column: as_cell(cell) for column, cell in part.rows.items()})
    wanted = [item for instrument in instruments.values() for item in instrument.items]
    items = {item: part.columns[item] for item in wanted if item in part.columns}
    pattern, rename = compressed({item: column.name for item, column in items.items()})
    if pattern != "{item}" and len(rename) < len(items):
        draft.put(*place, "columns", value=pattern)
    if rename:
        draft.put(*place, "rename", value=rename)
    lacking = [item for item in wanted if item not in items]
    if lacking:
        listed = ", ".join(lacking[:SHOWN]) + " ..." * (len(lacking) > SHOWN)
        text = f"{part.file} seems to lack {listed}: name their columns under `rename`."
        draft.add(*place, comment=f"TODO {text}")
        draft.ask(text, at=said)
    for name, instrument in instruments.items():
        _answers(draft, place, name, instrument, [items[item] for item in instrument.items if item in items], found)


def _whose(draft: Draft, place: Place, file: str, found: Found) -> None:
    """The key of a wave, or of the evaluation form, which may be anonymous."""
    keys, form = found.key.columns.get(file), place == ("satisfaction",)
    if keys == (ROW,) and file not in {wave.part.file for wave in found.waves.waves}:
        keys = None
    if not keys:
        if form:
            draft.add(*place, "file", comment="no key: the forms are anonymous and stay apart from the persons")
        return
    draft.put(*place, "key", value=_key(keys), why=None if form else found.key.why)
    _repeats(draft, place, file, found)


def _repeats(draft: Draft, place: Place, file: str, found: Found) -> None:
    if file in found.key.repeats:
        draft.put(*place, "repeated", value="refuse", why=found.key.repeats[file])
        question = f"{found.key.repeats[file]}. Which row counts: `repeated: first` or `last`?"
        draft.ask(question, at=".".join(map(str, place)))


def _answers(draft: Draft, wave: Place, name: str, instrument: Instrument, columns: list[Column], found: Found) -> None:
    place = (*wave, "answers", name)
    said = ".".join(map(str, place))
    told = meanings(instrument, columns, _usual(found.like, name))
    if told.values:
        draft.put(*place, value=told.values)
        draft.above[place] = [str(reason) for reason in told.why]
        draft.ask(f"is it right that {_said(told.values)}?", at=said)
    if told.unknown:
        low, high = instrument.minimum, instrument.maximum
        scale = f"{low} ({instrument.responses[low]}) to {high} ({instrument.responses[high]})"
        lines = [f"TODO: what these words mean on the scale {scale}:", "answers:", f"  {name}:"]
        lines += [f"    {flow(word)}: ?" for word in told.unknown[:SHOWN]]
        lines += [f"    and {len(told.unknown) - SHOWN} more"] * (len(told.unknown) > SHOWN)
        draft.add(*wave, comment="\n".join(lines))
        words = ", ".join(map(repr, told.unknown[:5])) + " ..." * (len(told.unknown) > 5)
        draft.ask(f"what do {words} mean on the scale {scale}?", at=said)
    if told.outside:
        cells = ", ".join(f"{cell} ({count})" for cell, count in sorted(told.outside.items())[:SHOWN])
        draft.add(*wave, comment=f"off the scale of {name}, so they become missing: {cells}")


def _usual(like: CohortSpec | None, name: str) -> dict[Cell, int]:
    """What cells mean in the cohort this one is made like."""
    files = [*like.waves.values(), *([like.satisfaction] if like.satisfaction else [])] if like is not None else []
    return {cell: number for file in files for cell, number in file.answers.get(name, {}).items()}


def _said(values: Mapping[str | int, int]) -> str:
    pairs = [f"{cell!r} is {number}" for cell, number in list(values.items())[:6]]
    return ", ".join(pairs) + " ..." * (len(values) > 6)


def _warnings(draft: Draft, found: Found) -> None:
    personal: list[str] = []
    for file, columns in found.files.items():
        personal += [f"{column.name} in {file} ({column.personal})" for column in columns if column.personal]
    if personal:
        draft.ask(
            f"What looks like personal data: {'; '.join(personal)}. No part of cohort.yml uses it; may it lie in this "
            "folder at all?"
        )
    used = {wave.part.file for wave in found.waves.waves} | set(found.interviews.values()) | {found.people}
    used |= {found.waves.form.part.file} if found.waves.form else set()
    used |= {source.how.dictionary or "" for source in found.sources.values()}
    spare = [file for file in found.files if file not in used]
    if spare:
        draft.ask(f"Copied, but not named in cohort.yml: {', '.join(spare)}. Are they needed?")


def _key(keys: tuple[str, ...]) -> str | list[str]:
    return keys[0] if len(keys) == 1 else list(keys)
