"""Piece of stage `change`: the start as people judged it afterwards, where the survey asked for that (a then-test)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import N_, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.change_shown import change_record
from braid.stages.opening import needs
from braid.statistics.response_shift import ResponseShift, response_shift

if TYPE_CHECKING:
    from braid.stages.change import Change

NONE = N_("Nobody was asked afterwards how it had been at the start, so there is no then-test.")


def there(stage: Change) -> bool:
    """Whether the survey asked people afterwards how it had been at the start, and knows them by a key."""
    return not stage.left_out and stage.paired and stage.then is not None


def found(stage: Change) -> dict[str, ResponseShift]:
    """The then-test of each scale."""
    assert stage.first is not None and stage.then is not None and stage.last is not None
    study, shifts = stage.cohort.study, {}
    for name, scale in study.scales.items():
        scores = (stage.first[name], stage.then[name], stage.last[name])
        better = scale.higher_is == "better"
        shifts[name] = response_shift(*scores, alpha=study.change.alpha, higher_is_better=better)
    return shifts


@needs(there, NONE)
def description(stage: Change) -> Prose:
    """What the then-test is, and the response shift of each scale in a sentence."""
    text = tr(
        "Afterwards people were also asked how it had been at the start: a then-test, which shows whether they came to "
        "judge by another standard [a response shift; @howard1980]. @tbl-then has the change against both answers."
    )
    told = [_sentence(stage, name, shift) for name, shift in found(stage).items()]
    return Prose(Markdown(" ".join([text, *told])))


def _sentence(stage: Change, name: str, test: ResponseShift) -> str:
    label, shift = markdown(stage.cohort.study.scales[name].short), test.shift
    if shift.difference is None:
        return tr("{label}: nobody gave all three answers.", label=label)
    n = numbers.whole(test.n)
    if shift.low is None or shift.high is None:
        size = numbers.fixed(shift.difference)
        return tr("{label}: a response shift of {size} (n = {n}), which cannot be tested.", label=label, size=size, n=n)
    size = numbers.estimate_ci(shift.difference, shift.low, shift.high)
    if shift.low * shift.high <= 0:
        return tr("{label}: no clear response shift ({size}; n = {n}).", label=label, size=size, n=n)
    if shift.low > 0:
        text = tr(
            "{label}: in hindsight people scored their start lower (response shift {size}; n = {n}).",
            label=label,
            size=size,
            n=n,
        )
    else:
        text = tr(
            "{label}: in hindsight people scored their start higher (response shift {size}; n = {n}).",
            label=label,
            size=size,
            n=n,
        )
    return text


@needs(there, NONE)
def table(stage: Change) -> Table:
    """Each scale's change against the start as judged then and as judged afterwards, and the response shift."""
    rows: list[Row | Group] = []
    for name, test in found(stage).items():
        cells = [
            numbers.estimate_ci(change.difference, change.low, change.high, brackets=True)
            for change in (test.conventional, test.against_then, test.shift)
        ]
        rows.append(Row((stage.cohort.study.scales[name].short, numbers.whole(test.n), *cells)))
    against = tr("Change [{ci}] against the start as judged", ci=numbers.ci_name())
    columns = [
        Column(tr("Scale")),
        Column("n", "number"),
        Column(tr("At the start", context="judged"), "number", under=against),
        Column(tr("Afterwards", context="judged"), "number", under=against),
        Column(tr("Response shift [{ci}]", ci=numbers.ci_name()), "number"),
    ]
    notes = [
        tr(
            "n: people with all three scores. Response shift: start as judged at the start less start as judged "
            "afterwards."
        )
    ]
    return Table(columns, rows, notes=notes)


def records(stage: Change) -> list[Record]:
    """The response shift of each scale, and the change against the start as judged afterwards."""
    if not there(stage):
        return []
    return [
        change_record(f"change.{name.lower()}.then.{what}", change, {}, "tbl-then")
        for name, test in found(stage).items()
        for what, change in (("change", test.against_then), ("shift", test.shift))
    ]
