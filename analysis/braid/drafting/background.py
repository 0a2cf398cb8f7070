"""What is known about the persons: groups and numbers, by what columns are called and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from braid.drafting.columns import Column, as_cell, bare, folded, identifier
from braid.drafting.draft import Reason
from braid.drafting.grades import in_order
from braid.drafting.keys import key_name
from braid.drafting.spelling import almost
from braid.drafting.words import any_of
from braid.study import Characteristic
from braid.study.cohort import CharacteristicColumn

KINDS = {kind: re.compile(rf"(?:.*[^a-z])?({any_of('about', kind)})(?:[^a-z].*)?") for kind in ("numbers", "groups")}
"""What columns about persons are called: a number, or a group."""
ASKS = re.compile(r"(?:what|which|in which|in what|how old|welche\w*|wie|quel\w*|cuál|cual|qual|in quale|ποι\w*)\b")
"""How a question on the person begins."""
YEARS = (1900, 2100)
MOST_LEVELS = 12
MOST_CODES = 9
SHOWN = 6
"""Cells that are listed in a question."""


@dataclass(frozen=True)
class Known:
    """A characteristic found in a column. levels, values: of a group; questions: what only a person can say."""

    name: str
    column: Column
    type: Literal["group", "number"]
    why: Reason
    label: str = ""
    levels: dict[str, str] = field(default_factory=dict)
    values: dict[str | int, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def is_background(column: Column) -> bool:
    """Whether a column is called like something that is known about a person."""
    return any(_called(column, pattern) for pattern in KINDS.values())


def _called(column: Column, pattern: re.Pattern[str]) -> str:
    """The word that the name or the label asks for, and for nothing else: `I like my group` asks for none."""
    for text in (column.name, column.label):
        spaced = re.sub(r"[\W_]+", " ", folded(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))).strip()
        short = len(spaced.split()) <= (2 if " " in text.strip() else 4)
        found = pattern.fullmatch(spaced)
        if found and (short or ASKS.match(spaced) or found[1] == spaced):
            return found[1]
    return ""


def new_characteristics(columns: Sequence[Column], keys: set[str], first_item: float) -> list[Known]:
    """Characteristics among columns that are neither items nor keys.

    first_item: the place of the file's first item. A column after it that is not called like something about persons
    is another answer, such as on the pace of a course.
    """
    found: list[Known] = []
    for column in columns:
        if column.personal or column.is_time or column.name in keys:
            continue
        if not is_background(column) and (
            column.place > first_item or key_name(column) or in_order(list(column.counts))
        ):
            continue
        one = _new(column, [known.name for known in found])
        found += [one] if one is not None else []
    return found


def _new(column: Column, taken: list[str]) -> Known | None:
    label = column.label or re.sub(r"[_.]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column.name)).strip()
    label = label[:1].upper() + label[1:]
    called_number, called_group = (_called(column, pattern) for pattern in KINDS.values())
    otherwise = f"about{len(taken) + 1}"
    short = identifier(_short(column.name), otherwise, taken)
    asked = "age" if called_number.startswith(("how old", "your age")) else called_number or called_group
    name = (
        identifier(asked, otherwise, taken) if re.fullmatch(r"[A-Za-z]{0,3}[\d_]+|about\d+", short) and asked else short
    )
    if column.is_number and called_number and len(column.counts) > 2:
        low, high = float(column.numbers.min()), float(column.numbers.max())
        years = YEARS[0] <= low and high <= YEARS[1]
        what = "years of birth or of something else, not an age" if years else "their unit is not known"
        question = (
            f"in what unit is {column.name} ({low:g} to {high:g}; {what})? Then set `unit`, `minimum` and `maximum` in "
            "study.yml."
        )
        return Known(
            name,
            column,
            "number",
            Reason("likely", f"numbers from {low:g} to {high:g}; {what}"),
            label,
            questions=(question, *_no_numbers(column, column.stray)),
        )
    few = 2 <= len(column.counts) <= MOST_LEVELS
    if not few:
        return None
    if column.meanings and set(column.counts) <= set(column.meanings):
        words = [column.meanings[cell] for cell in column.meanings if cell in column.counts]
        levels = _levels(words)
        values = {
            as_cell(cell): levels_name
            for cell, levels_name in zip([c for c in column.meanings if c in column.counts], levels, strict=True)
        }
        return Known(
            name, column, "group", Reason("likely", "codes with their labels in the file"), label, levels, values
        )
    if column.is_whole and not column.stray and called_group and len(column.counts) <= MOST_CODES:
        cells = sorted(column.counts, key=float)
        levels = {f"code{bare(cell)}": f"TODO: what {cell} means" for cell in cells}
        values = {as_cell(cell): level for cell, level in zip(cells, levels, strict=True)}
        question = f"what do the codes {', '.join(cells)} in {column.name} mean?"
        why = Reason("likely", f"{len(cells)} codes without labels, in a column called like a group")
        return Known(name, column, "group", why, label, levels, values, questions=(question,))
    if column.are_words and all(len(cell) <= 40 for cell in column.counts):
        seen: dict[str, str] = {}
        for cell in sorted(column.counts):
            seen.setdefault(folded(cell), cell)
        if len(seen) < 2:
            return None
        levels = _levels(list(seen.values()))
        why = Reason("likely" if called_group else "a guess", f"{len(seen)} different words")
        return Known(name, column, "group", why, label, levels)
    return None


def _short(name: str) -> str:
    bracketed = re.split(r"[?:\[(]", name, maxsplit=1)[0]
    return re.sub(r"(?i)^(?:pre|post|before|after|baseline|t\d)[\W_]+", "", bracketed.strip()) or name


def _levels(words: Sequence[str]) -> dict[str, str]:
    levels: dict[str, str] = {}
    for number, word in enumerate(words, start=1):
        levels[identifier(word.lower() if word.isascii() else word, f"level{number}", levels)] = word
    return levels


SAME = (
    frozenset({"sex", "gender", "geschlecht", "sexo", "sexe", "género", "φύλο", "جنس", "性别", "性別"}),
    frozenset({"age", "alter", "edad", "âge", "عمر", "年龄", "年齢", "ηλικία"}),
)


def known_characteristics(
    columns: Sequence[Column],
    characteristics: Mapping[str, Characteristic],
    like: Mapping[str, CharacteristicColumn],
    keys: set[str],
) -> list[Known]:
    """The study's characteristics in the columns of a file. like: the column by characteristic in a like cohort."""
    found = []
    free = [column for column in columns if not column.personal and column.name not in keys]
    for name, spec in characteristics.items():
        match = _match(name, spec, free, like)
        if match is not None:
            free.remove(match[0])
            found.append(_known(name, spec, *match, like.get(name)))
    return found


