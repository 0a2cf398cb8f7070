"""Stage `qualitative`: themes by participants, what they said, and how far two coders agreed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from braid.cleaning import CodedInterviews, read_interviews
from braid.disclosure import THRESHOLD, suppress_prevalence
from braid.integration import count_text
from braid.language import lowered, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.prose import Prose, counted, enumeration
from braid.qualitative import (
    AgreementTable,
    Cooccurrence,
    GroupCount,
    QuoteSelection,
    SaturationCurve,
    ThemePrevalence,
    agreement,
    cooccurrence,
    deny_list,
    prevalence,
    saturation,
    select,
    settle,
)
from braid.records import Record
from braid.stages import codebook, coders, heard, sample, theme_pairs, theme_table
from braid.stages.opening import fact, keep_records, open_speaking
from braid.study import Coding, Cohort

STAGE = "qualitative"
NAMED = 3
PLACES = ("by_group", "by_site", "by_occasion")


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
    def _counted(self) -> list[ThemePrevalence]:
        """Each theme as it was counted, for `themes` alone: nothing may be shown of it."""
        if not self.there:
            return []
        return prevalence(self.data.segments, self.data.interviewees, self.coding, consensus=self.data.consensus)

    @cached_property
    def themes(self) -> list[ThemePrevalence]:
        """Each theme of the codebook by participants, parents before children, as it may be shown.

        Small counts are hidden here, before anything is drawn or written; whatever else needs prevalence asks here.
        Groups, sites and occasions are gone where one is too small to be shown apart, or no number would be left.
        """
        counts = self._counted
        for name in PLACES:
            if counts and not self._may_part(getattr(counts[0], name)):
                counts = _without(counts, name)
        shown = suppress_prevalence(counts, self.smallest, override=self.cohort.small_counts_shown)
        for name in PLACES:
            if all(count.k is None for theme in theme_table.leaves(shown) for count in getattr(theme, name)):
                shown = _without(shown, name)
        return shown

    @property
    def not_apart(self) -> list[str]:
        """By what the participants are not shown, although it is known of them: `group`, `site`, `occasion`."""
        if not self.there:
            return []
        known = [name for name in PLACES if len(getattr(self._counted[0], name)) > 1]
        return [name.removeprefix("by_") for name in known if not getattr(self.themes[0], name)]

    @property
    def smallest(self) -> int:
        """Counts of people from 1 to below this are not shown, unless the cohort says why they may be."""
        return self.cohort.study.disclosure.smallest

    def _may_part(self, places: tuple[GroupCount, ...]) -> bool:
        return len(places) > 1 and (bool(self.cohort.small_counts_shown) or min(p.n for p in places) >= self.smallest)

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
            deny_list=self.deny,
            consensus=self.data.consensus,
            coding=self.coding,
        )

    @property
    def deny(self) -> list[str]:
        """Words that no quotation or reason may hold before a person has decided so."""
        return deny_list(self.coding, self.data.interviewees, self.data.segments)

    @cached_property
    def agreement(self) -> AgreementTable | None:
        """Agreement of two coders before consensus."""
        if not self.there:
            return None
        return agreement(
            self.data.segments,
            self.data.transcripts or None,
            self.coding.coders,
            coding=self.coding,
            consensus=self.data.consensus,
            participants=set(self.data.interviewees["participant"]),
        )

    @cached_property
    def saturation(self) -> SaturationCurve | None:
        if not self.there:
            return None
        return saturation(settle(self.data.segments, self.data.consensus), coding=self.coding)

    @cached_property
    def meeting(self) -> list[Cooccurrence]:
        """Pairs of themes that share passages, the closest first."""
        if not self.there:
            return []
        found = cooccurrence(self.data.segments, coding=self.coding, consensus=self.data.consensus)
        return theme_pairs.meeting(self.themes, found)

    @property
    def top(self) -> list[ThemePrevalence]:
        """The main themes, in the codebook's order."""
        return [theme for theme in self.themes if theme.depth == 0]

    @property
    def leaves(self) -> list[ThemePrevalence]:
        """Themes without sub-themes, those voiced by most participants first."""
        return sorted(theme_table.leaves(self.themes), key=lambda t: -(t.k or 0))

    @property
    def has_groups(self) -> bool:
        return bool(self.themes and self.themes[0].by_group)

    @property
    def has_sites(self) -> bool:
        return bool(self.themes and self.themes[0].by_site)

    @property
    def has_occasions(self) -> bool:
        return bool(self.themes and self.themes[0].by_occasion)

    @property
    def compares_groups(self) -> bool:
        """Whether shares of groups are compared: in a codebook approach, and groups of THRESHOLD people or more."""
        groups = self.themes[0].by_group if self.has_groups else ()
        return bool(groups) and self.coding.approach == "codebook" and min(group.n for group in groups) >= THRESHOLD

    @property
    def compares_coders(self) -> bool:
        return self.agreement is not None and bool(self.agreement.codes)

    @property
    def has_consensus(self) -> bool:
        return self.compares_coders and self.data.consensus is not None and not self.data.consensus.empty

    @property
    def has_saturation(self) -> bool:
        """Whether codes can be followed from one transcript to the next."""
        return self.saturation is not None and len(self.saturation.points) > 1

    def most_voiced(self) -> str:
        """Which sub-themes were voiced by most participants, or that none stood out (ready markdown)."""
        leaves = [theme for theme in self.leaves if theme.k]
        if not leaves:
            return ""
        hidden = any(theme.k is None for theme in self.leaves)
        first = [theme for theme in leaves if theme.k == leaves[0].k]
        least, most = leaves[-1].k, leaves[0].k
        if least == most:
            reach = tr("{k} of {n} participants", k=most, n=leaves[0].n)
        else:
            reach = tr("{least} to {most} of {n} participants", least=least, most=most, n=leaves[0].n)
        if hidden:  # one that is not shown may have been voiced by more
            return tr("The sub-themes whose numbers are shown were voiced by {reach}.", reach=reach)
        if len(first) > NAMED:
            return tr("No sub-theme stood out: each of the {n} was voiced by {reach}.", n=len(leaves), reach=reach)
        share = tr("{k} of {n} participants", k=most, n=leaves[0].n)
        voiced = [f"{lowered(markdown(theme.label))} ({share})" for theme in first]
        return tr("Voiced most widely: {themes}.", themes=enumeration(voiced))

    def answer(self) -> str:
        """The main themes in a sentence, most widely voiced first where all numbers are shown (ready markdown).

        Their sub-themes, where everybody voiced every main theme, so that nothing is said by naming them.
        """
        everybody = all(theme.k == theme.n for theme in self.top)
        everybody = everybody and all(theme.depth and theme.k is not None for theme in self.leaves)
        themes = self.leaves if everybody else self.top
        known = all(theme.k is not None for theme in themes)
        ranked = sorted(themes, key=lambda theme: -(theme.k or 0)) if known else themes
        named = ranked[:NAMED] if known else ranked
        found = counted(len(self.top), "theme")
        if everybody:
            found = tr("{themes} with {parts}", themes=found, parts=counted(len(ranked), "sub-theme"))
        fields = {
            "what": markdown(self.coding.collected),
            "participants": counted(ranked[0].n, "participant"),
            "found": found,
            "themes": enumeration(f"{lowered(markdown(theme.label))} ({count_text(theme)})" for theme in named),
        }
        if len(ranked) > len(named):
            return tr("{what} with {participants} gave {found}, first of all: {themes}.", **fields)
        return tr("{what} with {participants} gave {found}: {themes}.", **fields)

    def groups_figure(self) -> Figure | Prose:
        """Sub-themes by group of participants."""
        return theme_table.groups_figure(self)

    def records(self) -> list[Record]:
        """Theme and agreement records."""
        has_quotes = bool(self.quotes and self.quotes.quotes)
        records = [
            fact("interviews", self.there, STAGE),
            fact("quotes", has_quotes, STAGE),
            fact("agreement", self.compares_coders, STAGE),
            fact("theme-groups", self.has_groups, STAGE),
            fact("theme-differences", self.compares_groups, STAGE),
            fact("heard", heard.there(self), STAGE),
            fact("theme-sites", self.has_sites, STAGE),
            fact("theme-occasions", self.has_occasions, STAGE),
            fact("meeting", bool(self.meeting), STAGE),
            fact("codebook", codebook.described(self), STAGE),
            fact("consensus", self.has_consensus, STAGE),
            fact("saturation", self.has_saturation, STAGE),
            fact("information-power", self.there and sample.has_power(self.coding), STAGE),
            fact("reflexivity", self.there and bool(self.coding.reflexivity.strip()), STAGE),
        ]
        if not self.there:
            return [*records, Record("left-out.interviews", tr(theme_table.LEFT_OUT))]
        for theme in self.themes:
            records.append(
                Record(
                    f"theme.{theme.theme.lower()}",
                    count_text(theme),
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
        if self.agreement is not None:
            records += coders.records(self.agreement)
        return records

    def save(self) -> None:
        """Write the records."""
        keep_records(self.cohort, STAGE, self.records())


def open(cohort: str) -> Interviews:
    """Open the interviews of a cohort. Raises UserErrors where its files are wrong."""
    opened = open_speaking(cohort)
    return Interviews(opened, read_interviews(opened))


def _without(themes: list[ThemePrevalence], places: str) -> list[ThemePrevalence]:
    return [replace(theme, **{places: ()}) for theme in themes]  # type: ignore[arg-type]
