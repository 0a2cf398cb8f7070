"""How the waves of one file are told apart: a word or a digit in the columns' names, or a column of its own."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from braid.drafting.columns import Column, bare, folded
from braid.drafting.draft import Reason
from braid.drafting.moments import TOKEN, Moment, moment

WAVE_COLUMNS = re.compile(
    r"(?:redcap_?)?event(?:_?name)?|wave|time|time_?point|occasion|visit|session|phase|measurement|assessment|when"
    r"|period|survey|round|zeitpunkt|messzeitpunkt|welle|momento|temps|ola|測定時点|時点|时间点|测量时间|الوقت|χρόνος|وقت",
    re.IGNORECASE,
)
MOST_WAVES = 8
FEWEST_ITEMS = 3
ENOUGH = 8
"""Rows with both answers that a comparison of two columns needs."""


@dataclass(frozen=True)
class Split:
    """A file parted into waves.

    tokens: what tells the waves apart, in order of time. columns: by token, the columns by what they share over the
    waves. rows: by token, the cells that choose the rows (a long file). names: what each shared thing is called
    without what tells the waves apart. why: how sure this is.
    """

    tokens: tuple[str, ...]
    moments: tuple[Moment | None, ...]
    columns: dict[str, dict[str, Column]]
    rows: dict[str, dict[str, str]]
    names: dict[str, str]
    why: Reason


def split(columns: Sequence[Column]) -> tuple[Split | None, list[str]]:
    """The waves inside of one file, or None where it holds one; and questions that only a person can answer."""
    asked = [column for column in columns if not column.personal]
    found = _by_words(asked) or by_rows(asked)
    if found is not None:
        return found, []
    return _by_number(asked)


def _by_words(columns: Sequence[Column]) -> Split | None:
    """Waves by a word in the names: `Pre.A3` and `Post.A3`, `T1_q3`, `scq01_after` beside `scq01`, `Stress - after`."""
    stems: dict[str, dict[str, Column]] = defaultdict(dict)
    plain = {bare(column.name): column for column in columns}
    spelled: dict[str, str] = {}
    names: dict[str, str] = {}
    for column in columns:
        for before, token, after in _tokens(column.name):
            when = moment(token)
            if when is None or not bare(before) + bare(after):
                continue
            stem, key = f"{bare(before)}|{bare(after)}", bare(token)
            spelled.setdefault(key, token)
            names.setdefault(stem, _joined(before, after))
            stems[stem].setdefault(key, column)
            unmarked = plain.get(bare(before) + bare(after))
            if when.rank > 0 and unmarked is not None and bare(before) + bare(after):
                stems[stem].setdefault("", unmarked)
    paired = {stem: found for stem, found in stems.items() if len(found) > 1 and _alike(list(found.values()))}
    counts = Counter(token for found in paired.values() for token in found)
    if not counts:
        return None
    most = max(counts.values())
    tokens = [token for token, count in counts.items() if count >= max(1, most / 5)]
    order = {token: moment(spelled[token]) if token else Moment(-1, "pre", "Before") for token in tokens}
    tokens.sort(key=lambda token: (order[token] or Moment(9, "", "")).rank)
    if len(tokens) < 2 or len(tokens) > MOST_WAVES or (most < 2 and not _are_scores(paired, tokens)):
        return None
    known = {column.name for found in paired.values() for column in found.values()}
    slots: dict[str, dict[str, Column]] = {token: {} for token in tokens}
    for stem, found in stems.items():
        for token, column in found.items():
            if token in slots and (stem in paired or (token and column.name not in known)):
                slots[token].setdefault(stem, column)
    words = [spelled.get(token, "unmarked") for token in tokens]
    text = f"{most} columns stand there once for each of {', '.join(repr(word) for word in words)}"
    return Split(
        tuple(words),
        tuple(order[token] for token in tokens),
        {word: slots[token] for word, token in zip(words, tokens, strict=True)},
        {},
        names,
        Reason("certain" if most >= FEWEST_ITEMS and "" not in tokens else "likely", text),
    )


def _joined(before: str, after: str) -> str:
    """What is left of a name when the words between are taken out, with one mark in their place."""
    start, end = re.sub(r"[\W_]+$", "", before), re.sub(r"^[\W_]+", "", after)
    cut = re.search(r"[\W_]+$", before) or re.match(r"[\W_]+", after)
    return start + (cut[0] if start and end and cut else "") + end


def _tokens(name: str) -> list[tuple[str, str, str]]:
    """Places in a name that may say when: text before, the words, text after."""
    found = [(name[: match.start()], match[0], name[match.end() :]) for match in TOKEN.finditer(name)]
    for mark in re.finditer(r"\s+[-–—:|/]\s+|\s*[\[(]", name):
        head, tail = name[: mark.start()], name[mark.end() :].rstrip("]) ")
        found += [(head, tail, "")] * bool(tail and head) + [("", head, tail)] * bool(tail and head)
    return found


def _alike(columns: Sequence[Column]) -> bool:
    """Whether columns may be the same question: all of numbers, or all of words with some words in common."""
    filled = [column for column in columns if len(column.cells)]
    if len(filled) < 2:
        return True
    if all(column.is_number for column in filled):
        return True
    if any(column.is_number for column in filled):
        return False
    sets = [{folded(cell) for cell in column.counts} for column in filled]
    return all(one & sets[0] for one in sets[1:]) or any(len(one) > 50 for one in sets)


def _are_scores(paired: dict[str, dict[str, Column]], tokens: Sequence[str]) -> bool:
    """Whether a single group of columns is one number asked at each wave."""
    return any(len(found) == len(tokens) and all(c.is_number for c in found.values()) for found in paired.values())


def by_rows(columns: Sequence[Column]) -> Split | None:
    """Waves by a column of their own: every person has a row for each."""
    for column in columns:
        cells = [cell for cell in column.counts if cell]
        if not 2 <= len(cells) <= MOST_WAVES or len(column.cells) < 0.9 * column.rows:
            continue
        named = bool(WAVE_COLUMNS.fullmatch(column.name.strip()))
        counted = named and column.is_whole
        moments = {cell: moment(f"time {cell}" if counted else cell) for cell in cells}
        told = all(m is not None for m in moments.values())
        if not named and not told:
            continue
        person = _repeated_once_in_each(columns, column)
        if person is None and not (named and told):
            continue
        first = {cell: list(column.cells).index(cell) for cell in cells}
        ranks = {cell: m.rank if (m := moments[cell]) is not None and told else first[cell] for cell in cells}
        by_time = sorted(cells, key=lambda cell: ranks[cell])
        others = {bare(other.name): other for other in columns if other is not column}
        counts = ", ".join(f"{cell!r} ({column.counts[cell]} rows)" for cell in by_time)
        text = f"column {column.name!r} holds {counts}"
        text += f"; each {person.name} stands once in each" if person else ", but no column repeats the persons"
        text += "" if told else "; their order in time is taken from their order in the file"
        return Split(
            tuple(by_time),
            tuple(moments[cell] for cell in by_time),
            dict.fromkeys(by_time, others),
            {cell: {column.name: cell} for cell in by_time},
            {base: other.name for base, other in others.items()},
            Reason("certain" if person and told else "likely" if person else "a guess", text),
        )
    return None


def _repeated_once_in_each(columns: Sequence[Column], wave: Column) -> Column | None:
    """A column whose cells repeat in the file, but hardly ever within a wave."""
    for column in columns:
        if column is wave or len(column.cells) < 0.9 * column.rows or column.is_time:
            continue
        repeated = 1 - len(column.counts) / max(1, len(column.cells))
        both = pd.DataFrame({"key": column.cells, "wave": wave.cells}).dropna()
        if repeated > 0.25 and len(column.counts) >= 3 and both.duplicated().mean() < 0.05:
            return column
    return None


def _by_number(columns: Sequence[Column]) -> tuple[Split | None, list[str]]:
    """Waves by a digit (`A1_3`, `A2_3`) or by another question number (`Q7_3`, `Q31_3`)."""
    best: list[tuple[list[str], dict[str, dict[str, Column]]]] = []
    for place in range(3):
        rests: dict[str, dict[str, Column]] = defaultdict(dict)
        for column in columns:
            runs = list(re.finditer(r"\d+", column.name))
            if place < len(runs) and len(runs) > 1:
                run = runs[place]
                head = folded(column.name[: run.start()])
                rests[f"{head}\0{run[0]}"][folded(column.name[run.end() :])] = column
        groups: dict[tuple[str, frozenset[str]], list[str]] = defaultdict(list)
        for key, inside in rests.items():
            if len(inside) >= FEWEST_ITEMS:
                groups[key.split("\0")[0], frozenset(inside)].append(key)
        best += [(keys, {key: rests[key] for key in keys}) for keys in groups.values() if 2 <= len(keys) <= 6]
    return _proven(best)


def _proven(
    groups: list[tuple[list[str], dict[str, dict[str, Column]]]],
) -> tuple[Split | None, list[str]]:
    questions: list[str] = []
    slots: list[dict[str, Column]] = []
    called: dict[str, str] = {}
    told: list[tuple[str, Reason]] = []
    for keys, blocks in groups:
        ordered = [blocks[key] for key in keys]
        names = " and ".join(_span(block) for block in ordered)
        reason = _same_questions(ordered)
        if reason is None or (slots and len(slots) != len(keys)):
            if reason is None and all(_same_answers(ordered[0], other) for other in ordered[1:]):
                questions.append(
                    f"{names} have the same numbers and answers: are they the same questions, asked again? Nothing in "
                    "the file shows it, so they were taken for different ones."
                )
            continue
        slots = slots or [{} for _ in keys]
        head = keys[0].split("\0")[0]
        for slot, block in zip(slots, ordered, strict=True):
            slot.update({f"{head}|{rest}": column for rest, column in block.items()})
            for rest, column in block.items():
                called.setdefault(f"{head}|{rest}", column.name[: len(head)] + column.name[-len(rest) :])
        told.append((names, reason))
    if not slots:
        return None, questions
    tokens = tuple(_span(slot) for slot in slots)
    weakest = max((reason.sure for _, reason in told), key=("certain", "likely", "a guess").index)
    text = "; ".join(f"{names}: {reason.why}" for names, reason in told)
    columns = dict(zip(tokens, slots, strict=True))
    return Split(tokens, (None,) * len(tokens), columns, {}, called, Reason(weakest, text)), questions


def _span(block: dict[str, Column]) -> str:
    names = [column.name for column in block.values()]
    return f"{names[0]} to {names[-1]}"


def _same_answers(one: dict[str, Column], two: dict[str, Column]) -> bool:
    return all(_alike([one[rest], two[rest]]) and (one[rest].is_number == two[rest].is_number) for rest in one)


def _same_questions(blocks: list[dict[str, Column]]) -> Reason | None:
    """Whether blocks of columns ask the same: by their labels, or by which columns correlate most. None: not shown."""
    first, *others = blocks
    if any(not _same_answers(first, other) for other in others):
        return None
    if all(column.label for block in blocks for column in block.values()):
        equal = [folded(first[rest].label) == folded(other[rest].label) for other in others for rest in first]
        return Reason("certain", "the same questions, word for word") if all(equal) else None
    hits, total = 0, 0
    for other in others:
        rests = [rest for rest in first if first[rest].is_number and other[rest].is_number]
        table = pd.DataFrame({("a", r): first[r].numbers for r in rests} | {("b", r): other[r].numbers for r in rests})
        if len(table.dropna()) < ENOUGH or len(rests) < FEWEST_ITEMS:
            continue
        with np.errstate(invalid="ignore"):
            between = table.corr().to_numpy()[: len(rests), len(rests) :]
        total += len(rests)
        hits += int((np.nan_to_num(between, nan=-1).argmax(axis=1) == np.arange(len(rests))).sum())
    if total == 0:
        return None
    text = f"the same order and answers, and {hits} of {total} columns correlate most with their own partner"
    if hits >= max(3, 0.6 * total):
        return Reason("likely", text)
    return Reason("a guess", text) if hits > 1.5 * len(others) and len(blocks) == 2 else None
