"""Which file, rows and columns are which wave, where nothing but the files is known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from braid.drafting.blocks import may_be_item
from braid.drafting.columns import Column, bare, identifier, shared_beginning, shared_end
from braid.drafting.draft import Reason
from braid.drafting.keys import Part
from braid.drafting.known_waves import Wave, Waves
from braid.drafting.moments import Moment, moment, moment_of_file
from braid.drafting.splitting import Split, split

SHARED = 0.5
"""Share of the smaller file's items that another must hold to be the same questionnaire again."""
FORM = re.compile(r"eval|feedback|satisf|zufried|rating|bewertung|评价|評価|满意|満足|αξιολ|تقييم|تشخیص", re.IGNORECASE)


def new_waves(files: Mapping[str, Sequence[Column]]) -> Waves:
    """Find the waves of a study of which nothing is known."""
    found = Waves()
    splits: dict[str, Split] = {}
    for file, columns in files.items():
        there, questions = split(columns)
        found.questions += [f"{file}: {question}" for question in questions]
        if there is not None:
            splits[file] = there
            found.names |= there.names
    singles = {f: [c for c in cs if may_be_item(c)] for f, cs in files.items() if f not in splits}
    singles = {file: items for file, items in singles.items() if items}
    again, bases = _same_questionnaire(singles)
    pairs = [pair for file, there in splits.items() for pair in _of_split(file, there)]
    if again:
        pairs += [_single(file, files[file], bases[file][1], bases[file][0]) for file in again]
    elif not pairs and singles:
        file = max(
            (f for f in singles if not FORM.search(f)), key=lambda f: len(singles[f]), default=next(iter(singles))
        )
        again = [file]
        why = Reason("certain" if len(singles) == 1 else "likely", "the file with the most answers on a scale")
        pairs = [_single(file, files[file], {}, why)]
    else:
        again = [file for file, items in singles.items() if _as_in_split(items, found.names)]
        pairs += [
            _single(
                file, files[file], _as_in_split(singles[file], found.names), Reason("likely", "the same items again")
            )
            for file in again
        ]
    for part, _ in pairs:
        for base, column in part.columns.items():
            found.names.setdefault(base, column.name)
    pairs = _in_time(pairs, found)
    found.waves = _named(pairs, found)
    rest = [file for file in singles if file not in again and file not in splits]
    if rest:
        file = max(rest, key=lambda f: (FORM.search(f) is not None, len(singles[f])))
        items = {bare(column.name): column for column in singles[file]}
        why = Reason("likely" if FORM.search(file) else "a guess", "a file of its own with other items than the waves")
        found.form = Wave(
            "satisfaction", "TODO: title of the evaluation form", Part(file, {}, file, None, items), (why,)
        )
        found.questions += [f"{f} holds items, but no wave and no form was made of it." for f in rest if f != file]
    return found


def _of_split(file: str, there: Split) -> list[tuple[Part, Reason]]:
    return [
        (Part(file, there.rows.get(token, {}), token, when, there.columns[token]), there.why)
        for token, when in zip(there.tokens, there.moments, strict=True)
    ]


def _as_in_split(items: Sequence[Column], names: Mapping[str, str]) -> dict[Column, str]:
    """The items of a file that another one holds for several waves side by side; none where they are few."""
    there = {bare(name): base for base, name in names.items()}
    found = {column: there[bare(column.name)] for column in items if bare(column.name) in there}
    return found if len(found) > 1 and len(found) >= SHARED * len(items) else {}


def _single(file: str, columns: Sequence[Column], bases: Mapping[Column, str], why: Reason) -> tuple[Part, Reason]:
    by_base = {bases.get(column, bare(column.name)): column for column in columns}
    when = moment_of_file(file) or _moment_of_names(columns)
    return Part(file, {}, file, when, by_base), why


def _moment_of_names(columns: Sequence[Column]) -> Moment | None:
    """The point in time that most of the items' names tell, all alike."""
    items = [column for column in columns if may_be_item(column)]
    told = [m for c in items for part in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", c.name) if (m := moment(part))]
    names = {m.name for m in told}
    return told[0] if len(names) == 1 and len(told) > 0.4 * len(items) else None


def _same_questionnaire(
    singles: Mapping[str, list[Column]],
) -> tuple[list[str], dict[str, tuple[Reason, dict[Column, str]]]]:
    """The files that ask the same items, with the reason and what each item is called in all of them."""
    best: list[str] = []
    chosen: dict[str, tuple[Reason, dict[Column, str]]] = {}
    for cut in (False, True):
        bases = {file: _bases(items, cut) for file, items in singles.items()}
        linked: dict[str, set[str]] = {file: {file} for file in singles}
        for one, two in combinations(singles, 2):
            a, b = set(bases[one].values()), set(bases[two].values())
            if len(a & b) > 1 and len(a & b) >= SHARED * min(len(a), len(b)):
                linked[one].add(two)
                linked[two].add(one)
        largest = max(linked.values(), key=len, default=set())
        if len(largest) > max(1, len(best)):
            best = [file for file in singles if file in largest]
            same = set.intersection(*(set(bases[file].values()) for file in best))
            why = f"{len(same)} items stand in each of {', '.join(best)}"
            why += ", when what all names of a file share is left out" if cut else ""
            chosen = {file: (Reason("likely" if cut else "certain", why), bases[file]) for file in best}
    return best, chosen


def _bases(items: Sequence[Column], cut: bool) -> dict[Column, str]:
    """What items are called; cut: without the beginning and end that all names have, up to a mark."""
    names = [column.name for column in items]
    start = end = 0
    if cut and len(names) > 1:
        before = re.match(r".*[\W_]", shared_beginning(names))
        after = re.search(r"[\W_].*$", shared_end(names))
        start, end = len(before[0]) if before else 0, len(after[0]) if after else 0
    return {c: bare(c.name[start : len(c.name) - end]) or bare(c.name) for c in items}


def _in_time(pairs: list[tuple[Part, Reason]], found: Waves) -> list[tuple[Part, Reason]]:
    """The parts in order of time; one part for each point in time."""
    if len(pairs) < 2:
        return pairs
    if all(part.moment is not None for part, _ in pairs):
        pairs = sorted(pairs, key=lambda pair: pair[0].moment.rank if pair[0].moment else 0)
        kept: list[tuple[Part, Reason]] = []
        for part, why in pairs:
            if kept and kept[-1][0].moment == part.moment:
                found.questions.append(
                    f"{part.file} and {kept[-1][0].file} seem to be the same wave: only the second was named in "
                    "cohort.yml; put their rows into one file, or say which counts."
                )
                continue
            kept.append((part, why))
        return kept
    names = " before ".join(part.token for part, _ in pairs)
    found.questions.append(f"Is this the order of the waves in time: {names}? Nothing in the files says so.")
    return [(part, Reason("a guess", f"{why.why}; their order is the one they stand in")) for part, why in pairs]


def _named(pairs: list[tuple[Part, Reason]], found: Waves) -> list[Wave]:
    waves: list[Wave] = []
    for number, (part, why) in enumerate(pairs, start=1):
        taken = [wave.name for wave in waves]
        if part.moment is not None:
            name = identifier(part.moment.name, f"wave{number}", taken)
            label = (
                part.moment.label if part.rows or len(part.token.split()) < 2 or part.token == part.file else part.token
            )
        else:
            name, label = identifier(f"wave{number}", f"wave{number}", taken), f"TODO: wave {number}"
        says = [Reason("likely", f"{part.token!r} says when it was asked")] if part.moment and not part.rows else []
        waves.append(Wave(name, label, replace(part, token=name), (why, *says)))
    return waves
