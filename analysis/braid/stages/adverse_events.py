"""Piece of stage `change`: adverse events as the team counted them, with everybody they could have happened to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.errors import UserError
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

NONE = "No adverse event was recorded, so there is no table of them."
NOT_RECORDED = "Adverse events were not recorded in this cohort, so this report cannot say whether there were any."
NO_SUBSTITUTE = "Reliable deterioration of scores does not take their place."


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
        no_substitute = [NO_SUBSTITUTE] if stage.cohort.study.scales else []
        return Prose(Markdown(" ".join([NOT_RECORDED, *no_substitute, *_withdrawals(stage)])))
    words = [markdown(told.collected.strip())] if told.collected.strip() else []
    people = "" if n is None else f" of {numbers.whole(n)} people"
    if not told.events:
        least = "" if n is None else f" in {counted(n, 'person', 'people')}{_at_most(n)}"
        words.append(f"No adverse event was recorded{least}.")
    else:
        times = sum(kind.times for kind in told.events)
        who = ""
        if told.with_any is not None:
            share = "" if n is None else f" ({numbers.percent(told.with_any, n)})"
            who = f" in {numbers.whole(told.with_any)}{people}{share}"
        serious, related = (sum(getattr(kind, name) for kind in told.events) for name in ("serious", "related"))
        words.append(
            f"{counted(times, 'adverse event').capitalize()} {'was' if times == 1 else 'were'} recorded{who} "
            f"(@tbl-adverse); {_of(serious)} serious, and {_of(related)} put down to the programme."
        )
        if not serious and n is not None:
            words.append(f"No serious event in {counted(n, 'person', 'people')}{_at_most(n)}.")
    if told.withdrew:
        words.append(f"{counted(told.withdrew, 'person', 'people')} withdrew because of an adverse event.")
    return Prose(Markdown(" ".join([*words, *_withdrawals(stage)])))


def _of(count: int) -> str:
    if not count:
        return "none was"
    return f"{numbers.whole(count)} {'was' if count == 1 else 'were'}"


def _at_most(n: int) -> str:
    limit = rule_of_three(n)
    if limit is None or limit >= 1:
        return ""
    return f", so that with 95% confidence fewer than {numbers.percent(limit, 1)} of such people would have one"


def _withdrawals(stage: Change) -> list[str]:
    """Who left and why, as cohort.yml says."""
    lost = stage.cohort.spec.flow.lost
    if not lost:
        return []
    total = sum(row.n for row in lost)
    reasons: dict[str, int] = {}
    for row in lost:
        reasons[row.reason] = reasons.get(row.reason, 0) + row.n
    told = enumeration([f"{markdown(reason)}: {numbers.whole(n)}" for reason, n in reasons.items()])
    before = " before the last wave" if stage.cohort.spec.waves else ""
    return [f"{counted(total, 'person', 'people')} left{before} for a known reason ({told})."]


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
        rows.append(Row(("Any", *_people(told.with_any, n), *map(numbers.whole, totals)), strong=True))
    columns = [
        Column("Adverse event"),
        Column("n (%)", "number", under="People"),
        Column("95% CI, %", "number", under="People"),
        Column("All", "number", under="Events"),
        Column("Serious", "number", under="Events"),
        Column("Related", "number", under="Events"),
    ]
    people = "" if n is None else f"Percentages are of the {numbers.whole(n)} people at risk, with Wilson's intervals. "
    return Table(columns, rows, notes=[f"{people}Related: put down to the programme by the team."])


def _people(count: int | None, n: int | None) -> tuple[str, str]:
    if count is None:
        return "not counted", ""
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
    of = "" if n is None else f" of {numbers.whole(n)}"
    who = "" if told.with_any is None else f" in {numbers.whole(told.with_any)}{of} people"
    texts = {
        "any": ("Adverse events", f"{numbers.whole(times)}{who}", float(times)),
        "serious": ("Serious adverse events", numbers.whole(serious), float(serious)),
        "withdrew": ("Withdrew because of an adverse event", numbers.whole(told.withdrew), float(told.withdrew)),
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