def _match(
    name: str, spec: Characteristic, columns: Sequence[Column], like: Mapping[str, CharacteristicColumn]
) -> tuple[Column, Reason] | None:
    for column in columns:
        if name in like and column.name == like[name].column:
            return column, Reason("certain", "as in the cohort it was made like")
    wanted = {bare(name), bare(spec.label)}
    for column in columns:
        if bare(column.name) in wanted or (column.label and bare(column.label) in wanted):
            return column, Reason("certain", "the column is called so")
    for column in columns:
        words = {bare(word) for word in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", column.name)}
        if wanted & words:
            return column, Reason("likely", f"the name of the column, {column.name}, holds the word")
    for same in SAME:
        if wanted & same:
            for column in columns:
                if {bare(word) for word in re.split(r"[\W_]+", column.name)} & same:
                    return column, Reason("likely", f"{column.name} may mean the same")
    return None


def _known(name: str, spec: Characteristic, column: Column, why: Reason, like: CharacteristicColumn | None) -> Known:
    if spec.type == "number":
        wrong = column.stray or ([] if column.is_number else list(column.counts))
        questions = _no_numbers(column, wrong)
        return Known(name, column, "number", why, questions=questions)
    known = {folded(level): level for level in spec.levels} | {
        folded(text): level for level, text in spec.levels.items()
    }
    numbered = {re.sub(r"\D", "", level): level for level in spec.levels if re.search(r"\d", level)}
    values: dict[str | int, str] = {}
    unmatched = []
    usual = {folded(str(cell)): level for cell, level in (like.values if like else {}).items()}
    for cell in sorted(column.counts):
        if usual.get(folded(cell)) in spec.levels:
            values[as_cell(cell)] = usual[folded(cell)]
            continue
        meaning = column.meanings.get(cell, "")
        if folded(cell) in known:
            continue
        if folded(meaning) in known:
            values[as_cell(cell)] = known[folded(meaning)]
            continue
        if len(numbered) == len(spec.levels) and cell in numbered:
            values[as_cell(cell)] = numbered[cell]
            continue
        starts = {level for text, level in known.items() if text.startswith(folded(cell)) and cell.isalpha()}
        close = almost(folded(cell), known)
        if len(starts) == 1:
            values[as_cell(cell)] = starts.pop()
        elif close is not None:
            values[as_cell(cell)] = known[close]
        else:
            unmatched.append(cell)
    questions = ()
    if unmatched:
        questions = (
            f"what do {', '.join(map(repr, unmatched[:8]))} in {column.name} mean? The "
            f"study knows {', '.join(spec.levels)}.",
        )
    return Known(name, column, "group", why, values=values, unmatched=tuple(unmatched), questions=questions)


def _no_numbers(column: Column, wrong: Sequence[str]) -> tuple[str, ...]:
    """The question on cells of a column of numbers that are none."""
    return (f"{', '.join(map(repr, wrong[:SHOWN]))} in {column.name} are no numbers: what do they mean?",) * bool(wrong)
