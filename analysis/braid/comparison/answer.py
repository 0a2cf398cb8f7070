"""Piece of a comparison: the answer in a few sentences, key figures, limitations, and what all was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.comparison import words
from braid.comparison.change import compared
from braid.comparison.joint import summary
from braid.comparison.quantities import Quantity
from braid.comparison.themes import pairs_of
from braid.language import N_, ntr, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Table
from braid.qualitative import BetweenCohorts, ThemeBetween
from braid.records import Record
from braid.study import digest_inputs

if TYPE_CHECKING:
    from braid.comparison.compared import Compared

NAMED = 2
TWO = 2
SHOWN = 16
HEADLINE = 3
"""Sentences of the answer that say what became of the first quantity."""
NOTHING = N_("The cohorts share no strand that could be compared.")


def key_table(stage: Compared) -> Table:
    """The key figures, cohort by cohort, and how they compare."""
    rows: list[list[Cell]] = []
    for quantity in stage.quantities:
        texts = {row.cohort: row.text for row in quantity.rows}
        label = quantity.label if quantity.of_arms else tr("{label}, change", label=quantity.label)
        rows.append([label, *(texts.get(name, numbers.MISSING) for name in stage.names), _compared(quantity)])
    two = len(stage.sides) == TWO
    pairs = pairs_of(stage)
    themes = {side.name: {t.theme: t for t in side.strands.interviews.themes} for side in stage.with_("interviews")}
    for theme in (theme for theme in (pairs[0].themes if pairs else ()) if theme.depth == 0):
        found = [themes.get(name, {}).get(theme.theme) for name in stage.names]
        counts = [
            numbers.MISSING if one is None else tr("{k} of {n}", k=numbers.whole(one.k), n=str(one.n)) for one in found
        ]
        rows.append([tr("Theme: {theme}", theme=theme.label), *counts, _points(theme) if two else ""])
    if two:
        last = Column(tr("Difference [{ci}]", ci=numbers.ci_name()), "right")
    else:
        last = Column(tr("Do the cohorts differ?"))
    columns = [Column(tr("Key figure")), *(Column(name, "number") for name in stage.names), last]
    notes = [tr("Differences: second cohort minus first; those of themes in percentage points of the participants.")]
    return Table(columns, rows, notes=notes if two and pairs else ())


def _compared(quantity: Quantity) -> Cell:
    """The difference of two cohorts, or the test of several."""
    between = quantity.between
    if between.p is None:
        return tr("not estimable")
    if len(between.differences) == 1:
        row = between.differences[0]
        return numbers.estimate_ci(row.difference, row.low, row.high, brackets=True)
    p = words.p_clause(between.p)
    if between.p < 1 - between.confidence:
        return Markdown(tr("beyond chance ({p})", p=p))
    return Markdown(tr("not clearly ({p})", p=p))


def _points(theme: ThemeBetween) -> str:
    if theme.difference is None or theme.low is None or theme.high is None:
        return numbers.MISSING
    return numbers.estimate_ci(100 * theme.difference, 100 * theme.low, 100 * theme.high, 0, brackets=True)


def answers(stage: Compared) -> list[str]:
    """One or two sentences for each strand (ready markdown)."""
    said = []
    for quantity in stage.quantities[:NAMED] if compared(stage) else ():
        if quantity.pooled.estimate is None:
            reason = markdown(tr(quantity.pooled.note))
            said.append(tr("{label} cannot be compared: {reason}.", label=markdown(quantity.label), reason=reason))
        else:
            said += [words.directions(quantity), words.together(quantity)[0], words.difference(quantity)[0]]
    said += [_themes(pair) for pair in pairs_of(stage)]
    return [*said, *filter(None, [summary(stage)])]


def _themes(pair: BetweenCohorts) -> str:
    """How many sub-themes differ, in a sentence."""
    counts = []
    if new := len(pair.having("new")):
        counts.append(ntr("{n} is new", "{n} are new", new, n=str(new)))
    if gone := len(pair.having("gone")):
        counts.append(ntr("{n} is gone", "{n} are gone", gone, n=str(gone)))
    if more := len(pair.having("more")):
        counts.append(ntr("{n} is more prevalent", "{n} are more prevalent", more, n=str(more)))
    if less := len(pair.having("less")):
        counts.append(ntr("{n} is less prevalent", "{n} are less prevalent", less, n=str(less)))
    stems = {theme.theme.rpartition(".")[0] for theme in pair.themes}
    total = str(sum(theme.theme not in stems for theme in pair.themes))
    later, first = (markdown(name) for name in reversed(pair.names))
    if not counts:
        return tr(
            "Of {n} sub-themes, none is new, gone, or clearly more or less prevalent in {later} than in {first}.",
            n=total,
            later=later,
            first=first,
        )
    return tr(
        "Of {n} sub-themes, {counts} in {later}, compared with {first}.",
        n=total,
        counts=enumeration(counts),
        later=later,
        first=first,
    )


def limitations(stage: Compared) -> Prose:
    """What the comparison does not allow to say."""
    parts = [tr(words.NOT_RANDOM)] if compared(stage) else []
    if compared(stage) and stage.study.arms is None:
        text = tr(
            "No cohort had people without the programme beside it, so that neither the change in a cohort nor a "
            "difference between cohorts can be put down to the programme alone."
        )
        parts.append(text)
    elif compared(stage):
        text = tr("Arms were compared within each cohort; how people came into them may differ from cohort to cohort.")
        parts.append(text)
    if pairs_of(stage):
        text = tr(
            "Themes were coded in each cohort for itself: who coded, and what had been learned from an earlier cohort, "
            "can make a theme appear or go."
        )
        parts.append(text)
    if stage.comparison.synthetic:
        parts.append(tr("The data are synthetic: they show the method and say nothing about any real programme."))
    return Prose(Markdown(" ".join(parts)))


def made_table(stage: Compared) -> Table:
    """What each cohort's numbers were made from."""
    rows = []
    for side in stage.sides:
        cohort = side.people.cohort
        seed = str(cohort.spec.seed) if cohort.spec.seed is not None else tr("none", context="seed")
        rows.append([side.name, cohort.spec.title, digest_inputs(cohort)[:SHOWN], seed])
    return Table([tr("Cohort"), tr("Title"), tr("Data and study files (SHA-256)"), tr("Seed")], rows)


def records(stage: Compared) -> list[Record]:
    """The answer, and its first sentence as the headline."""
    said = answers(stage) or [tr(NOTHING)]
    return [
        Record("report.answer", " ".join(said)),
        Record("report.headline", " ".join(Markdown(part).plain() for part in said[:HEADLINE])),
    ]
