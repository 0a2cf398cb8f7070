"""Stage `change`: the last wave against the first, for each scale and each item."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from braid.cleaning import open_survey
from braid.presentation import numbers, sentences
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Markdown
from braid.presentation.means import forest, item_means
from braid.presentation.paired import paired_change as paired_change_figure
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages import answers, arms, equity, harm, robustness, waves
from braid.stages.change_shown import change_record, change_row, effect_of, f_text, people_in, test_of
from braid.stages.opening import fact, keep_records, needs
from braid.stages.scale_change import ScaleChange, mean_interval, scale_change
from braid.statistics.equity import ChangeByGroup
from braid.statistics.mixed_model import Coefficient
from braid.study import Cohort, open_cohort

STAGE = "change"
NAMED = 2
NO_PAIRS = "Nobody answered both at the first and at the last wave, so change cannot be estimated."
ONE_WAVE = "The survey was answered once in this cohort, so there is no change to report."
NO_SURVEY = "This cohort has no survey, so there is no change to report."
ADJUSTMENTS = {
    "holm": ("Holm's step-down adjustment [@holm1979]", "Holm"),
    "bonferroni": ("Bonferroni's adjustment", "Bonferroni"),
    "bh": ("the false discovery rate of Benjamini and Hochberg", "Benjamini-Hochberg"),
}


@dataclass(frozen=True)
class Change:
    """The change of a cohort between its first and its last wave. waves: all there are, in order of time."""

    cohort: Cohort
    people: pd.DataFrame
    first: pd.DataFrame | None
    last: pd.DataFrame | None
    waves: dict[str, pd.DataFrame] = field(default_factory=dict)

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
            return NO_SURVEY
        if self.last is None:
            return ONE_WAVE
        return "" if any(row.score.difference is not None for row in self.scales) else NO_PAIRS

    def methods(self) -> Prose:
        """The analysis in words, for the methods section."""
        return Prose(Markdown(self._methods()))

    def _methods(self) -> str:
        if self.first is None:
            return ""
        study = self.cohort.study
        words = ["Means are given with standard deviations, counts with percentages, estimates with 95% intervals."]
        words.append(
            "The reliability of scores is given as Cronbach's alpha, and a ceiling is named where more than 15% of "
            "the people have the highest possible score."
        )
        known = [name for name in study.baseline.groups if name in self.people.columns]
        if known:
            test = {"student": "Student's t-tests", "welch": "Welch's t-tests"}[study.baseline.test]
            names = enumeration([markdown(study.characteristics[n].label).lower() for n in known])
            words.append(f"The first wave was compared by {names} with {test}.")
        regressed = [name for name in study.baseline.numbers if name in self.people.columns]
        if regressed:
            names = enumeration([markdown(study.characteristics[n].label).lower() for n in regressed])
            words.append(f"Its association with {names} was estimated by linear regression.")
        if not self.left_out:
            words.append(self._tests())
        return " ".join(words)

    def _tests(self) -> str:
        study = self.cohort.study
        method, _ = ADJUSTMENTS[study.change.adjust]
        items = (
            f"Items were tested one by one with {method} over the items of a scale (α = {study.change.alpha:g})."
            if any(len(scale.items) > 1 for scale in study.scales.values())
            else ""
        )
        if self.paired:
            test = (
                "Change was tested with paired t-tests on people who answered both times, and its size is the mean "
                "change over the root of the mean variance of the waves, *d*~av~, with the interval of @bonett2008."
            )
        else:
            test = (
                "Nothing tells who is who in the two waves, so they were compared as independent groups with Welch's "
                "t-tests, and the size of the difference is that of the means over the pooled standard deviation, "
                "*d*~s~. Where the same people answered twice, such a test is too cautious."
            )
        interaction = (
            "Whether items changed differently was judged by the interaction of item and time, as a difference between "
            "significant and not significant need not be significant itself [@gelman2006]; *p* values of these "
            "analyses of variance are corrected by Greenhouse and Geisser, degrees of freedom are given as they are."
            if self.paired and items
            else ""
        )
        end = "Tests were computed with pingouin [@vallat2018] and SciPy."
        return " ".join(part for part in (test, items, interaction, end) if part)

    @needs(lambda self: not self.left_out, "There is no change to report.")
    def description(self) -> Prose:
        """Change of each scale in generated sentences, then what the items add."""
        scales = " ".join(self.sentence(row) for row in self.scales)
        where = "@tbl-change gives every scale and item, @fig-items the means of the items"
        if self.pictured:
            how = "how much people changed" if len(self.scales) == 1 else "the size of each scale's change"
            where = f"{where}, and @fig-paired {how}"
        else:
            where = where.replace(", @fig-items", " and @fig-items")
        several = [row for row in self.scales if len(row.items) > 1]
        return Prose(
            Markdown(f"{scales} {where}.{self._scored()}"), *(Markdown(self._items_sentence(row)) for row in several)
        )

    def _scored(self) -> str:
        """Why fewer people are in a test than answered both times; empty where all are."""
        assert self.first is not None and self.last is not None
        if not self.paired:
            return " The people of the waves could not be paired, so the waves are compared as independent groups."
        both = len(self.first.index.intersection(self.last.index))
        least = min(row.score.n for row in self.scales)
        if least == both:
            return ""
        counts = f"{least}" if len(self.scales) == 1 else f"at least {least}"
        return f" Of the {both} people who answered both times, {counts} answered enough items for both scores."

    def sentence(self, row: ScaleChange, *, test: bool = True) -> str:
        """The change of one scale as a guarded sentence (ready markdown), with or without the test and effect size."""
        found = row.score
        return sentences.change(
            row.scale.short,
            (found.mean_before, found.sd_before),
            (found.mean_after, found.sd_after),
            found.difference,
            found.low,
            found.high,
            higher_is=row.scale.higher_is,
            test=test_of(found) if test else None,
            effect=effect_of(found) if test else None,
            n=found.n if self.paired else None,
            what="mean change" if self.paired else "difference of the means",
            reason=found.note,
        ).source

    def summary(self) -> str:
        """The change in one or two sentences; several scales are counted by their direction (ready markdown)."""
        if arms.there(self):
            return arms.summary(self)
        if len(self.scales) <= NAMED:
            return " ".join(self.sentence(row, test=False) for row in self.scales)
        words = {
            "better": "improved",
            "worse": "worsened",
            "unclear": "showed no clear change",
            "not estimable": "could not be estimated",
        }
        told = []
        for found, verb in words.items():
            names = [
                _scale_change(row)
                for row in self.scales
                if sentences.direction(row.score.difference, row.score.low, row.score.high, row.scale.higher_is)
                == found
            ]
            if names:
                told.append(f"{len(names)} {verb} ({enumeration(names)})")
        return f"Of {len(self.scales)} scales, {enumeration(told)}."

    def _items_sentence(self, row: ScaleChange) -> str:
        alpha, adjust = self.cohort.study.change.alpha, self.cohort.study.change.adjust
        label = markdown(row.scale.short)
        rose, fell = 0, 0
        for item in row.items:
            p, difference = row.adjusted(item, adjust), item.change.difference
            if p is not None and difference is not None and p < alpha:
                rose, fell = rose + (difference > 0), fell + (difference < 0)
        name = ADJUSTMENTS[adjust][1]
        total = len(row.items)
        said = [f"{rose} of {total} items rose" if rose else "", f"{fell} of {total} fell" if fell else ""]
        counts = enumeration([part for part in said if part]) or f"none of the {total} items changed clearly"
        text = f"{label}: after adjustment ({name}), {counts}."
        if row.interaction.p is not None and row.before.p is not None and row.after.p is not None:
            differ = row.interaction.p < alpha
            text += (
                f" The items differed {'clearly' if row.before.p < alpha else 'not clearly'} at the first wave "
                f"({f_text(row.before)}) and {'clearly' if row.after.p < alpha else 'not clearly'} at the last "
                f"({f_text(row.after)}); they "
                f"{'changed differently' if differ else 'did not clearly change differently'} "
                f"(item × time: {f_text(row.interaction)})."
            )
        return text

    @needs(lambda self: not self.left_out, "There is no change to report.")
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
            Column("Scale and item"),
            Column("n" if self.paired else "n; n", "number"),
            Column(first, "number", under="Mean ± SD"),
            Column(last, "number", under="Mean ± SD"),
            Column("Change [95% CI]", "number"),
            Column(Markdown(f"{size} [95% CI]"), "number"),
            Column(Markdown("*p*"), "number"),
            Column(Markdown("adj. *p*"), "number"),
        ]
        told = (
            "n: people with both values. *d*~av~: mean change over the root of the mean variance of the waves."
            if self.paired
            else "n; n: people with a value at the first and at the last wave, who could not be paired. *d*~s~: "
            "difference of the means over the pooled standard deviation."
        )
        notes = [Markdown(f"{told} adj. *p*: {ADJUSTMENTS[adjust][1]}, over the items of a scale.")]
        return Table(columns, rows, notes=notes)

    @needs(lambda self: not self.left_out, "There is no change to report.")
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
            caption=f"Item means with 95% confidence intervals before and after (scale from {low} to {high})",
        )

    @property
    def pictured(self) -> bool:
        """Whether there is a picture of how much people, or scales, changed."""
        return not self.left_out and (self.paired or len(self.scales) > 1)

    @needs(lambda self: self.pictured, "Nobody can be found again in another wave.")
    def paired_figure(self) -> Figure:
        """The change of every person; with several scales, the size of each scale's change."""
        assert self.first is not None and self.last is not None
        study = self.cohort.study
        if len(self.scales) == 1:
            row = self.scales[0]
            before, after = (score.to_numpy() for score in row.scores)
            waves = (study.waves[study.first_wave], study.waves[study.last_wave])
            caption = f"Change of each person in {row.scale.short.lower()} (n = {numbers.whole(row.score.n)})"
            return paired_change_figure(before, after, waves, score=row.scale.short, caption=caption)
        sizes = [(row.scale.short, effect_of(row.score)) for row in self.scales]
        rows = [(label, size.value, size.low, size.high) for label, size in sizes]
        size = Markdown(f"Size of the change of each scale ({sizes[0][1].symbol} with 95% confidence interval)")
        return forest(rows, axis="Change in standard deviations", caption=size)

    @property
    def grouped(self) -> bool:
        """Whether change can be shown for groups of people."""
        return not self.left_out and any(row.groups for row in self.scales)

    @needs(lambda self: self.grouped, "There are no groups to compare the change of.")
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

    @needs(lambda self: self.grouped, "There are no groups to compare the change of.")
    def groups_description(self) -> Prose:
        """What the figure of groups shows and does not show."""
        characteristics = self.cohort.study.characteristics
        names = dict.fromkeys(name for row in self.scales for name in row.groups)
        labels = enumeration([markdown(characteristics[name].label).lower() for name in names])
        fell = [
            f"{markdown(row.scale.short).lower()} among {markdown(characteristics[name].levels[level]).lower()}"
            for row in self.scales
            for name, levels in row.groups.items()
            for level, change in levels.items()
            if change.high is not None and change.high < 0
        ]
        text = f"@fig-groups shows the mean change by {labels}, to see whether somebody was left behind."
        text += f" It fell for {enumeration(fell)}." if fell else " In no group did it clearly fall."
        return Prose(Markdown(text))

    def records(self) -> list[Record]:
        """Change records: each scale, each item, item by time; methods in words."""
        records = [
            fact("change", not self.left_out, STAGE),
            fact("change-groups", self.grouped, STAGE),
            fact("change-picture", self.pictured, STAGE),
            fact("harm", harm.there(self), STAGE),
            fact("harm-picture", harm.pictured(self), STAGE),
            fact("equity", bool(self.equity), STAGE),
            fact("waves", waves.more(self), STAGE),
            fact("arms", arms.there(self), STAGE),
            fact("answers", answers.there(self), STAGE),
            fact("robust", robustness.there(self), STAGE),
            fact("robust-items", robustness.there(self) and any(len(row.items) > 1 for row in self.scales), STAGE),
            Record("methods.analysis", self._abstract_methods()),
        ]
        if self.left_out:
            return [*records, Record("left-out.change", self.left_out)]
        records += [*harm.records(self), *equity.records(self), *waves.records(self), *arms.records(self)]
        adjust = self.cohort.study.change.adjust
        for row in self.scales:
            stem = f"change.{row.name.lower()}"
            records.append(change_record(f"{stem}.overall", row.score, {"sentence": self.sentence(row)}))
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
                text = f_text(test) if test.f is not None else f"not estimable: {test.note}"
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

    def _abstract_methods(self) -> str:
        if self.first is None:
            return ""
        if self.left_out:
            return "The survey is described with means, standard deviations and counts."
        if not self.paired:
            return "The waves, whose people could not be paired, were compared with Welch's t-tests and *d*~s~."
        return "Change was tested with paired t-tests and sized by *d*~av~."

    def save(self) -> None:
        """Write the records."""
        keep_records(self.cohort, STAGE, self.records())


def open(cohort: str) -> Change:
    """Open the waves of a cohort. Raises UserErrors where its files are wrong."""
    opened = open_cohort(cohort)
    data, study = open_survey(opened), opened.study
    waves = data.waves
    first = waves.get(study.first_wave) if study.waves else None
    last = waves.get(study.last_wave) if len(study.waves) > 1 else None
    return Change(opened, data.people, first, last, waves)


def _scale_change(row: ScaleChange) -> str:
    found, name = row.score, markdown(row.scale.short)
    if found.difference is None:
        return name
    return f"{name} {numbers.fixed(found.difference)} [{numbers.interval(found.low, found.high, between=', ')}]"
