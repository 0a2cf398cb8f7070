"""What the cells of items mean on a study's response scale: words beside its labels, and numbers stored otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from braid.drafting.columns import Column, as_cell, folded
from braid.drafting.draft import Reason
from braid.drafting.grades import in_order
from braid.drafting.spelling import almost
from braid.study.model import Instrument


@dataclass(frozen=True)
class Meanings:
    """values: what cells mean that are neither the scale's numbers nor its labels. unknown: words nobody can place.

    outside: numbers off the scale, and how many cells hold one.
    """

    values: dict[str | int, int]
    why: tuple[Reason, ...]
    unknown: tuple[str, ...]
    outside: dict[str, int]


def meanings(
    instrument: Instrument, columns: Sequence[Column], usual: Mapping[str | int | float, int] | None = None
) -> Meanings:
    """Find what the cells of an instrument's columns mean. usual: what they mean in a like cohort."""
    counts: Counter[str] = Counter()
    labels: dict[str, str] = {}
    for column in columns:
        counts.update(column.counts)
        labels |= {cell: label for cell, label in column.meanings.items() if cell in column.counts}
    known = {folded(label): number for number, label in instrument.responses.items()}
    numbers = {cell: int(float(cell)) for cell in counts if _is_whole(cell)}
    values: dict[str | int, int] = {}
    why: list[Reason] = []
    taken = {folded(str(cell)): number for cell, number in (usual or {}).items()}
    values.update({as_cell(cell): taken[folded(cell)] for cell in counts if folded(cell) in taken})
    if values:
        why.append(Reason("certain", "as in the cohort it was made like"))
    by_label = {
        number: known[folded(labels[cell])] for cell, number in numbers.items() if folded(labels.get(cell, "")) in known
    }
    if by_label and any(number != meant for number, meant in by_label.items()):
        values.update(by_label.items())
        why.append(Reason("certain", "the labels in the file are those of the study, at other numbers"))
    elif not by_label and not values:
        shifted = _shifted(set(numbers.values()), instrument)
        if shifted:
            first, last = min(shifted), max(shifted)
            never = instrument.maximum if first < instrument.minimum else instrument.minimum
            text = f"stored as {first} to {last}, scored {instrument.minimum} to {instrument.maximum}"
            why.append(Reason("likely", f"{text}: the file never holds {never}"))
            values.update(shifted.items())
    outside = {
        cell: counts[cell]
        for cell, n in numbers.items()
        if n not in values and as_cell(cell) not in values and not instrument.minimum <= n <= instrument.maximum
    }
    words = [
        cell for cell in counts if cell not in numbers and as_cell(cell) not in values and folded(cell) not in known
    ]
    unknown: list[str] = []
    for word in words:
        close = almost(folded(word), known)
        if close is not None:
            values[word] = known[close]
            why.append(Reason("likely", f"{word!r} is spelled almost as {instrument.responses[known[close]]!r}"))
        else:
            unknown.append(word)
    ordered = _whole_set(unknown, instrument)
    if ordered:
        values.update(ordered.items())
        why.append(Reason("likely", "as many other words as the scale has responses, and their order is known"))
        unknown = []
    values = dict(sorted(values.items(), key=lambda pair: (pair[1], str(pair[0]))))
    return Meanings(values, tuple(why), tuple(sorted(unknown)), outside)


def _is_whole(cell: str) -> bool:
    try:
        return float(cell) == int(float(cell))
    except (ValueError, OverflowError):
        return False


def _shifted(numbers: set[int], instrument: Instrument) -> dict[int, int]:
    """The numbers moved by one, where the file begins one lower or higher than the scale and never reaches its end."""
    low, high = instrument.minimum, instrument.maximum
    if len(numbers) < 2:
        return {}
    if low - 1 in numbers and numbers <= set(range(low - 1, high)):
        return {number: number + 1 for number in range(low - 1, high)}
    if high + 1 in numbers and numbers <= set(range(low + 1, high + 2)):
        return {number: number - 1 for number in range(low + 1, high + 2)}
    return {}


def _whole_set(words: Sequence[str], instrument: Instrument) -> dict[str, int]:
    """Words of a known order, one for each response of the scale, as the scale's numbers."""
    spelled: dict[str, list[str]] = {}
    for word in words:
        spelled.setdefault(folded(word), []).append(word)
    ordered = in_order(list(spelled))
    if ordered is None or len(ordered) != len(instrument.responses):
        return {}
    pairs = zip(ordered, sorted(instrument.responses), strict=True)
    return {word: number for text, number in pairs for word in spelled[text]}
