"""The key that says whose row it is: proposed by its name, proven by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd

from braid.drafting.columns import Column, bare
from braid.drafting.draft import Reason
from braid.drafting.moments import Moment

ROW = "#row"
"""The key of a file in which every row is a person, and all waves stand in it."""

NAMES = re.compile(
    r"(?:.*[^a-z])?(?:ids?|uid|pid|code|key|token|pseudonym|respondent|participant|subject|person|case|number|nr|no)"
    r"(?:[^a-z].*)?"
    r"|.*(?:participant|respondent|student|subject|patient|teilnehm|probanden|personen)[ _-]?(?:id|code|nr|no|number)?"
    r"|record_id|external_?(?:data_?)?reference|(?:self|own)[ _-]?(?:made|generated)?[ _-]?code|kürzel|código|codigo"
    r"|identifiant|identificador|κωδικός|编号|編號|代码|学号|番号|コード|کوڈ|شناخت|رمز|код|번호|코드"
)
SITES = re.compile(
    r".*(?:site|centre|center|school|class|course|group|cohort|hospital|clinic|region|ward|team|country|city|schule"
    r"|klasse|standort|école|escuela|scuola|مرکز|学校|学校名|施設|σχολείο).*"
)
COMES_FROM_PLATFORM = re.compile(r"_?(?:response_?id|uuid|submission_?id|_id|recordedid|tokenid|index|submissionid)")
TRIAL = re.compile(r"(?:TEST|DUMMY|DEMO|TRIAL|PROBE|PRUEBA|XXX+)[\W_]*\d*|[\W_]*TEST[\W_]*\w?")
UNIQUE = 0.9
OVERLAP = 0.3
LONGEST_KEY = 40


@dataclass(frozen=True)
class Part:
    """What one file holds of one wave. rows: cells that choose the rows. columns: by what they share over the waves."""

    file: str
    rows: dict[str, str]
    token: str
    moment: Moment | None
    columns: dict[str, Column]


@dataclass(frozen=True)
class Key:
    """The key, by file; no columns where nobody can be found again. questions: what a person must decide."""

    columns: dict[str, tuple[str, ...]]
    why: Reason
    repeats: dict[str, str] = field(default_factory=dict)
    questions: tuple[str, ...] = ()


def find_key(files: Mapping[str, Sequence[Column]], parts: Sequence[Part]) -> Key:
    """The key that pairs the waves, and every other file it is found in. files: the columns of each file."""
    together = len({part.file for part in parts}) == 1 and not any(part.rows for part in parts)
    found = _in_one_row(files[parts[0].file]) if together else _across(files, parts)
    if not found.columns or ROW in next(iter(found.columns.values())):
        return found
    return _joined(files, parts, found)


def _in_one_row(columns: Sequence[Column]) -> Key:
    """The key of a file in which a row is a person: it pairs nothing, but tells persons apart and joins other files."""
    file = columns[0].file
    named = [column for column in columns if key_name(column) and not column.personal]
    whole = [c for c in named if len(c.counts) == c.rows and not c.is_time]
    if whole:
        best = max(whole, key=key_name)
        counts = "; it only counts the rows" if _counts_rows(best) else ""
        why = f"{best.rows} rows, each with another {best.name}{counts}; a row holds all that one person answered"
        return Key({file: (best.name,)}, Reason("certain", why))
    rows = columns[0].rows
    half = [f"{c.name} is filled in {len(c.cells)} of {rows} rows" for c in named if 0 < len(c.cells) < rows]
    twice = [f"{c.name} stands twice for some" for c in named if len(c.cells) == rows and not c.personal]
    text = "no column names each person once" + "".join(f"; {t}" for t in (half + twice)[:3])
    return Key(
        {file: (ROW,)},
        Reason("likely", f"{text}: a row of the file is taken for a person"),
        questions=(f"{file}: is each row another person? No column shows it, so the row itself is the key (`{ROW}`).",),
    )


def _across(files: Mapping[str, Sequence[Column]], parts: Sequence[Part]) -> Key:
    """The key that is found in every part, one column or two together."""
    first = max(parts, key=lambda part: _size(part, files[part.file]))
    others = [part for part in parts if part is not first]
    tried: list[str] = []
    best: tuple[float, dict[str, tuple[str, ...]], float] | None = None
    for combined in (False, True):
        for columns in _candidates(first, files[first.file], combined):
            chosen = {first.file: columns}
            shares = []
            for other in others:
                there = [chosen[other.file]] if other.file in chosen else _partners(columns, first, other, files)
                rated = [(_overlap(first, columns, other, names, files), names) for names in there]
                share, names = max(rated, default=(0.0, ()), key=lambda pair: pair[0])
                shares.append(share)
                chosen[other.file] = names
            share = min(shares, default=0.0)
            if share < OVERLAP:
                if max(map(key_name, columns)) and share > 0:
                    tried.append(f"{_said(columns)} is found again for {share:.0%} only")
                continue
            if len(chosen) > 1 and any(key_name(c) == 1 for c in columns):
                tried.append(f"{_said(columns)} is made anew by the platform for each response")
                continue
            if len(chosen) > 1 and not combined and all(c and _counts_rows(c[0]) for c in chosen.values()):
                tried.append(f"{_said(columns)} only counts the rows of each file: 1, 2, 3 ... in order")
                continue
            personal = [c.name for c in columns if c.personal]
            if personal:
                tried.append(f"{personal[0]} would pair {share:.0%}, but it is personal data")
                continue
            rating = share + 0.2 * max(map(key_name, columns)) - 0.3 * combined
            if best is None or rating > best[0]:
                best = rating, {f: tuple(map(_title, n)) for f, n in chosen.items()}, share
        if best is not None:
            break
    if best is None:
        return _nobody(tried)
    _, by_file, share = best
    named = any(key_name(_column(files[f], name)) for f, names in by_file.items() for name in names)
    sure = Reason("certain" if named and share >= 0.8 else "likely" if named or share >= 0.8 else "a guess", "")
    return Key(by_file, sure, questions=tuple(_about_rows(tried)))


def _nobody(tried: list[str]) -> Key:
    text = "; ".join(dict.fromkeys(tried)) or "no column holds the same codes in each wave"
    question = (
        f"Who answered cannot be told from one wave to the next ({text}), so the waves are compared as independent "
        "groups."
    )
    if "personal data" in text:
        question += " To pair them, replace that column by a code that names nobody, in a file of your own making."
    if "counts the rows" in text:
        question += " Where those numbers do stand for persons, name them as `key` and take `pairing: none` out."
    return Key({}, Reason("likely", text), questions=(question,))


def _about_rows(tried: list[str]) -> list[str]:
    return [f"Not taken as the key: {text}." for text in dict.fromkeys(tried) if "personal" in text]


def _candidates(part: Part, columns: Sequence[Column], combined: bool) -> list[tuple[Column, ...]]:
    """Columns that tell the rows of a part apart: alone, or a number that starts anew with each site."""
    usable = [c for c in columns if _may_be_key(c, part, columns)]
    if not combined:
        return [(c,) for c in usable if _distinct(part, (c,), columns) >= UNIQUE]
    numbers = [c for c in usable if key_name(c) and _distinct(part, (c,), columns) < UNIQUE and not c.personal]
    sites = [c for c in columns if c not in numbers and 2 <= len(c.counts) <= max(2, c.rows // 3) and not c.personal]
    sites = [c for c in sites if c.are_words or SITES.fullmatch(c.name.casefold()) or c in usable]
    return [(site, number) for number in numbers for site in sites if _distinct(part, (site, number), columns) >= 0.97]


def _may_be_key(column: Column, part: Part, columns: Sequence[Column]) -> bool:
    if not len(column.cells) or column.is_time or (column.is_number and not column.is_whole):
        return False
    if column in part.columns.values() and not key_name(column) and column.are_answers:
        return False
    filled = len(_inside(part, column.cells, columns))
    return filled >= 0.5 * _size(part, columns) and column.cells.str.len().median() <= LONGEST_KEY


def _partners(
    columns: tuple[Column, ...], first: Part, other: Part, files: Mapping[str, Sequence[Column]]
) -> list[tuple[Column, ...]]:
    """What may hold the same key in another file: columns of the same names, or one that tells rows apart there."""
    there = {bare(c.name): c for c in files[other.file]}
    same = tuple(there[bare(c.name)] for c in columns if bare(c.name) in there)
    if len(same) == len(columns):
        return [same]
    return _candidates(other, files[other.file], combined=False) if len(columns) == 1 else []


def _joined(files: Mapping[str, Sequence[Column]], parts: Sequence[Part], key: Key) -> Key:
    """The key with its proof, and with the other files in which it is found."""
    chosen = {file: tuple(_column(files[file], name) for name in names) for file, names in key.columns.items()}
    known = {part.file for part in parts}
    everyone: set[str] = set()
    proof: list[str] = []
    repeats: dict[str, str] = {}
    sets: list[tuple[str, set[str]]] = []
    for part in parts:
        cells = _persons(part, chosen[part.file], files[part.file])
        everyone |= set(cells)
        sets.append((part.token or part.file, set(cells)))
        blank = _size(part, files[part.file]) - len(cells)
        if blank:
            proof.append(f"{blank} rows of {sets[-1][0]} have none")
        _note_repeats(cells, part.file, repeats)
    if len({part.file for part in parts}) > 1 or any(part.rows for part in parts):
        for (one, before), (two, after) in pairwise(sets):
            proof.insert(0, f"{len(after & before)} of the {len(after)} keys of {two} are in {one}")
    by_file = dict(key.columns)
    for file, columns in files.items():
        if file in known or not columns:
            continue
        part = Part(file, {}, "", None, {})
        names = tuple(_title(c) for c in next(iter(chosen.values())))
        there = {bare(c.name): c for c in columns}
        same = tuple(there[bare(name)] for name in names if bare(name) in there)
        options = [same] if len(same) == len(names) else []
        options += _candidates(part, columns, combined=False) if len(names) == 1 else []
        for option in options:
            cells = _persons(part, option, columns)
            there_too = set(cells)
            if (
                there_too
                and len(there_too & everyone) >= OVERLAP * len(there_too)
                and not any(c.personal for c in option)
            ):
                by_file[file] = tuple(c.name for c in option)
                proof.append(f"{len(there_too & everyone)} of the {len(there_too)} keys of {file} answered in a wave")
                _note_repeats(cells, file, repeats)
                break
    trial = sorted(person for person in everyone if TRIAL.fullmatch(person))
    questions = key.questions
    if trial:
        questions += (f"{', '.join(trial)}: a trial entry? Then name it under `exclude`, with the reason.",)
    alone = key.why.why or "one column" * (len(names_of(key)) == 1) or "two columns together tell persons apart"
    text = "; ".join([*(part for part in [alone] if part != "one column"), *proof])
    return Key(by_file, Reason(key.why.sure, text), repeats, questions)


def names_of(key: Key) -> tuple[str, ...]:
    """The columns of the key in the first file."""
    return next(iter(key.columns.values()), ())


def _persons(part: Part, columns: Sequence[Column], all_columns: Sequence[Column]) -> pd.Series[str]:
    """The key of each row of a part that has one, folded as the cleaning folds it."""
    frame = pd.DataFrame({place: column.cells for place, column in enumerate(columns)}).dropna()
    frame = frame.loc[_inside(part, frame[0], all_columns).index]
    joined = frame[0]
    for place in range(1, len(columns)):
        joined = joined + " / " + frame[place]
    return joined.str.upper().str.split().str.join(" ")


def _inside(part: Part, cells: pd.Series[str], columns: Sequence[Column]) -> pd.Series[str]:
    """Those of a column's cells that stand in the rows of the part."""
    for name, chosen in part.rows.items():
        wave = _column(columns, name).cells
        cells = cells[cells.index.isin(wave.index[wave == chosen])]
    return cells


