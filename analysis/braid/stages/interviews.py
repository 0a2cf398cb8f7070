"""Stage `qualitative`: themes by participants, what they said, and how far two coders agreed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from braid.cleaning import CodedInterviews, read_interviews
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Markdown, lines
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Row, Table
from braid.presentation.themes import Branch, theme_groups, theme_map
from braid.qualitative import (
    AgreementTable,
    QuoteSelection,
    SaturationCurve,
    ThemePrevalence,
    agreement,
    prevalence,
    saturation,
    select,
    unused_codes,
)
from braid.records import Record
from braid.stages.opening import fact, keep_records, needs
from braid.study import Coding, Cohort, open_cohort

STAGE = "qualitative"
NAMED = 3
GROUP = 5
"""Groups with fewer participants are not shown apart, nor named beside a quotation: members could be recognised."""
LEFT_OUT = "No coded interviews came with this cohort, so there is no qualitative strand."


@dataclass(frozen=True)
class Interviews:
    """The coded interviews of a cohort; `coded` is None where it has none."""

    cohort: Cohort
    coded: CodedInterviews | None

    @property
    def there(self) -> bool:
        return self.coded is not None

    @property
    def data(self) -> CodedInterviews:
        """The coded interviews; asked for only where they are there."""
        assert self.coded is not None
        return self.coded

    @property
    def coding(self) -> Coding:
        assert self.cohort.study.coding is not None
        return self.cohort.study.coding

    @cached_property
    def themes(self) -> list[ThemePrevalence]:
        """Each theme of the codebook by participants, parents before children."""
        if not self.there:
            return []
        return prevalence(self.data.segments, self.data.interviewees, self.coding, consensus=self.data.consensus)

    @cached_property
    def quotes(self) -> QuoteSelection | None:
        """The quotes that a named person has approved, chosen by the selection rules."""
        if not self.there or self.data.quotes is None:
            return None
        return select(
            self.data.segments,
            self.data.quotes,
            self.data.interviewees,
            cohort=self.cohort.name,
            transcripts=self.data.transcripts,
            consensus=self.data.consensus,
            coding=self.coding,
        )

    @cached_property
    def agreement(self) -> AgreementTable | None:
        """Agreement of two coders before consensus."""
        if not self.there:
            return None
        return agreement(
            self.data.segments,
            self.data.transcripts or None,
            coding=self.coding,
            consensus=self.data.consensus,
            participants=set(self.data.interviewees["participant"]),
        )

    @cached_property
    def saturation(self) -> SaturationCurve | None:
        if not self.there:
            return None
        return saturation(self.data.segments, coding=self.coding)

    @property
    def top(self) -> list[ThemePrevalence]:
        """The main themes, in the codebook's order."""
        return [theme for theme in self.themes if theme.depth == 0]

    @property
    def leaves(self) -> list[ThemePrevalence]:
        """Themes without sub-themes, those voiced by most participants first."""
        stems = {theme.theme.rpartition(".")[0] for theme in self.themes}
        return sorted((t for t in self.themes if t.theme not in stems), key=lambda t: -(t.k or 0))

    @property
    def has_groups(self) -> bool:
        groups = self.themes[0].by_group if self.themes else ()
        return len(groups) > 1 and min(group.n for group in groups) >= GROUP

    @property
    def compares_coders(self) -> bool:
        return self.agreement is not None and bool(self.agreement.codes)

    @needs(lambda self: self.there, LEFT_OUT)
    def methods(self) -> Prose:
        """The qualitative analysis in words."""
        approach = {
            "codebook": "Segments were coded with one codebook and grouped into themes [@braun2006]. ",
            "reflexive": "The material was analysed by reflexive thematic analysis [@braun2006]; as codes develop with "
            "the reading, agreement between coders and saturation are not reported. ",
        }[self.coding.approach]
        text = (
            f"{approach}A theme is reported by the number of participants who voiced it or anything below it, never by "
            "its mentions; intervals are exact [@clopper1934] and describe this group only. Quotations are exact, were "
            "approved by a named person, and stand under masked names."
        )
        if self.compares_coders:
            text += (
                " Agreement before consensus is given as percent agreement, Cohen's kappa [@cohen1960], Krippendorff's "
                "alpha [@krippendorff2019] and Gwet's AC1 [@gwet2008], since rare codes pull these apart."
            )
        return Prose(Markdown(text))

    @needs(lambda self: self.there, LEFT_OUT)
    def description(self) -> Prose:
        """The themes in words."""
        tops = [f"*{markdown(t.label)}* ({_k_of_n(t)})" for t in self.top]
        n = self.top[0].n
        text = (
            f"{counted(n, 'participant')} spoke in {markdown(self.coding.collected).lower()} "
            f"({counted(len(self._sources()), 'transcript')}). The analysis found "
            f"{counted(len(self.top), 'theme')}: {enumeration(tops)} (@fig-themes, @tbl-themes)."
        )
        text += f" {self.most_voiced()}"
        unused = [markdown(t.label) for t in self.themes if t.theme in unused_codes(self.themes)]
        if unused:
            text += f" Nobody spoke of {enumeration([u.lower() for u in unused], 'or')}."
        second = self.saturation.caution if self.saturation else ""
        return Prose(Markdown(text), second)

    def most_voiced(self) -> str:
        """Which sub-themes were voiced by most participants, or that none stood out (ready markdown)."""
        leaves = [theme for theme in self.leaves if theme.k]
        if not leaves:
            return ""
        first = [theme for theme in leaves if theme.k == leaves[0].k]
        if len(first) > NAMED:
            reach = f"{leaves[-1].k} to {leaves[0].k} of {leaves[0].n} participants"
            return f"No sub-theme stood out: each of the {len(leaves)} was voiced by {reach}."
        voiced = [f"{markdown(theme.label).lower()} ({_k_of_n(theme)} participants)" for theme in first]
        return f"Voiced most widely: {enumeration(voiced)}."

    def answer(self) -> str:
        """The main themes in a sentence, those voiced most widely first (ready markdown)."""
        ranked = sorted(self.top, key=lambda theme: -(theme.k or 0))
        said = [f"{markdown(theme.label).lower()} ({_k_of_n(theme)})" for theme in ranked[:NAMED]]
        what = markdown(self.coding.collected)
        lead = f"{what} with {counted(ranked[0].n, 'participant')} gave {counted(len(ranked), 'theme')}"
        return f"{lead}{', first of all' if len(ranked) > NAMED else ''}: {enumeration(said)}."

    def _sources(self) -> list[str]:
        return sorted(set(self.data.segments["source"]))

    @needs(lambda self: self.there, LEFT_OUT)
    def table(self) -> Table:
        """Each theme: participants k of n (%), interval, groups, mentions."""
        groups = self.themes[0].by_group if self.has_groups else ()
        columns = [Column("Theme"), Column("Participants, n (%)", "number"), Column("95% CI, %", "number")]
        columns += [
            Column(lines(group.label, f"(n = {group.n})"), "number", under="Participants by group") for group in groups
        ]
        columns.append(Column("Mentions", "number"))
        rows = []
        for theme in self.themes:
            low, high = (None if bound is None else 100 * bound for bound in (theme.low, theme.high))
            rows.append(
                Row(
                    (
                        theme.label,
                        numbers.count_percent(theme.k, theme.n, 0),
                        numbers.interval(low, high, 0),
                        *(numbers.whole(group.k) for group in (theme.by_group if self.has_groups else ())),
                        numbers.whole(theme.mentions),
                    ),
                    indent=theme.depth,
                    strong=theme.depth == 0,
                )
            )
        note = (
            "A participant counts once for a theme, whatever the number of mentions, and for a main theme whichever "
            "of its sub-themes was voiced."
        )
        return Table(columns, rows, notes=[note])

    @needs(lambda self: self.there, LEFT_OUT)
    def map(self) -> Figure:
        """The map of themes with the number of participants."""
        return theme_map([self._branch(top) for top in self.top], self.top[0].n, title=self.coding.collected)

    def _branch(self, theme: ThemePrevalence) -> Branch:
        below = [t for t in self.themes if t.theme.rpartition(".")[0] == theme.theme]
        return Branch(theme.label, theme.k, tuple(self._branch(t) for t in below))

    @needs(lambda self: self.there and self.quotes and self.quotes.quotes, "No quotation has been approved.")
    def quotations(self) -> Prose:
        """Approved quotations by theme."""
        assert self.quotes is not None
        labels = {path: theme.label for path, theme in self.coding.paths().items()}
        groups = self.coding.groups
        blocks: list[Markdown] = []
        for path in dict.fromkeys(quote.theme for quote in self.quotes.quotes):
            top = path.partition(".")[0]
            heading = labels[path] if top == path else f"{labels[top]}: {labels[path][0].lower()}{labels[path][1:]}"
            said = []
            for quote in self.quotes.quotes:
                if quote.theme == path:
                    named = quote.group and self.has_groups
                    group = f", {markdown(groups.get(quote.group, quote.group)).lower()}" if named else ""
                    said.append(f"- “{markdown(quote.text)}” ({markdown(quote.participant)}{group})")
            blocks += [Markdown(f"**{markdown(heading)}**"), Markdown("\n".join(said))]
        return Prose(*blocks)

    @needs(lambda self: self.compares_coders, "Agreement between coders is not reported.")
    def agreement_description(self) -> Prose:
        """Agreement in words, with what became of the differences."""
        assert self.agreement is not None and self.agreement.pooled is not None
        found, pooled = self.agreement, self.agreement.pooled
        text = (
            f"Two people coded {counted(found.n, found.unit)} apart. Over all codes they agreed on "
            f"{numbers.percent(pooled.both + pooled.neither, pooled.n)} of decisions "
            f"(kappa = {numbers.fixed(pooled.kappa)}; @tbl-agreement)."
        )
        record = found.consensus
        if record is not None:
            text += (
                f" Of {counted(record.disagreements, 'disagreement')}, {record.settled} were settled by consensus "
                f"and {record.open} stand open."
            )
        return Prose(Markdown(text))

    @needs(lambda self: self.compares_coders, "Agreement between coders is not reported.")
    def agreement_table(self) -> Table:
        """Counts and coefficients for each code."""
        assert self.agreement is not None
        columns = [
            Column("Code"),
            Column("Both", "number", under="Units coded by"),
            Column("One", "number", under="Units coded by"),
            Column("None", "number", under="Units coded by"),
            Column("Agreement", "number"),
            Column("Kappa", "number"),
            Column("Alpha", "number"),
            Column("AC1", "number"),
        ]
        rows = []
        for code in self.agreement.codes:
            c = code.result
            rows.append(
                Row(
                    (
                        code.label,
                        str(c.both),
                        str(c.disagreements),
                        str(c.neither),
                        numbers.percent(c.both + c.neither, c.n) if c.n else numbers.MISSING,
                        numbers.fixed(c.kappa),
                        numbers.fixed(c.alpha),
                        numbers.fixed(c.ac1),
                    ),
                    indent=code.theme.count("."),
                )
            )
        note = f"Unit: {self.agreement.unit}. Before consensus."
        if any(code.result.kappa is None for code in self.agreement.codes):
            note += " A dash stands where a coefficient is not estimable."
        return Table(columns, rows, notes=[note])

    @needs(lambda self: self.has_groups, "The participants were not in groups.")
    def groups_figure(self) -> Figure:
        """Sub-themes by group of participants."""
        shown = self._by_branch()
        headings: dict[int, str] = {}
        for place, theme in enumerate(shown):
            top = theme.theme.partition(".")[0]
            if place == 0 or shown[place - 1].theme.partition(".")[0] != top:
                headings[place] = next(t.label for t in self.top if t.theme == top)
        return theme_groups(
            [theme.label for theme in shown],
            [group.label for group in shown[0].by_group],
            [[group.k for group in theme.by_group] for theme in shown],
            [group.n for group in shown[0].by_group],
            headings=headings,
        )

    def _by_branch(self) -> list[ThemePrevalence]:
        """Themes without sub-themes, in the codebook's order."""
        leaves = {theme.theme for theme in self.leaves}
        return [theme for theme in self.themes if theme.theme in leaves]

    def records(self) -> list[Record]:
        """Theme and agreement records."""
        has_quotes = bool(self.quotes and self.quotes.quotes)
        records = [
            fact("interviews", self.there, STAGE),
            fact("quotes", has_quotes, STAGE),
            fact("agreement", self.compares_coders, STAGE),
            fact("theme-groups", self.has_groups, STAGE),
        ]
        if not self.there:
            return [*records, Record("left-out.interviews", LEFT_OUT)]
        for theme in self.themes:
            records.append(
                Record(
                    f"theme.{theme.theme.lower()}",
                    _k_of_n(theme),
                    theme.share,
                    theme.low,
                    theme.high,
                    theme.n,
                    unit="share of participants",
                    method="participants, Clopper-Pearson interval",
                    cell="tbl-themes",
                    parts={"label": markdown(theme.label), "mentions": numbers.whole(theme.mentions)},
                )
            )
        if self.compares_coders and self.agreement is not None:
            named = [(f"agreement.{code.theme.lower()}", code.result) for code in self.agreement.codes]
            pooled = self.agreement.pooled
            named += [("agreement.pooled", pooled)] if pooled is not None else []
            for name, c in named:
                records.append(
                    Record(
                        name,
                        numbers.fixed(c.kappa),
                        c.kappa,
                        n=c.n,
                        unit="kappa",
                        method="Cohen's kappa",
                        cell="tbl-agreement",
                        note=c.reason,
                    )
                )
        return records

    def save(self) -> None:
        """Write the records."""
        keep_records(self.cohort, STAGE, self.records())


def open(cohort: str) -> Interviews:
    """Open the interviews of a cohort. Raises UserErrors where its files are wrong."""
    opened = open_cohort(cohort)
    return Interviews(opened, read_interviews(opened))


def _k_of_n(theme: ThemePrevalence) -> str:
    return f"{theme.k} of {theme.n}" if theme.k is not None else "too few to show"
