"""One change, paired or between independent waves, as it is shown: effect size, table row, record."""

from __future__ import annotations

from braid.language import tr
from braid.presentation import numbers, sentences
from braid.presentation.table import Row
from braid.records import Record
from braid.statistics.change import PairedChange
from braid.statistics.independent_change import IndependentChange
from braid.statistics.items import ItemTest

AnyChange = PairedChange | IndependentChange


def effect_of(change: AnyChange) -> sentences.Effect:
    """The standardised size of a change: d_av of pairs, d_s between independent waves."""
    if isinstance(change, PairedChange):
        return sentences.Effect(change.d_av, change.d_av_low, change.d_av_high)
    return sentences.Effect(change.d_s, change.d_s_low, change.d_s_high, symbol=sentences.D_S)


def people_in(change: AnyChange) -> str:
    """How many people a change rests on: the pairs, or those of each wave."""
    if isinstance(change, PairedChange):
        return numbers.whole(change.n)
    return f"{numbers.whole(change.n_before)}; {numbers.whole(change.n_after)}"


def test_of(change: AnyChange) -> sentences.Statistic:
    """The t-test of a change."""
    return sentences.Statistic("t", change.t, (change.df,) if change.df is not None else (), change.p)


def change_row(label: str, change: AnyChange, adjusted: float | None, *, item: bool) -> Row:
    """A row of the table of change: a scale (strong), or an item under it with its adjusted p."""
    effect = effect_of(change)
    cells = (
        label,
        people_in(change),
        numbers.mean_sd(change.mean_before, change.sd_before),
        numbers.mean_sd(change.mean_after, change.sd_after),
        numbers.estimate_ci(change.difference, change.low, change.high, brackets=True),
        numbers.estimate_ci(effect.value, effect.low, effect.high, brackets=True),
        numbers.p_value(change.p),
        numbers.p_value(adjusted) if item else "",
    )
    return Row(cells, indent=1 if item else 0, strong=not item)


def f_text(test: ItemTest) -> str:
    """A test of items as text (ready markdown)."""
    df = tuple(value for value in (test.df, test.df_error) if value is not None)
    return sentences.statistic_text(sentences.Statistic("F", test.f, df, test.p)).source


def change_record(name: str, change: AnyChange, parts: dict[str, str], cell: str = "tbl-change") -> Record:
    """The record of one change, with its parts ready for prose."""
    if change.difference is None:
        return Record(
            name,
            tr("not estimable: {reason}", reason=tr(change.note)),
            n=change.n,
            unit="score",
            method=change.method,
            cell=cell,
            note=change.note,
            parts=parts,
        )
    effect = effect_of(change)
    size = numbers.estimate_ci(effect.value, effect.low, effect.high)
    ready = {
        "before": numbers.mean_sd(change.mean_before, change.sd_before),
        "after": numbers.mean_sd(change.mean_after, change.sd_after),
        "t": numbers.statistic("t", change.t, change.df),
        "p": numbers.p_value(change.p),
        "d-av" if isinstance(change, PairedChange) else "d-s": size,
        "effect": f"{effect.symbol} = {size}",
        "n": people_in(change),
        **parts,
    }
    return Record(
        name,
        numbers.estimate_ci(change.difference, change.low, change.high),
        change.difference,
        change.low,
        change.high,
        change.n,
        unit="score",
        method=change.method,
        cell=cell,
        parts=ready,
        note=change.note,
    )
