"""Items into scales, where no study says so: columns of one name stem, answered in the same way."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from braid.drafting.answers import Answers, answers_of
from braid.drafting.background import is_background
from braid.drafting.columns import Column, folded, identifier, shared_beginning, shared_end
from braid.drafting.draft import Reason
from braid.drafting.keys import key_name
from braid.drafting.moments import moment

FEWEST = 3
"""Columns side by side, without a common name, that may be a scale."""
LONGEST_WORD = 60
MOST = 1000
"""The highest number that may still be a score."""
STEM = re.compile(r"^(.*?\D)?[\W_]*(\d+)[\W_]*[A-Za-z]?[\W_]*$")
GRID = re.compile(r"^(?P<stem>.+?)\s*[\[(](?P<item>[^\])]+)[\])]\s*$")


@dataclass(frozen=True)
class Block:
    """Items that may be a scale. items: by their name for study.yml, what they share over the waves."""

    name: str
    label: str
    items: dict[str, str]
    labels: dict[str, str]
    answers: Answers
    why: Reason
    total: bool = False


def may_be_item(column: Column) -> bool:
    """Whether a column may be an item answered on a scale."""
    if column.personal or is_background(column) or column.is_time:
        return False
    if column.are_answers:
        return True
    return column.are_words and len(column.counts) > 2 and all(len(cell) <= LONGEST_WORD for cell in column.counts)


def blocks_of(
    columns: Mapping[str, Sequence[Column]], names: Mapping[str, str], taken: set[str]
) -> tuple[list[Block], list[str]]:
    """The blocks among columns that stand at every wave, and the bases of items that belong to none.

    columns: by base, the column of each wave. names: by base, what the column is called without what tells the waves
    apart. taken: names that are in use; new ones are added.
    """
    items = {base: there for base, there in columns.items() if all(may_be_item(c) or not c.counts for c in there)}
    items = {base: there for base, there in items.items() if any(c.counts for c in there)}
    by_stem: dict[tuple[str, str], list[str]] = {}
    for base, there in items.items():
        stem = _stem(names[base])
        if stem:
            by_stem.setdefault((stem, _kind(there)), []).append(base)
    groups: list[tuple[str, list[str]]] = []
    used: set[str] = set()
    for (stem, _), bases in by_stem.items():
        for same in _alike(bases, items):
            if len(same) > 1:
                groups.append((stem, same))
                used |= set(same)
    groups += [("", run) for run in _runs([base for base in items if base not in used], items)]
    used |= {base for _, run in groups for base in run}
    groups.sort(key=lambda group: min(items[base][0].place for base in group[1]))
    found = [block_of(stem, {base: items[base] for base in bases}, names, taken) for stem, bases in groups]
    return found, [base for base in items if base not in used]


def totals_of(columns: Mapping[str, Sequence[Column]], names: Mapping[str, str], taken: set[str]) -> list[Block]:
    """Numbers asked at every wave that may be scores: a scale of one item each."""
    found = []
    for base, there in columns.items():
        if not all(c.is_whole and not is_background(c) and not c.personal and not c.is_time for c in there):
            continue
        low, high = min(c.range[0] for c in there), max(c.range[1] for c in there)
        if low < 0 or high <= 10 or high > MOST or low == high or any(key_name(c) for c in there):
            continue
        label = names[base]
        name = identifier(label, f"s{number_of(taken)}", taken)
        taken.add(name)
        item = identifier(f"{name}_total", "total", taken)
        taken.add(item)
        responses = {
            0 if low < high / 3 else low: "TODO: the lowest score there can be",
            high: "TODO: the highest score there can be",
        }
        why = Reason(
            "likely",
            f"whole numbers from {low} to {high} at every wave: added up already, so each is a scale of one item",
        )
        question = (
            f"which scores can there be? The files hold {low} to {high}; a higher score would count as out of range."
        )
        answers = Answers(responses, why, (question,))
        found.append(Block(name, label, {item: base}, {item: f"{label}, total score"}, answers, why, total=True))
    return found


def _stem(name: str) -> str:
    """What items of one block share in their names: the text before the last number, or before the brackets."""
    if grid := GRID.match(name):
        return grid["stem"]
    if match := STEM.match(name):
        return (match[1] or "").rstrip(" ._-:/") or "item"
    return name.rsplit("/", 1)[0] if "/" in name else ""


def _kind(there: Sequence[Column]) -> str:
    first = next(c for c in there if c.counts)
    if first.meanings:
        return "codes:" + "|".join(f"{k}={folded(v)}" for k, v in sorted(first.meanings.items()))
    return "numbers" if first.is_number else "words"


def _alike(bases: Sequence[str], items: Mapping[str, Sequence[Column]]) -> list[list[str]]:
    """Bases of one stem, parted where they are answered in another way."""
    if items[bases[0]][0].is_number:
        highs = Counter(_high(items[base]) for base in bases)
        usual = max(highs, key=lambda high: (highs[high], high))
        near = [base for base in bases if usual - 2 <= _high(items[base]) <= usual]
        far = [base for base in bases if base not in near]
        return [near, *(_alike(far, items) if far else [])]
    groups: list[tuple[set[str], list[str]]] = []
    for base in bases:
        words = {folded(cell) for c in items[base] for cell in c.counts}
        for known, there in groups:
            if len(words & known) >= 0.5 * min(len(words), len(known)):
                known |= words
                there.append(base)
                break
        else:
            groups.append((words, [base]))
    return [there for _, there in groups]


def _high(there: Sequence[Column]) -> int:
    return max(c.range[1] for c in there if c.counts)


def _runs(bases: Sequence[str], items: Mapping[str, Sequence[Column]]) -> list[list[str]]:
    """Bases side by side that are answered in the same way."""
    runs: list[list[str]] = []
    for base in bases:
        last = runs[-1][-1] if runs else None
        beside = last is not None and items[base][0].place - items[last][0].place <= 2
        if (
            last is not None
            and beside
            and _kind(items[last]) == _kind(items[base])
            and len(_alike([*runs[-1], base], items)) == 1
        ):
            runs[-1].append(base)
        else:
            runs.append([base])
    return [run for run in runs if len(run) >= FEWEST]


def block_of(stem: str, there: Mapping[str, Sequence[Column]], names: Mapping[str, str], taken: set[str]) -> Block:
    """One block of the columns of each base. stem: what their names share; it may be empty. taken: names in use."""
    columns = [column for some in there.values() for column in some]
    called = [names[base] for base in there]
    label = stem or (_shared(called) if len(called) > 1 else called[0])
    label = label if len(label) > 2 or stem else f"{called[0]} to {called[-1]}"
    name = identifier(label or "?", f"s{number_of(taken)}", taken)
    taken.add(name)
    items, labels = {}, {}
    for number, ((base, some), short) in enumerate(zip(there.items(), called, strict=True), start=1):
        inside = GRID.match(short)
        item = identifier(short, f"{name}_q{number}" if not inside else f"{name}_{number}", taken)
        taken.add(item)
        items[item] = base
        asked = some[0].label or (inside["item"] if inside else "")
        labels[item] = asked or (short if " " in short.strip() else f"TODO: wording of {item}")
    answers = answers_of(columns)
    if stem:
        why = Reason("likely", f"{len(there)} columns called {stem} with a number, answered in the same way")
        if any(GRID.match(name) for name in called):
            why = Reason("likely", f"{len(there)} columns of one question, answered in the same way")
    else:
        why = Reason("a guess", f"{len(there)} columns side by side ({label}), answered in the same way")
    return Block(name, label or name, items, labels, answers, why)


def _shared(names: Sequence[str]) -> str:
    """The beginning that names share, or their end without words that say when."""
    start = shared_beginning(names)
    if any(name[len(start) : len(start) + 1].islower() for name in names) and start[-1:].isalnum():
        start = re.sub(r"([A-Z][a-z]*|[^\W_]+)$", "", start)
    end = shared_end(names)
    if end[:1].islower() and any(len(name) > len(end) for name in names):
        end = re.sub(r"^[a-z]+", "", end)
    words = re.findall(r"[A-Z]?[^\WA-Z_]+|[A-Z]+|[\W_]+", end)
    end = "".join(word for word in words if moment(word) is None)
    return re.sub(r"^[\W_]+|[\W_]+$", "", start) or re.sub(r"^[\W_]+|[\W_]+$", "", end)


def number_of(taken: set[str]) -> int:
    """The number of the next scale without a name of its own."""
    return 1 + sum(re.fullmatch(r"s\d+", name) is not None for name in taken)
