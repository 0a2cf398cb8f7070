"""Piece of a comparison: the answer in a few sentences, key figures, limitations, and what all was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.comparison import words
from braid.comparison.change import compared
from braid.comparison.joint import summary
from braid.comparison.quantities import Quantity
from braid.comparison.themes import pairs_of
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Table
from braid.qualitative import BetweenCohorts, ThemeBetween
from braid.qualitative.between_cohorts import Status
from braid.records import Record
from braid.study import digest_inputs

if TYPE_CHECKING:
    from braid.comparison.compared import Compared

NAMED = 2
TWO = 2
SHOWN = 16
HEADLINE = 3
"""Sentences of the answer that say what became of the first quantity."""
NOTHING = "The cohorts share no strand that could be compared."


def key_table(stage: Compared) -> Table:
    """The key figures, cohort by cohort, and how they compare."""
    rows: list[list[Cell]] = []
    for quantity in stage.quantities:
        texts = {row.cohort: row.text for row in quantity.rows}
        label = quantity.label if quantity.of_arms else f"{quantity.label}, change"
        rows.append([label, *(texts.get(name, numbers.MISSING) for name in stage.names), _compared(quantity)])
    two = len(stage.sides) == TWO
    pairs = pairs_of(stage)
    themes = {side.name: {t.theme: t for t in side.strands.interviews.themes} for side in stage.with_("interviews")}
    for theme in (theme for theme in (pairs[0].themes if pairs else ()) if theme.depth == 0):
        found = [themes.get(name, {}).get(theme.theme) for name in stage.names]
        counts = [numbers.MISSING if one is None else f"{numbers.whole(one.k)} of {one.n}" for one in found]
        rows.append([f"Theme: {theme.label}", *counts, _points(theme) if two else ""])
    last = Column("Difference [95% CI]", "right") if two else Column("Do the cohorts differ?")
    columns = [Column("Key figure"), *(Column(name, "number") for name in stage.names), last]
    notes = ["Differences: second cohort minus first; those of themes in percentage points of the participants."]
    return Table(columns, rows, notes=notes if two and pairs else ())


def _compared(quantity: Quantity) -> Cell:
    """The difference of two cohorts, or the test of several."""
    between = quantity.between
    if between.p is None:
        return "not estimable"
    if len(between.differences) == 1:
        row = between.differences[0]
        return numbers.estimate_ci(row.difference, row.low, row.high, brackets=True)
    clear = "beyond chance" if between.p < 1 - between.confidence else "not clearly"
    return Markdown(f"{clear} ({words.p_clause(between.p)})")


def _points(theme: ThemeBetween) -> str:
    if theme.difference is None or theme.low is None or theme.high is None:
        return numbers.MISSING
    return numbers.estimate_ci(100 * theme.difference, 100 * theme.low, 100 * theme.high, 0, brackets=True)


def answers(stage: Compared) -> list[str]:
    """One or two sentences for each strand (ready markdown)."""
    said = []
    for quantity in stage.quantities[:NAMED] if compared(stage) else ():
        if quantity.pooled.estimate is None:
            said.append(f"{markdown(quantity.label)} cannot be compared: {markdown(quantity.pooled.note)}.")
        else:
            said += [words.directions(quantity), words.together(quantity)[0], words.difference(quantity)[0]]
    said += [_themes(pair) for pair in pairs_of(stage)]
    return [*said, *filter(None, [summary(stage)])]


def _themes(pair: BetweenCohorts) -> str:
    """How many sub-themes differ, in a sentence."""
    kinds: dict[Status, str] = {"new": "new", "gone": "gone", "more": "more prevalent", "less": "less prevalent"}
    sizes = {word: len(pair.having(status)) for status, word in kinds.items()}
    counts = [f"{n} {'is' if n == 1 else 'are'} {word}" for word, n in sizes.items() if n]
    stems = {theme.theme.rpartition(".")[0] for theme in pair.themes}
    total = sum(theme.theme not in stems for theme in pair.themes)
    later, first = (markdown(name) for name in reversed(pair.names))
    if not counts:
        return (
            f"Of {total} sub-themes, none is new, gone, or clearly more or less prevalent in {later} than in {first}."
        )
    return f"Of {total} sub-themes, {enumeration(counts)} in {later}, compared with {first}."


def limitations(stage: Compared) -> Prose:
    """What the comparison does not allow to say."""
    parts = [words.NOT_RANDOM] if compared(stage) else []
    if compared(stage):
        parts.append(
            "No cohort had people without the programme beside it, so that neither the change in a cohort nor a "
            "difference between cohorts can be put down to the programme alone."
            if stage.study.arms is None
            else "Arms were compared within each cohort; how people came into them may differ from cohort to cohort."
        )
    if pairs_of(stage):
        parts.append(
            "Themes were coded in each cohort for itself: who coded, and what had been learned from an earlier cohort, "
            "can make a theme appear or go."
        )
    if stage.comparison.synthetic:
        parts.append("The data are synthetic: they show the method and say nothing about any real programme.")
    return Prose(Markdown(" ".join(parts)))


def made_table(stage: Compared) -> Table:
    """What each cohort's numbers were made from."""
    rows = []
    for side in stage.sides:
        cohort = side.people.cohort
        seed = str(cohort.spec.seed) if cohort.spec.seed is not None else "none"
        rows.append([side.name, cohort.spec.title, digest_inputs(cohort)[:SHOWN], seed])
    return Table(["Cohort", "Title", "Data and study files (SHA-256)", "Seed"], rows)


def records(stage: Compared) -> list[Record]:
    """The answer, and its first sentence as the headline."""
    said = answers(stage) or [NOTHING]
    return [
        Record("report.answer", " ".join(said)),
        Record("report.headline", " ".join(Markdown(part).plain() for part in said[:HEADLINE])),
    ]
