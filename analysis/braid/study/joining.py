"""How numbers and words are joined: rows of the joint display, decisions on them, levels, and what is published."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from braid.study.strict import Strict, Text

Convergence = Literal["agreement", "partial agreement", "silence", "dissonance"]
Fit = Literal["confirmation", "expansion", "discordance"]
Direction = Literal["favourable", "unfavourable", "unclear", "without direction", "nothing"]

Level = Literal["individual", "group", "leader", "organisation", "context"]
"""Where something acts: the IGLOO levels, `context` being what lies around an organisation (Nielsen et al. 2018)."""

WorksAs = Literal["demand", "resource"]
"""Whether something costs strength or gives it (the job demands-resources model, Bakker & Demerouti 2007)."""

ON_OTHER_RESULTS = "decided by a named person on other results"
"""The method of a record of a row whose decision no longer fits the results."""

Actor = Literal["frontline", "middle", "top"]
Lever = Literal["act", "style", "structure"]


class JointRow(Strict):
    """One row of the joint display: numbers and themes that answer one question.

    statistics: ids of records (`change.scq.overall`). themes: dotted theme paths. target: what the row is about in the
    words of the literature table, by which published programmes are set beside it. What they mean together is decided
    for each cohort, in its cohort.yml (see Decision).
    """

    question: Text
    statistics: list[str] = Field(default_factory=list)
    themes: list[str] = Field(default_factory=list)
    target: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.statistics and not self.themes:
            raise ValueError("a row needs statistics, themes, or both")
        return self


class Basis(Strict):
    """What a row looked like when it was judged, in the terms of the rule (see `integration.convergence`).

    numbers, words: which way each strand pointed; `nothing` where nothing was measured or voiced. prominent: whether at
    least a fifth of the participants voiced a theme of the row; None where that number may not be shown.
    """

    numbers: Direction
    words: Direction
    prominent: bool | None

    def fits(self, other: Basis) -> bool:
        """Whether two look alike, as far as both are known: a number that is hidden has not changed for that."""
        hidden = self.prominent is None or other.prominent is None
        return (self.numbers, self.words) == (other.numbers, other.words) and (
            hidden or self.prominent == other.prominent
        )


class Decision(Strict):
    """What numbers and words of one cohort mean together on one row of the joint display, as a person decided.

    convergence follows the triangulation protocol (Farmer et al. 2006), fit follows Fetters, Curry &
    Creswell (2013). explanation: why the strands differ, or why the rule was overruled. decided_from: what the strands
    looked like then; where they look otherwise now, the report and `braid check` ask to decide again.
    """

    convergence: Convergence
    fit: Fit
    meta_inference: Text
    explanation: str = ""
    decided_by: Text
    decided_on: date
    decided_from: Basis | None = None

    @model_validator(mode="after")
    def _explains_a_discordance(self) -> Self:
        if self.fit == "discordance" and not self.explanation.strip():
            raise ValueError("a discordance needs an explanation")
        return self


class Recommendation(Strict):
    """What should be done, by whom, and the rows of the joint display or themes it follows from.

    level: where it acts. actor: who has to act (`frontline` staff, `middle` or clinical leaders, `top` leaders). lever:
    by what (an `act` between people, a `style` of leading, a `structure`).
    """

    text: Text
    follows_from: list[str] = Field(min_length=1)
    who: Text
    level: Level | None = None
    actor: Actor | None = None
    lever: Lever | None = None


class Literature(Strict):
    """The table of published programmes that the findings are set beside.

    file: a CSV file beside study.yml, one row for each programme, with the columns intervention, target, effective
    (yes, mixed or no), levels (separated by semicolons), and, where they are known, works_as (demand, resource or
    both), quality and involvement (points). review: where the table comes from. quality_of, involvement_of: the most
    points. both: the target that stands for all others.
    """

    file: Annotated[str, StringConstraints(pattern=r"^[^/\\]+$", max_length=200)]
    review: Text
    quality_of: int = Field(default=3, ge=1)
    involvement_of: int = Field(default=3, ge=1)
    both: str = "both"
