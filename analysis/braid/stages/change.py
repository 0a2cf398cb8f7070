"""Stage `change`: the last wave against the first, for each scale and each item."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from braid.cleaning import open_survey
from braid.language import N_, lowered, tr
from braid.presentation import directions, numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Markdown
from braid.presentation.means import forest, item_means
from braid.presentation.paired import paired_change as paired_change_figure
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages import (
    adverse_events,
    answers,
    arms,
    change_methods,
    change_text,
    equity,
    harm,
    item_tests,
    robustness,
    then_test,
    waves,
)
from braid.stages.change_methods import ADJUSTMENT_NAMES
from braid.stages.change_shown import change_record, change_row, effect_of, f_text, people_in
from braid.stages.opening import fact, keep_records, needs, open_speaking
from braid.stages.scale_change import ScaleChange, mean_interval, scale_change
from braid.statistics.equity import ChangeByGroup
from braid.statistics.mixed_model import Coefficient
from braid.study import Cohort

STAGE = "change"
NO_PAIRS = N_("Nobody answered both at the first and at the last wave, so change cannot be estimated.")
ONE_WAVE = N_("The survey was answered once in this cohort, so there is no change to report.")
NO_SURVEY = N_("This cohort has no survey, so there is no change to report.")
NO_CHANGE = N_("There is no change to report.")
NO_GROUPS = N_("There are no groups to compare the change of.")


@dataclass(frozen=True)
class Change:
    """The change of a cohort between its first and its last wave.

    waves: all there are, in order of time. then: the first as it was judged afterwards; None where nobody was asked.
    """

    cohort: Cohort
    people: pd.DataFrame
    first: pd.DataFrame | None
    last: pd.DataFrame | None
    waves: dict[str, pd.DataFrame] = field(default_factory=dict)
    then: pd.DataFrame | None = None

    @cached_property
    def scales(self) -> list[ScaleChange]:
        """Each scale of the study; none where there are no two waves."""
        if self.first is None or self.last is None:
            return []
        study, first, last = self.cohort.study, self.first, self.last
        return [scale_change(study, name, self.people, first, last, paired=self.paired) for name in study.scales]

    @cached_property
    def reliable(self) -> list[harm.ScaleHarm]:
        """Reliable change of each scale; none where nobody can be found again."""
        return harm.harm_of(self)

    @cached_property
    def equity(self) -> dict[str, dict[str, ChangeByGroup]]:
        """Change by group of each scale and characteristic; empty where nobody can be found again."""
        return equity.equity_of(self)

    @cached_property
    def mixed(self) -> dict[str, Coefficient | None]:
        """The change of each scale in a mixed model with everybody."""
        return robustness.mixed_models(self)

    @property
    def paired(self) -> bool:
        """Whether each person is compared with herself; else the waves are independent groups."""
        return self.cohort.spec.pairing == "by key"

    @property
    def left_out(self) -> str:
        """Why change is not reported; empty where it is."""
        if self.first is None:
            return tr(NO_SURVEY)
        if self.last is None:
            return tr(ONE_WAVE)
        return "" if any(row.score.difference is not None for row in self.scales) else tr(NO_PAIRS)

    def methods(self) -> Prose:
        """The analysis in words, for the methods section."""
        return change_methods.description(self)

    @needs(lambda self: not self.left_out, NO_CHANGE)
    def description(self) -> Prose:
        """Change of each scale in generated sentences, then what the items add."""
        return change_text.description(self)

    def summary(self) -> str:
        """The change in one or two sentences (ready markdown)."""
        return change_text.summary(self)

    @needs(lambda self: not self.left_out, NO_CHANGE)
    def table(self) -> Table:
        """Before, after, change with interval, its size with interval and p: each scale, then its items."""
        study = self.cohort.study
        adjust = study.change.adjust
        first, last = study.waves[study.first_wave], study.waves[study.last_wave]
        size = "*d*~av~" if self.paired else "*d*~s~"
        rows: list[Row | Group] = []
        for row in self.scales:
            rows.append(change_row(row.scale.short, row.score, None, item=False))
            rows += [
                change_row(row.scale.items[str(item.item)], item.change, row.adjusted(item, adjust), item=True)
                for item in (row.items if len(row.items) > 1 else ())
            ]
        columns = [
            Column(tr("Scale and item")),
            Column("n" if self.paired else "n; n", "number"),
            Column(first, "number", under=tr("Mean ± SD")),
            Column(last, "number", under=tr("Mean ± SD")),
            Column(tr("Change [{ci}]", ci=numbers.ci_name()), "number"),
            Column(Markdown(f"{size} [{numbers.ci_name()}]"), "number"),
            Column(Markdown("*p*"), "number"),
            Column(Markdown(tr("adj. *p*")), "number"),
        ]
        if self.paired:
            told = tr(
                "n: people with both values. *d*~av~: mean change over the root of the mean variance of the waves."
            )
        else:
            told = tr(
                "n; n: people with a value at the first and at the last wave, who could not be paired. *d*~s~: "
                "difference of the means over the pooled standard deviation."
            )
        adjusted = tr("adj. *p*: {adjustment}, over the items of a scale.", adjustment=tr(ADJUSTMENT_NAMES[adjust]))
        return Table(columns, rows, notes=[Markdown(f"{told} {adjusted}")])

    @property
    def items_pictured(self) -> bool:
        """Whether any item has means with intervals to picture."""
        return not self.left_out and any(
            mean_interval(item.change, "before") and mean_interval(item.change, "after")
            for row in self.scales
            for item in row.items
        )

    @needs(lambda self: self.items_pictured, N_("No item has a mean with an interval."))
    def items_figure(self) -> Figure:
        """Item means with 95% intervals, before and after."""
        study = self.cohort.study
        labels: list[str] = []
        before: list[tuple[float, float, float]] = []
        after: list[tuple[float, float, float]] = []
        groups: list[str] = []
        for row in self.scales:
            for item in row.items:
                first, last = mean_interval(item.change, "before"), mean_interval(item.change, "after")
                if first and last:
                    labels.append(row.scale.items[str(item.item)])
                    groups.append(row.scale.short)
                    before.append(first)
                    after.append(last)
        low = min(row.scale.minimum for row in self.scales)
        high = max(row.scale.maximum for row in self.scales)
        return item_means(
            labels,
            before,
            after,
            minimum=low,
            maximum=high,
            wave_labels=(study.waves[study.first_wave], study.waves[study.last_wave]),
            caption=tr(
                "Item means with 95% confidence intervals before and after (scale from {low} to {high})",
                low=numbers.short(low),
                high=numbers.short(high),
            ),
        )

    @property
    def pictured(self) -> bool:
        """Whether there is a picture of how much people, or scales, changed."""
        return not self.left_out and (self.paired or len(self.scales) > 1)

    @needs(lambda self: self.pictured, N_("Nobody can be found again in another wave."))
    def paired_figure(self) -> Figure:
        """The change of every person; with several scales, the size of each scale's change."""
        assert self.first is not None and self.last is not None
        study = self.cohort.study
        if len(self.scales) == 1:
            row = self.scales[0]
            before, after = (score.to_numpy() for score in row.scores)
            waves = (study.waves[study.first_wave], study.waves[study.last_wave])
            caption = tr(
                "Change of each person in {scale} (n = {n})",
                scale=lowered(row.scale.short),
                n=numbers.whole(row.score.n),
            )
            return paired_change_figure(before, after, waves, score=row.scale.short, caption=caption)
        sizes = [(row.scale.short, effect_of(row.score)) for row in self.scales]
        rows = [(label, size.value, size.low, size.high) for label, size in sizes]
        size = tr("Size of the change of each scale ({symbol} with 95% confidence interval)", symbol=sizes[0][1].symbol)
        return forest(rows, axis=tr("Change in standard deviations"), caption=Markdown(size))

    @property
    def grouped(self) -> bool:
        """Whether change can be shown for groups of people."""
        return not self.left_out and any(row.groups for row in self.scales)

    @needs(lambda self: self.grouped, NO_GROUPS)
    def groups_figure(self) -> Figure:
        """Mean change of each group of people."""
        rows, headings = [], []
        for row in self.scales:
            for name, levels in row.groups.items():
                spec = self.cohort.study.characteristics[name]
                for level, change in levels.items():
                    rows.append(
                        (f"{spec.levels[level]} (n = {people_in(change)})", change.difference, change.low, change.high)
                    )
                    headings.append(f"{row.scale.short}: {spec.label}" if len(self.scales) > 1 else spec.label)
        return forest(rows, groups=headings)

    @needs(lambda self: self.grouped, NO_GROUPS)
    def groups_description(self) -> Prose:
        """What the figure of groups shows and does not show."""
        characteristics = self.cohort.study.characteristics
        names = dict.fromkeys(name for row in self.scales for name in row.groups)
        labels = enumeration([lowered(markdown(characteristics[name].label)) for name in names])
        fell = [
            tr(
                "{scale} among {group}",
                scale=lowered(markdown(row.scale.short)),
                group=lowered(markdown(characteristics[name].levels[level])),
            )
            for row in self.scales
            for name, levels in row.groups.items()
            for level, change in levels.items()
            if directions.direction(change.difference, change.low, change.high, row.scale.higher_is) == "worse"
        ]
        said = [
            tr("@fig-groups shows the mean change by {labels}, to see whether somebody was left behind.", labels=labels)
        ]
        if not any(
            change.low is not None for row in self.scales for one in row.groups.values() for change in one.values()
        ):
            said.append(tr("No group has the people, or the variation, to tell."))
        elif fell:
            said.append(tr("It worsened for {groups}.", groups=enumeration(fell)))
        else:
            said.append(tr("In no group did it clearly worsen."))
        return Prose(Markdown(" ".join(said)))

    def records(self) -> list[Record]:
        """Change records: each scale, each item, item by time; methods in words."""
        records = [
            fact("change", not self.left_out, STAGE),
            fact("change-groups", self.grouped, STAGE),
            fact("change-picture", self.pictured, STAGE),
            fact("change-items", self.items_pictured, STAGE),
            fact("harm", harm.there(self), STAGE),
            fact("adverse", adverse_events.there(self), STAGE),
            fact("harm-picture", harm.pictured(self), STAGE),
            fact("equity", bool(self.equity), STAGE),
            fact("waves", waves.more(self), STAGE),
            fact("then", then_test.there(self), STAGE),
            fact("arms", arms.there(self), STAGE),
            fact("answers", answers.there(self), STAGE),
            fact("robust", robustness.there(self), STAGE),
            fact("item-tests", item_tests.there(self), STAGE),
            *adverse_events.records(self),
            Record("methods.analysis", change_methods.abstract(self)),
        ]
        if self.left_out:
            return [*records, Record("left-out.change", self.left_out)]
        records += [*harm.records(self), *equity.records(self), *waves.records(self), *arms.records(self)]
        records += then_test.records(self)
        adjust = self.cohort.study.change.adjust
        for row in self.scales:
            stem = f"change.{row.name.lower()}"
            records.append(change_record(f"{stem}.overall", row.score, self._parts(row)))
            for item in row.items:
                p = row.adjusted(item, adjust)
                parts = {"label": markdown(row.scale.items[str(item.item)]), "adjusted-p": numbers.p_value(p)}
                records.append(change_record(f"{stem}.item.{str(item.item).lower()}", item.change, parts))
            for name, levels in row.groups.items():
                records += [
                    change_record(f"{stem}.by.{name.lower()}.{level.lower()}", change, {}, cell="fig-groups")
                    for level, change in levels.items()
                ]
            for name, test in (("before", row.before), ("after", row.after), ("interaction", row.interaction)):
                text = f_text(test) if test.f is not None else tr("not estimable: {reason}", reason=tr(test.note))
                records.append(
                    Record(
                        f"{stem}.items.{name}",
                        text,
                        test.f,
                        n=test.n,
                        unit="F",
                        method=test.method,
                        cell="txt-change",
                        note=test.note,
                    )
                )
        return records

    def _parts(self, row: ScaleChange) -> dict[str, str]:
        parts = {"sentence": change_text.sentence(self, row)}
        if row.equivalence is not None and row.equivalence.p is not None:
            parts["equivalence-p"] = numbers.p_value(row.equivalence.p)
        return parts

    def save(self) -> None:
        """Write the records."""
        keep_records(self.cohort, STAGE, self.records())


def open(cohort: str) -> Change:
    """Open the waves of a cohort. Raises UserErrors where its files are wrong."""
    opened = open_speaking(cohort)
    data, study = open_survey(opened), opened.study
    waves = data.waves
    first = waves.get(study.first_wave) if study.waves else None
    last = waves.get(study.last_wave) if len(study.times) > 1 else None
    return Change(opened, data.people, first, last, waves, data.then)
