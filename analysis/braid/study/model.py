"""study.yml as frozen models: the instruments, the groups, the themes and how the strands are joined.

The file is read once, at the edge; inside the program only these models exist. A key that is not
listed here is refused, so that a typing slip never silently changes an analysis.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=64)]
"""An identifier of the analyst's: letters, digits and _, beginning with a letter."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Strict(BaseModel):
    """A model that forbids keys it does not know and cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Author(Strict):
    name: Text
    affiliation: str = ""


class Programme(Strict):
    """What was offered to whom, in the words of the study's team (the core of TIDieR)."""

    name: Text
    participants: Text
    description: Text


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
    """

    short: Text
    score: Literal["mean", "sum"] = "mean"
    rule: Literal["half", "complete"] = "half"
    reverse: list[Name] = Field(default_factory=list)
    higher_is: Literal["better", "worse"] = "better"
    reliability: Literal["alpha", "omega"] | Annotated[float, Field(gt=0, lt=1)] = "alpha"

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
    """

    waves: tuple[Name, Name] | None = None
    alpha: float = Field(default=0.05, gt=0, lt=1)
    adjust: Literal["bonferroni", "holm", "bh"] = "holm"


class Theme(Strict):
    """A theme or sub-theme of the codebook. kind is what it speaks of; level is where it acts."""

    label: Text
    description: str = ""
    kind: str = ""
    themes: dict[Name, Theme] = Field(default_factory=dict)


class Coding(Strict):
    """The qualitative approach: `codebook` reports agreement between coders, `reflexive` does not."""

    approach: Literal["codebook", "reflexive"] = "codebook"
    collected: Text = "Interviews"
    description: str = ""
    groups: dict[Name, Text] = Field(default_factory=dict)
    themes: dict[Name, Theme] = Field(min_length=1)

    def paths(self) -> dict[str, Theme]:
        """Every theme by its dotted path (`barriers.time`), parents before children."""
        return dict(_walk(self.themes, ""))


def _walk(themes: dict[str, Theme], stem: str) -> Iterator[tuple[str, Theme]]:
    for name, theme in themes.items():
        path = f"{stem}{name}"
        yield path, theme
        yield from _walk(theme.themes, f"{path}.")


Convergence = Literal["agreement", "partial agreement", "silence", "dissonance"]
Fit = Literal["confirmation", "expansion", "discordance"]


class JointRow(Strict):
    """One row of the joint display: numbers and themes that answer one question.

    statistics: ids of records (`change.scq.overall`). themes: dotted theme paths. What they mean together is
    decided for each cohort, in its cohort.yml (see Decision).
    """

    question: Text
    statistics: list[str] = Field(default_factory=list)
    themes: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.statistics and not self.themes:
            raise ValueError("a row needs statistics, themes, or both")
        return self


class Decision(Strict):
    """What numbers and words of one cohort mean together on one row of the joint display, as a person decided.

    convergence follows the triangulation protocol (Farmer et al. 2006), fit follows Fetters, Curry &
    Creswell (2013). explanation: why the strands differ, or why the rule was overruled.
    """

    convergence: Convergence
    fit: Fit
    meta_inference: Text
    explanation: str = ""
    decided_by: Text
    decided_on: date

    @model_validator(mode="after")
    def _explains_a_discordance(self) -> Self:
        if self.fit == "discordance" and not self.explanation.strip():
            raise ValueError("a discordance needs an explanation")
        return self


class Recommendation(Strict):
    """What should be done, by whom, and the rows of the joint display or themes it follows from."""

    text: Text
    follows_from: list[str] = Field(min_length=1)
    who: Text


class Study(Strict):
    """The whole of study.yml.

    waves: in order of time, one or more. arms: the characteristic whose levels are the arms of a comparison.
    """

    title: Text
    subtitle: str = ""
    authors: list[Author] = Field(min_length=1)
    keywords: list[Text] = Field(default_factory=list)
    question: Text
    design: Text
    programme: Programme
    waves: dict[Name, Text] = Field(default_factory=dict)
    characteristics: dict[Name, Characteristic] = Field(default_factory=dict)
    scales: dict[Name, Scale] = Field(default_factory=dict)
    arms: Name | None = None
    baseline: Baseline = Baseline()
    change: Change = Change()
    satisfaction: Satisfaction | None = None
    coding: Coding | None = None
    joint_display: dict[Name, JointRow] = Field(default_factory=dict)

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
        groups = [name for name, spec in self.characteristics.items() if spec.type == "group"]
        if self.arms is not None and self.arms not in groups:
            raise ValueError(f"arms names no characteristic of type group: {self.arms} (there are {', '.join(groups)})")
        return self

    @property
    def first_wave(self) -> str:
        """The wave that change is counted from."""
        return self.change.waves[0] if self.change.waves else next(iter(self.waves))

    @property
    def last_wave(self) -> str:
        """The wave that change is counted to."""
        return self.change.waves[1] if self.change.waves else list(self.waves)[-1]
