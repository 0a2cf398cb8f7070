"""study.yml as frozen models: the instruments, the groups, the themes and how the strands are joined.

The file is read once, at the edge; inside the program only these models exist. A key that is not
listed here is refused, so that a typing slip never silently changes an analysis.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from braid.study.joining import JointRow, Level, Literature, WorksAs
from braid.study.reporting import Programme, Reporting
from braid.study.strict import LanguageCode, Name, Strict, Text


class Author(Strict):
    name: Text
    affiliation: str = ""


Progress = Literal[
    "place", "race", "occupation", "gender", "religion", "education", "socioeconomic", "social capital", "plus"
]
"""PROGRESS-Plus: by what equity is looked at (O'Neill et al. 2014); race is also ethnicity, culture and language."""


class Characteristic(Strict):
    """Something known about a person: a group (with levels) or a number (with a unit).

    progress: which PROGRESS-Plus characteristic a group is, where equity is looked at by it.
    """

    label: Text
    progress: Progress | None = None
    type: Literal["group", "number"] = "group"
    levels: dict[Name, Text] = Field(default_factory=dict)
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None

    @model_validator(mode="after")
    def _levels_fit_the_type(self) -> Self:
        if self.type == "group" and len(self.levels) < 2:
            raise ValueError("a group needs at least two levels")
        if self.type == "number" and self.levels:
            raise ValueError("a number has no levels; use type: group")
        return self


class Instrument(Strict):
    """Items answered on one labelled response scale."""

    label: Text
    items: dict[Name, Text] = Field(min_length=1)
    responses: dict[int, Text] = Field(min_length=2)

    @property
    def minimum(self) -> int:
        return min(self.responses)

    @property
    def maximum(self) -> int:
        return max(self.responses)


class Scale(Instrument):
    """A scale whose items are combined into one score per person and wave.

    score: `mean` or `sum` of the answered items; `rule`: `half` gives a score where at least half the
    items are answered, `complete` only where all are. reverse: items scored the other way round.
    higher_is: whether a higher score is `better` or `worse`.
    reliability: what reliable change rests on: `alpha` or `omega` of the first wave, or a published number.
    margin: the smallest difference that matters, in points of the score, set before the data were seen. Where groups or
    waves do not clearly differ, two one-sided tests then ask whether the difference is smaller than it; without a
    margin the report says that equivalence was not tested.
    """

    short: Text
    score: Literal["mean", "sum"] = "mean"
    rule: Literal["half", "complete"] = "half"
    reverse: list[Name] = Field(default_factory=list)
    higher_is: Literal["better", "worse"] = "better"
    reliability: Literal["alpha", "omega"] | Annotated[float, Field(gt=0, lt=1)] = "alpha"
    margin: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _reverse_items_exist(self) -> Self:
        unknown = [item for item in self.reverse if item not in self.items]
        if unknown:
            raise ValueError(f"reverse names items that the scale does not have: {', '.join(unknown)}")
        return self


class Satisfaction(Instrument):
    """The evaluation form; a response from `agrees_from` upwards counts as agreement."""

    agrees_from: int = 4


class Baseline(Strict):
    """Which characteristics the first wave's score is compared by, and with which test."""

    groups: list[Name] = Field(default_factory=list)
    numbers: list[Name] = Field(default_factory=list)
    test: Literal["welch", "student"] = "welch"


class Change(Strict):
    """How change is tested: error rate overall, and the adjustment over a scale's items.

    waves: the two waves whose difference answers the study's question; the first and the last where it is left out.
    then: the wave in which people judged afterwards how it had been at the first (a then-test): no point in time of its
    own.
    """

    waves: tuple[Name, Name] | None = None
    then: Name | None = None
    alpha: float = Field(default=0.05, gt=0, lt=1)
    adjust: Literal["bonferroni", "holm", "bh"] = "holm"


class Theme(Strict):
    """A theme or sub-theme of the codebook.

    kind: what it speaks of (barrier, facilitator, reflection, harm). level: where it acts; works_as: whether it costs
    strength or gives it. A sub-theme that says neither has its theme's. attributes: what else the study sets themes
    apart by, in its own words (`{phase: early}`). codes: the codes of the coding program that belong to the theme,
    besides the one of its own name: `Barriers > Time`, or the last names of it. Codes below one of them go with it,
    unless a theme of their own takes them.
    """

    label: Text
    description: str = ""
    kind: str = ""
    level: Level | None = None
    works_as: WorksAs | None = None
    attributes: dict[Name, Text] = Field(default_factory=dict)
    codes: list[Text] = Field(default_factory=list)
    themes: dict[Name, Theme] = Field(default_factory=dict)


class InformationPower(Strict):
    """Whether enough was heard, in the team's words: the five items of Malterud, Siersma & Guassora (2016).

    The narrower the aim, the more specific the participants' experience, the better the theory, the richer the dialogue
    and the more a single case is analysed in depth, the fewer participants are needed. An item left out is not shown.
    """

    aim: str = ""
    specificity: str = ""
    theory: str = ""
    dialogue: str = ""
    analysis: str = ""


class Coding(Strict):
    """The qualitative approach: `codebook` reports agreement between coders and saturation, `reflexive` does not.

    coders: the two whose coding is compared, where more than two worked. information_power, reflexivity: what the team
    writes on the sample and on itself, shown in the methods. deny: names, wards and sites that no quotation may hold
    before a person has decided so. groups_in_survey: which level of which characteristic a group of the interviews is
    in the survey (`{surgical: field.surgical}`), so that change and themes of one group stand side by side; one that
    is not named here is looked for among the levels by its name.
    """

    approach: Literal["codebook", "reflexive"] = "codebook"
    collected: Text = "Interviews"
    description: str = ""
    groups: dict[Name, Text] = Field(default_factory=dict)
    groups_in_survey: dict[Name, Text] = Field(default_factory=dict)
    coders: tuple[Text, Text] | None = None
    information_power: InformationPower | None = None
    reflexivity: str = ""
    deny: list[Text] = Field(default_factory=list)
    themes: dict[Name, Theme] = Field(min_length=1)
    ignore: list[Text] = Field(default_factory=list)

    def paths(self) -> dict[str, Theme]:
        """Every theme by its dotted path (`barriers.time`), parents before children."""
        return dict(_walk(self.themes, ""))


def _walk(themes: dict[str, Theme], stem: str) -> Iterator[tuple[str, Theme]]:
    for name, theme in themes.items():
        path = f"{stem}{name}"
        yield path, theme
        yield from _walk(theme.themes, f"{path}.")


class Disclosure(Strict):
    """How small groups of people are protected: counts of people from 1 to below `smallest` are not shown.

    1 hides nothing. A cohort may set its own reason for showing small counts (`small_counts_shown` in cohort.yml).
    """

    smallest: int = Field(default=5, ge=1, le=50)


class Study(Strict):
    """The whole of study.yml.

    language: in which the report is written: `en`, `da`, or one whose catalogue stands in analysis/language.
    waves: in order of time, one or more. arms: the characteristic whose levels are the arms of a comparison.
    participants_by: the characteristic whose levels stand side by side where participants are described: their table,
    their attendance, and, without a questionnaire, their flow.
    """

    title: Text
    subtitle: str = ""
    language: LanguageCode = "en"
    authors: list[Author] = Field(min_length=1)
    keywords: list[Text] = Field(default_factory=list)
    question: Text
    design: Text
    programme: Programme
    waves: dict[Name, Text] = Field(default_factory=dict)
    characteristics: dict[Name, Characteristic] = Field(default_factory=dict)
    scales: dict[Name, Scale] = Field(default_factory=dict)
    arms: Name | None = None
    participants_by: Name | None = None
    baseline: Baseline = Baseline()
    change: Change = Change()
    satisfaction: Satisfaction | None = None
    coding: Coding | None = None
    disclosure: Disclosure = Disclosure()
    joint_display: dict[Name, JointRow] = Field(default_factory=dict)
    literature: Literature | None = None
    reporting: Reporting = Reporting()

    @model_validator(mode="after")
    def _names_resolve(self) -> Self:
        if not self.scales and self.coding is None:
            raise ValueError("a study needs at least one scale or a coding section")
        if self.scales and not self.waves:
            raise ValueError("a study with scales needs waves (one or more, in order of time)")
        seen: dict[str, str] = {}
        for name, scale in self.scales.items():
            for item in scale.items:
                if item in seen:
                    raise ValueError(f"item {item} stands in two scales: {seen[item]} and {name}")
                seen[item] = name
        for wave in self.change.waves or ():
            if wave not in self.waves:
                raise ValueError(
                    f"change.waves names a wave that there is not: {wave} (there are {', '.join(self.waves)})"
                )
        then = self.change.then
        if then is not None and (then not in self.waves or then in (self.change.waves or ()) or len(self.times) < 2):
            raise ValueError(
                f"change.then names a wave besides the two that change is counted between: {then} "
                f"(there are {', '.join(self.waves)})"
            )
        groups = [name for name, spec in self.characteristics.items() if spec.type == "group"]
        for key, chosen in (("arms", self.arms), ("participants_by", self.participants_by)):
            if chosen is not None and chosen not in groups:
                there = ", ".join(groups) or "none"
                raise ValueError(f"{key} names no characteristic of type group: {chosen} (there are {there})")
        return self

    @property
    def times(self) -> dict[str, str]:
        """The waves that are points in time, in order: all but a then-test."""
        return {wave: label for wave, label in self.waves.items() if wave != self.change.then}

    @property
    def first_wave(self) -> str:
        """The wave that change is counted from."""
        return self.change.waves[0] if self.change.waves else next(iter(self.times))

    @property
    def last_wave(self) -> str:
        """The wave that change is counted to."""
        return self.change.waves[1] if self.change.waves else list(self.times)[-1]