def _size(part: Part, columns: Sequence[Column]) -> int:
    """How many rows a part has."""
    for name, chosen in part.rows.items():
        return int((_column(columns, name).cells == chosen).sum())
    return columns[0].rows if columns else 0


def _distinct(part: Part, columns: Sequence[Column], all_columns: Sequence[Column]) -> float:
    cells = _persons(part, columns, all_columns)
    return cells.nunique() / len(cells) if len(cells) else 0.0


def _overlap(
    one: Part, first: Sequence[Column], two: Part, second: Sequence[Column], files: Mapping[str, Sequence[Column]]
) -> float:
    """The share of the smaller wave's persons who are in the other one."""
    a = set(_persons(one, first, files[one.file]))
    b = set(_persons(two, second, files[two.file])) if second else set()
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _counts_rows(column: Column) -> bool:
    """Whether the cells are 1, 2, 3 ... in the order of the rows."""
    if not column.is_whole or len(column.numbers) < 3:
        return False
    return bool((np.diff(column.numbers.to_numpy()) == 1).all()) and column.numbers.iloc[0] in (0, 1, 2)


def key_name(column: Column) -> int:
    """How much a name says that this is a key: 2 yes, 1 an id that the survey platform made, 0 nothing."""
    name = column.name.strip()
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold()
    if COMES_FROM_PLATFORM.fullmatch(spaced):
        return 1
    return (
        2
        if NAMES.fullmatch(spaced)
        or (column.label and len(column.label) < 60 and NAMES.fullmatch(column.label.casefold()))
        else 0
    )


def _column(columns: Sequence[Column], name: str) -> Column:
    return next(column for column in columns if column.name == name)


def _title(column: Column) -> str:
    return column.name


def _said(columns: Sequence[Column]) -> str:
    return " with ".join(column.name for column in columns)


def _note_repeats(cells: pd.Series[str], file: str, repeats: dict[str, str]) -> None:
    twice = cells[cells.duplicated(keep=False)]
    if len(twice) and file not in repeats:
        who = "1 person stands" if twice.nunique() == 1 else f"{twice.nunique()} persons stand"
        repeats[file] = f"{who} in {file} more than once (rows {_listed(twice)})"


def _listed(cells: pd.Series[str]) -> str:
    rows = [str(row) for row in cells.index[:6]]
    return ", ".join(rows) + " ..." * (len(cells) > 6)
