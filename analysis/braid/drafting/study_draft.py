"""The draft of a study.yml for a study that has none, from what stands in the files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten

from braid.drafting.answers import negative_items
from braid.drafting.background import Known
from braid.drafting.blocks import Block, block_of, blocks_of, totals_of
from braid.drafting.columns import Column
from braid.drafting.draft import Draft, Reason
from braid.drafting.known_waves import Wave, Waves

WORSE = re.compile(
    r"stress|pss|anx|depress|phq|gad|burn|pain|fatigue|worry|lonel|distress|symptom|hads|dass|difficult|barrier", re.I
)
UNUSED = 30


@dataclass(frozen=True)
class NewStudy:
    """The waves with their columns by item, and the blocks that became scales and the evaluation form."""

    waves: Waves
    scales: tuple[Block, ...]
    form: Block | None


def items_of(waves: Waves, keys: set[str]) -> NewStudy:
    """Part the columns of the waves into scales and an evaluation form."""
    taken: set[str] = set()
    everywhere: dict[str, list[Column]] = {}
    if waves.waves:
        first, *others = waves.waves
        for base, column in first.part.columns.items():
            there = [column, *(w.part.columns[base] for w in others if base in w.part.columns)]
            if len(there) == len(waves.waves) and not any(c.name in keys for c in there):
                everywhere[base] = _chosen(there, waves.waves)
    scales, alone = blocks_of(everywhere, waves.names, taken)
    if not scales and len(waves.waves) > 1:
        scales = totals_of(everywhere, waves.names, taken)
    if not scales and alone:
        scales = _each_alone(everywhere, alone, waves.names, taken)
    form, form_block = _form(waves, taken)
    by_item = {item: base for block in scales for item, base in block.items.items()}
    named = [
        replace(wave, part=replace(wave.part, columns={i: wave.part.columns[b] for i, b in by_item.items()}))
        for wave in waves.waves
    ]
    return NewStudy(Waves(named, waves.names, form, waves.questions), tuple(scales), form_block)


def _chosen(there: list[Column], waves: Sequence[Wave]) -> list[Column]:
    """The columns of one item; a long file holds one column for all its waves."""
    return there[:1] if any(wave.part.rows for wave in waves) else there


def _each_alone(
    columns: Mapping[str, Sequence[Column]], alone: Sequence[str], names: Mapping[str, str], taken: set[str]
) -> list[Block]:
    """Items without a block, each a scale of its own: better than no study at all."""
    blocks = [block_of("", {base: columns[base]}, names, taken) for base in alone]
    return [replace(block, why=Reason("a guess", "it stands alone: a scale of one item")) for block in blocks]


def _form(waves: Waves, taken: set[str]) -> tuple[Wave | None, Block | None]:
    """The evaluation form: the largest block of a file of its own, or of the last wave alone."""
    candidates: list[tuple[Wave, dict[str, Column]]] = []
    if waves.form is not None:
        candidates.append((waves.form, dict(waves.form.part.columns)))
    elif len(waves.waves) > 1 and not any(wave.part.rows for wave in waves.waves):
        *before, last = waves.waves
        asked = {base for wave in before for base in wave.part.columns}
        only = {base: column for base, column in last.part.columns.items() if base not in asked}
        why = Reason("a guess", "items that the last wave alone holds")
        form = Wave("satisfaction", "TODO: title of the evaluation form", replace(last.part, columns=only), (why,))
        candidates.append((form, only))
    for wave, columns in candidates:
        names = {base: column.name for base, column in columns.items()} | waves.names
        blocks, _ = blocks_of({base: [column] for base, column in columns.items()}, names, taken)
        if blocks:
            block = max(blocks, key=lambda block: len(block.items))
            named = {item: columns[base] for item, base in block.items.items()}
            return replace(wave, part=replace(wave.part, columns=named)), block
    return None, None


def draft_study_file(new: NewStudy, about: Sequence[Known], rest: Sequence[str]) -> Draft:
    """Write the study down: what the files show, and TODO where only a person has the words."""
    draft = Draft()
    draft.put("title", value="TODO: title of the study")
    draft.put("authors", value=[{"name": "TODO: name of an author"}])
    draft.put("question", value="TODO: the question that the study answers?")
    draft.put("design", value="TODO: the design of the study, in a sentence")
    todo = {part: f"TODO: {part} of the programme" for part in ("name", "participants", "description")}
    draft.put("programme", value=todo)
    draft.ask("title, authors, question, design and programme are to be worded; find them by `TODO`.", at="study.yml")
    if new.scales:
        draft.put("waves", value={wave.name: wave.label for wave in new.waves.waves})
    for known in about:
        _characteristic(draft, known)
    for block in new.scales:
        _scale(draft, block, new.waves.waves)
        for question in block.answers.questions:
            draft.ask(question, at=f"study.yml, scales.{block.name}")
    if new.scales:
        draft.ask(
            "which items belong together, which are scored the other way round (`reverse`), is the "
            "score a mean or a sum, and is higher better or worse? A file shows none of that for certain.",
            at="study.yml, scales",
        )
    baseline = {
        key: [known.name for known in about if known.type == kind]
        for key, kind in (("groups", "group"), ("numbers", "number"))
    }
    if new.scales and any(baseline.values()):
        why = Reason("a guess", "everything that is known about the persons")
        draft.put("baseline", value={key: names for key, names in baseline.items() if names}, why=why)
    if new.form is not None and new.waves.form is not None:
        _satisfaction(draft, new.form, new.waves.form.why)
    if len(new.waves.waves) > 2:
        first, last = new.waves.waves[0].name, new.waves.waves[-1].name
        draft.ask(
            f"change is counted from {first} to {last}; is that so? Else add `change: {{waves: [ONE, OTHER]}}`.",
            at="study.yml",
        )
    if rest:
        shown = ", ".join(rest[:UNUSED]) + (f" and {len(rest) - UNUSED} more" if len(rest) > UNUSED else "")
        draft.add(next(reversed(draft.content)), comment=f"columns that no part of the study uses: {shown}")
        first = ", ".join(rest[:8]) + " ..." * (len(rest) > 8)
        draft.ask(f"{len(rest)} column(s) are not used: {first}. Is one of them needed?", at="study.yml")
    return draft


def _characteristic(draft: Draft, known: Known) -> None:
    place = ("characteristics", known.name)
    if known.type == "number":
        value: dict[str, object] = {"label": known.label, "type": "number", "unit": "TODO unit"}
    else:
        value = {"label": known.label, "levels": dict(known.levels)}
    draft.put(*place, value=value, why=known.why)


def _scale(draft: Draft, block: Block, waves: Sequence[Wave]) -> None:
    place = ("scales", block.name)
    worse = WORSE.search(f"{block.name} {block.label}") is not None
    draft.put(*place, "label", value=f"TODO: title of the scale {block.label}")
    draft.above[place] = [str(block.why)]
    draft.put(*place, "short", value=shorten(block.label, 40, placeholder=" ..."))
    score = Reason("a guess", "a mean is never wrong by the number of items; a manual may ask for the sum")
    draft.put(*place, "score", value="mean", why=None if block.total else score)
    side = "the name speaks of something one would rather have less of" if worse else "nothing shows the direction"
    draft.put(
        *place, "higher_is", value="worse" if worse else "better", why=Reason("likely" if worse else "a guess", side)
    )
    draft.put(*place, "responses", value=dict(block.answers.responses), why=block.answers.why)
    draft.put(*place, "items", value=dict(block.labels))
    against = sorted(
        {
            item
            for wave in waves[:1]
            for item in negative_items({i: wave.part.columns[i] for i in block.items}, block.answers)
        }
    )
    if against:
        text = f"a hint: {', '.join(against)} run against the other items; are they scored the other way round?"
        draft.add(*place, "items", comment=f"{text} Then add: reverse: [{', '.join(against)}]")
        draft.ask(text, at=f"study.yml, scales.{block.name}")


def _satisfaction(draft: Draft, block: Block, why: Sequence[Reason]) -> None:
    draft.put("satisfaction", "label", value="TODO: title of the evaluation form")
    draft.above["satisfaction",] = [str(reason) for reason in why]
    responses = dict(block.answers.responses)
    draft.put("satisfaction", "responses", value=responses, why=block.answers.why)
    numbers = sorted(responses)
    upper = numbers[-2] if len(numbers) > 2 else numbers[-1] - (numbers[-1] > 3)
    agrees = Reason("a guess", "the two highest responses count as agreement")
    draft.put("satisfaction", "agrees_from", value=upper, why=agrees)
    draft.put("satisfaction", "items", value=dict(block.labels))
    for question in block.answers.questions:
        draft.ask(question, at="study.yml, satisfaction")
