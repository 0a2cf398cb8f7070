"""Piece of stage `change`: adverse events as the team counted them, with everybody they could have happened to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.errors import UserError
from braid.language import N_, ntr, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Row, Table
from braid.records import Record
from braid.stages.opening import needs
from braid.statistics.proportion import proportion, rule_of_three

if TYPE_CHECKING:
    from braid.stages.change import Change

NONE = N_("No adverse event was recorded, so there is no table of them.")
NOT_RECORDED = N_("Adverse events were not recorded in this cohort, so this report cannot say whether there were any.")
NO_SUBSTITUTE = N_("Reliable deterioration of scores does not take their place.")


def recorded(stage: Change) -> bool:
    """Whether the team looked for adverse events."""
    return stage.cohort.spec.adverse_events is not None


def there(stage: Change) -> bool:
    """Whether there was any."""
    told = stage.cohort.spec.adverse_events
    return told is not None and bool(told.events)


def at_risk(stage: Change) -> int | None:
    """How many people could have had an event: as the team says, else who began, else who answered the first wave.

    Raises UserError where more had one than are known to have taken part.
    """
    spec, told = stage.cohort.spec, stage.cohort.spec.adverse_events
    if told is not None and told.at_risk is not None:
        return told.at_risk
    known = spec.flow.started if spec.flow.started is not None else None if stage.first is None else len(stage.first)
    most = max((kind.people for kind in told.events), default=0) if told is not None else 0
    if known is not None and told is not None and max(most, told.people or 0) > known:
        raise UserError(
            "more people had an adverse event than are known to have taken part",
            place=f"{stage.cohort.name}/cohort.yml, adverse_events",
            found=f"{max(most, told.people or 0)} people with an event, {known} who took part",
            todo="say with `at_risk` how many people could have had one",
        )
    return known


def description(stage: Change) -> Prose:
    """How many people had adverse events and who withdrew, in words; said also where nobody looked."""
    told, n = stage.cohort.spec.adverse_events, at_risk(stage)
    if told is None:
        no_substitute = [tr(NO_SUBSTITUTE)] if stage.cohort.study.scales else []
        return Prose(Markdown(" ".join([tr(NOT_RECORDED), *no_substitute, *_withdrawals(stage)])))
    words = [markdown(told.collected.strip())] if told.collected.strip() else []
    if told.events:
        serious, related = (sum(getattr(kind, name) for kind in told.events) for name in ("serious", "related"))
        words.append(
            tr(
                "{recorded}; {serious}, and {related}.",
                recorded=_recorded(sum(kind.times for kind in told.events), told.with_any, n),
                serious=_serious(serious),
                related=_related(related),
            )
        )
        if not serious and n is not None:
            words.append(_no_serious_event(n))
    else:
        words.append(_no_event(n))
    if told.withdrew:
        words.append(
            ntr(
                "{n} person withdrew because of an adverse event.",
                "{n} people withdrew because of an adverse event.",
                told.withdrew,
                n=numbers.whole(told.withdrew),
            )
        )
    return Prose(Markdown(" ".join([*words, *_withdrawals(stage)])))


def _recorded(times: int, some: int | None, n: int | None) -> str:
    """How many events were recorded, in how many people if that is known, of how many if that is."""
    fields = {"times": numbers.whole(times)}
    if some is None:
        return ntr(
            "{times} adverse event was recorded (@tbl-adverse)",
            "{times} adverse events were recorded (@tbl-adverse)",
            times,
            **fields,
        )
    if n is None:
        return ntr(
            "{times} adverse event was recorded in {people} (@tbl-adverse)",
            "{times} adverse events were recorded in {people} (@tbl-adverse)",
            times,
            people=counted(some, "person", "people"),
            **fields,
        )
    return ntr(
        "{times} adverse event was recorded in {some} of {n} people ({share}) (@tbl-adverse)",
        "{times} adverse events were recorded in {some} of {n} people ({share}) (@tbl-adverse)",
        times,
        some=numbers.whole(some),
        n=numbers.whole(n),
        share=numbers.percent(some, n),
        **fields,
    )


def _serious(count: int) -> str:
    if not count:
        return tr("none was serious")
    return ntr("{n} was serious", "{n} were serious", count, n=numbers.whole(count))


def _related(count: int) -> str:
    if not count:
        return tr("none was put down to the programme")
    return ntr("{n} was put down to the programme", "{n} were put down to the programme", count, n=numbers.whole(count))


def _no_event(n: int | None) -> str:
    if n is None:
        return tr("No adverse event was recorded.")
    people, limit = counted(n, "person", "people"), _limit(n)
    if not limit:
        return tr("No adverse event was recorded in {people}.", people=people)
    return tr(
        "No adverse event was recorded in {people}, so that with 95% confidence fewer than {share} of such people "
        "would have one.",
        people=people,
        share=limit,
    )


def _no_serious_event(n: int) -> str:
    people, limit = counted(n, "person", "people"), _limit(n)
    if not limit:
        return tr("No serious event in {people}.", people=people)
    return tr(
        "No serious event in {people}, so that with 95% confidence fewer than {share} of such people would have one.",
        people=people,
        share=limit,
    )


def _limit(n: int) -> str:
    """The share of people below which events lie with 95% confidence where nobody of n had one; empty where none is."""
    limit = rule_of_three(n)
    return "" if limit is None or limit >= 1 else numbers.percent(limit, 1)


def _withdrawals(stage: Change) -> list[str]:
    """Who left and why, as cohort.yml says."""
    lost = stage.cohort.spec.flow.lost
    if not lost:
        return []
    total = sum(row.n for row in lost)
    reasons: dict[str, int] = {}
    for row in lost:
        reasons[row.reason] = reasons.get(row.reason, 0) + row.n
    told = enumeration([f"{numbers.whole(n)} {markdown(reason)}" for reason, n in reasons.items()])
    fields = {"n": numbers.whole(total), "reasons": told}
    if stage.cohort.spec.waves:
        text = ntr(
            "{n} person left before the last wave for a known reason ({reasons}).",
            "{n} people left before the last wave for a known reason ({reasons}).",
            total,
            **fields,
        )
    else:
        text = ntr(
            "{n} person left for a known reason ({reasons}).",
            "{n} people left for a known reason ({reasons}).",
            total,
            **fields,
        )
    return [text]


@needs(there, NONE)
def table(stage: Change) -> Table:
    """Each kind of event: people with their share of all at risk, events, serious, related."""
    told, n = stage.cohort.spec.adverse_events, at_risk(stage)
    assert told is not None
    rows = [
        Row((kind.event, *_people(kind.people, n), *map(numbers.whole, (kind.times, kind.serious, kind.related))))
        for kind in told.events
    ]
    if len(told.events) > 1:
        totals = [sum(getattr(kind, name) for kind in told.events) for name in ("times", "serious", "related")]
        rows.append(Row((tr("Any"), *_people(told.with_any, n), *map(numbers.whole, totals)), strong=True))
    columns = [
        Column(tr("Adverse event")),
        Column("n (%)", "number", under=tr("People")),
        Column(tr("{ci}, %", ci=numbers.ci_name()), "number", under=tr("People")),
        Column(tr("All"), "number", under=tr("Events")),
        Column(tr("Serious"), "number", under=tr("Events")),
        Column(tr("Related"), "number", under=tr("Events")),
    ]
    note = [tr("Related: put down to the programme by the team.")]
    if n is not None:
        people = numbers.whole(n)
        note.insert(0, tr("Percentages are of the {n} people at risk, with Wilson's intervals.", n=people))
    return Table(columns, rows, notes=[" ".join(note)])


def _people(count: int | None, n: int | None) -> tuple[str, str]:
    if count is None:
        return tr("not counted"), ""
    if n is None:
        return numbers.whole(count), numbers.MISSING
    found = proportion(count, n)
    assert found.low is not None and found.high is not None
    return numbers.count_percent(count, n), numbers.interval(100 * found.low, 100 * found.high, 1)


def records(stage: Change) -> list[Record]:
    """Adverse events, serious ones and withdrawals because of them; none where nobody looked."""
    told, n = stage.cohort.spec.adverse_events, at_risk(stage)
    if told is None:
        return []
    times, serious = (sum(getattr(kind, name) for kind in told.events) for name in ("times", "serious"))
    texts = {
        "any": (tr("Adverse events"), _times(times, told.with_any, n), float(times)),
        "serious": (tr("Serious adverse events"), numbers.whole(serious), float(serious)),
        "withdrew": (tr("Withdrew because of an adverse event"), numbers.whole(told.withdrew), float(told.withdrew)),
    }
    return [
        Record(
            f"adverse.{name}",
            text,
            value,
            n=n,
            unit="people" if name == "withdrew" else "events",
            method="counted by the team",
            cell="tbl-adverse" if told.events else "txt-adverse",
            parts={"label": label},
        )
        for name, (label, text, value) in texts.items()
    ]


def _times(times: int, some: int | None, n: int | None) -> str:
    """A count of events, with the people who had any."""
    if not times and n is not None:
        return tr("0 among {n} people", n=numbers.whole(n))
    if some is None or not times:
        return numbers.whole(times)
    fields = {"times": numbers.whole(times), "some": numbers.whole(some)}
    if n is None:
        return tr("{times} in {some} people", **fields)
    return tr("{times} in {some} of {n} people", n=numbers.whole(n), **fields)
