"""Item columns as cohort.yml says them: one pattern for all that follow it, and a rename for each that does not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from braid.drafting.columns import Column, folded
from braid.intake.reading import Sure
from braid.study import WaveFile

ENOUGH = 0.5
"""Share of an instrument's items that a file must hold before it counts as found."""
ENOUGH_NUMBERS = 0.8
CLOSE = 0.9


@dataclass(frozen=True)
class Match:
    """An instrument's items in a file, at one wave.

    marks: what stands in the names beside the item. how, sure: how they were found.
    """

    columns: dict[str, Column]
    marks: str
    how: str
    sure: Sure

    @property
    def place(self) -> int:
        return min(column.place for column in self.columns.values())


def compressed(columns: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The pattern of item columns, and the items that do not follow it. columns: names of columns by item."""
    counts: Counter[str] = Counter()
    for item, column in columns.items():
        counts.update(dict.fromkeys(_patterns(item, column), 1))
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], "{item}" not in pair[0], len(pair[0])))
    pattern = ranked[0][0] if ranked and (ranked[0][1] > 1 or len(columns) == 1) else "{item}"
    file = WaveFile(file="x", columns=pattern)
    return pattern, {item: column for item, column in columns.items() if file.column(item) != column}


def _patterns(item: str, column: str) -> set[str]:
    """Every pattern by which an item's name leads to a column."""
    if "{" in column or "}" in column:
        return set()
    found = {column[: m.start()] + "{item}" + column[m.end() :] for m in re.finditer(re.escape(item), column)}
    digits = item[len(item.rstrip("0123456789")) :]
    if digits:
        number = digits.lstrip("0") or digits[-1:]
        for mark in re.finditer(r"\d+", column):
            padded = mark[0] == digits and digits != number
            word = "{digits}" if padded else "{number}" if mark[0] == number else ""
            if word:
                found.add(column[: mark.start()] + word + column[mark.end() :])
    return found


def matches(columns: Sequence[Column], items: Mapping[str, str], usual: Sequence[WaveFile] = ()) -> list[Match]:
    """Where an instrument stands in a file: once for each wave, in the order of the columns.

    items: the wording by the name. usual: how the columns of a like cohort are called, which is looked for first;
    then the names of the items, their wording, and their numbers.
    """
    asked = [column for column in columns if not column.personal]
    by_name = {column.name: column for column in asked}
    around = {
        (file.column("{}"), ""): {i: by_name[file.column(i)] for i in items if file.column(i) in by_name}
        for file in usual
    }
    found = _best(around, items, "the columns are called as in the cohort it was made like", "certain", CLOSE)
    if found:
        return sorted(found, key=lambda match: match.place)
    for way in (_by_name, _by_wording, _by_number):
        found = way(asked, items)
        if found:
            return sorted(found, key=lambda match: match.place)
    return []


def _by_name(columns: Sequence[Column], items: Mapping[str, str]) -> list[Match]:
    around: dict[tuple[str, str], dict[str, Column]] = defaultdict(dict)
    for column in columns:
        name = column.name.casefold()
        for item in items:
            for mark in re.finditer(re.escape(item.casefold()), name):
                if item[-1].isdigit() and name[mark.end() : mark.end() + 1].isdigit():
                    continue
                around[name[: mark.start()], name[mark.end() :]].setdefault(item, column)
    return _best(around, items, "column names are the study's names of the items", "certain", ENOUGH)


def _by_number(columns: Sequence[Column], items: Mapping[str, str]) -> list[Match]:
    numbers: dict[int, str] = {}
    for item in items:
        digits = item[len(item.rstrip("0123456789")) :]
        if digits:
            numbers.setdefault(int(digits), item)
    if len(numbers) < max(2, len(items)):
        return []
    around: dict[tuple[str, str], dict[str, Column]] = defaultdict(dict)
    others: Counter[tuple[str, str]] = Counter()
    for column in columns:
        for mark in re.finditer(r"\d+", column.name):
            beside = column.name[: mark.start()].casefold(), column.name[mark.end() :].casefold()
            known = numbers.get(int(mark[0]))
            if known is None or not (column.are_answers or column.are_words or not column.counts):
                others[beside] += 1
            else:
                around[beside].setdefault(known, column)
    fitting = {beside: found for beside, found in around.items() if others[beside] <= 0.2 * len(items)}
    why = "the numbers in the column names are those of the items; nothing else shows that they are the same items"
    return _best(fitting, items, why, "likely", ENOUGH_NUMBERS)


def _by_wording(columns: Sequence[Column], items: Mapping[str, str]) -> list[Match]:
    """By the question that a column asks; where it stands several times, the columns follow the waves."""
    texts = {column: _questions(column) for column in columns}
    rounds: dict[tuple[str, str], dict[str, Column]] = defaultdict(dict)
    for item, wording in items.items():
        wanted = folded(wording)
        same = [column for column, found in texts.items() if wanted in found]
        same = same or [c for c, found in texts.items() if any(_close(wanted, text) for text in found)]
        for number, column in enumerate(same):
            rounds[str(number), ""][item] = column
    found = _best(rounds, items, "the questions are worded as in the study", "certain", ENOUGH)
    return [replace(match, marks=next(iter(match.columns.values())).name) for match in found]


def _questions(column: Column) -> set[str]:
    """What a column may be asking: its label or name, whole, inside of brackets, and beside a dash."""
    texts = {column.name, column.label}
    for text in list(texts):
        texts |= set(re.findall(r"\[([^\]]+)\]", text)) | set(re.split(r"\s[-–—:]\s", text))
    return {folded(text).rstrip(".?! ") for text in texts} | {folded(text) for text in texts}


def _close(one: str, two: str) -> bool:
    if min(len(one), len(two)) < 12 or abs(len(one) - len(two)) > 0.2 * len(one):
        return False
    matcher = SequenceMatcher(None, one, two)
    return matcher.quick_ratio() >= CLOSE and matcher.ratio() >= CLOSE


def _best(
    around: Mapping[tuple[str, str], dict[str, Column]], items: Mapping[str, str], why: str, sure: Sure, enough: float
) -> list[Match]:
    """The largest matches that do not share a column."""
    used: set[Column] = set()
    found: list[Match] = []
    for (before, after), columns in sorted(around.items(), key=lambda pair: -len(pair[1])):
        if len(columns) < enough * len(items) or used & set(columns.values()):
            continue
        used |= set(columns.values())
        in_order = {item: columns[item] for item in items if item in columns}
        found.append(Match(in_order, f"{before} {after}".strip(), why, sure))
    return found
