"""Recommendations with the findings they come from, and how well these hold together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from braid.errors import UserError
from braid.integration.joint_display import NOT_HEARD, JointDisplayRow, theme_text
from braid.integration.labels import label_within
from braid.language import tr
from braid.qualitative import ThemePrevalence
from braid.study import Recommendation, Study, did_you_mean
from braid.study.joining import Actor, Convergence, Level, Lever

Strength = Convergence | Literal["interviews only", "not yet decided", "to decide again"]

ONE_STRAND: Literal["interviews only"] = "interviews only"
UNDECIDED: Literal["not yet decided"] = "not yet decided"
AGAIN: Literal["to decide again"] = "to decide again"


@dataclass(frozen=True)
class Source:
    """A finding behind a recommendation: a row of the joint display, or a theme on its own.

    strength: the row's convergence as decided, `not yet decided`, or `to decide again` where the numbers have changed
    since; of a theme, `interviews only`. text: the
    row's meta-inference, or how many voiced the theme. gaps: what this cohort lacks for the row.
    """

    name: str
    kind: Literal["row", "theme"]
    label: str
    text: str
    strength: Strength
    gaps: str = ""


@dataclass(frozen=True)
class TracedRecommendation:
    """A recommendation, who can act, and its sources in order; level, actor and lever as the cohort gives them.

    strength: the sources' strengths in words, each once, in order; a recommendation rests on all of them.
    """

    text: str
    who: str
    sources: tuple[Source, ...]
    level: Level | None = None
    actor: Actor | None = None
    lever: Lever | None = None

    @property
    def strength(self) -> str:
        return ", ".join(dict.fromkeys(label_within(source.strength) for source in self.sources))


def recommendations(
    study: Study,
    rows: Sequence[JointDisplayRow],
    prevalence: Sequence[ThemePrevalence] = (),
    *,
    of_cohort: Sequence[Recommendation],
    cohort_file: str = "cohort.yml",
) -> list[TracedRecommendation]:
    """The cohort's recommendations, in order. Raises UserError where one follows from nothing that exists."""
    by_name = {row.name: row for row in rows}
    themes = {theme.theme: theme for theme in prevalence}
    return [
        TracedRecommendation(
            text=recommendation.text,
            who=recommendation.who,
            sources=tuple(
                _source(name, study, by_name, themes, f"{cohort_file}: recommendations.{number}.follows_from")
                for name in recommendation.follows_from
            ),
            level=recommendation.level,
            actor=recommendation.actor,
            lever=recommendation.lever,
        )
        for number, recommendation in enumerate(of_cohort)
    ]


def strength_of(row: JointDisplayRow) -> Convergence | Literal["not yet decided", "to decide again"]:
    """How the strands converge on a row as a person decided, where the decision still holds."""
    if row.convergence is None:
        return UNDECIDED
    return AGAIN if row.changed else row.convergence


def _source(
    name: str,
    study: Study,
    rows: Mapping[str, JointDisplayRow],
    themes: Mapping[str, ThemePrevalence],
    place: str,
) -> Source:
    if name in rows:
        row = rows[name]
        return Source(name, "row", row.question, row.meta_inference if row.decided else "", strength_of(row), row.gaps)
    paths = study.coding.paths() if study.coding else {}
    if name not in paths:
        known = [*rows, *paths]
        raise UserError("there is no such row or theme", place=place, found=name, todo=did_you_mean(name, known))
    text = theme_text(themes[name]) if name in themes else tr(NOT_HEARD)
    return Source(name, "theme", paths[name].label, text, ONE_STRAND)
