"""Piece of stage `change`: the statistical analysis in words, for the methods section and the abstract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.presentation import sentences
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, enumeration

if TYPE_CHECKING:
    from braid.stages.change import Change

ADJUSTMENTS = {
    "holm": "Holm's step-down adjustment [@holm1979]",
    "bonferroni": "Bonferroni's adjustment",
    "bh": "the false discovery rate of Benjamini and Hochberg",
}
ADJUSTMENT_NAMES = {"holm": "Holm", "bonferroni": "Bonferroni", "bh": "Benjamini-Hochberg"}


def description(stage: Change) -> Prose:
    """The analysis in words, as far as the cohort's data go."""
    if stage.first is None:
        return Prose()
    words = [
        "Means are given with standard deviations, counts with percentages, estimates with 95% intervals.",
        "The reliability of scores is given as Cronbach's alpha, and a ceiling is named where more than 15% of the "
        "people have the highest possible score.",
        *_baseline(stage),
    ]
    if not stage.left_out:
        words += _tests(stage)
    words += _equivalence(stage)
    end = "" if stage.left_out else ", adjustments with pingouin [@vallat2018]"
    words.append(f"Tests were computed with SciPy{end}.")
    return Prose(Markdown(" ".join(words)))


def _baseline(stage: Change) -> list[str]:
    study, words = stage.cohort.study, []
    known = [name for name in study.baseline.groups if name in stage.people.columns]
    if known:
        test = {"student": "Student's t-tests", "welch": "Welch's t-tests"}[study.baseline.test]
        if any(len(study.characteristics[name].levels) > 2 for name in known):
            test += " or, for more than two groups, an analysis of variance"
        names = enumeration([markdown(study.characteristics[name].label).lower() for name in known])
        words.append(f"The first wave was compared by {names} with {test}.")
    regressed = [name for name in study.baseline.numbers if name in stage.people.columns]
    if regressed:
        names = enumeration([markdown(study.characteristics[name].label).lower() for name in regressed])
        words.append(f"Its association with {names} was estimated by linear regression.")
    return words


def _tests(stage: Change) -> list[str]:
    study = stage.cohort.study
    items = (
        f"Items were tested one by one with {ADJUSTMENTS[study.change.adjust]} over the items of a scale "
        f"(α = {study.change.alpha:g})."
        if any(len(scale.items) > 1 for scale in study.scales.values())
        else ""
    )
    if stage.paired:
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
        if stage.paired and items
        else ""
    )
    return [part for part in (test, items, interaction) if part]


def _equivalence(stage: Change) -> list[str]:
    scales = [scale for scale in stage.cohort.study.scales.values() if scale.margin is not None]
    if not scales:
        return []
    sizes = [f"{sentences.points(scale.margin or 0)} of {markdown(scale.short).lower()}" for scale in scales]
    return [
        f"The study sets the smallest difference that matters beforehand ({enumeration(sizes)}). Where groups or waves "
        "did not clearly differ, two one-sided tests asked whether the difference is smaller than that "
        "[@schuirmann1987]."
    ]


def abstract(stage: Change) -> str:
    """The analysis in one sentence (ready markdown)."""
    if stage.first is None:
        return ""
    if stage.left_out:
        return "The survey is described with means, standard deviations and counts."
    if not stage.paired:
        return "The waves, whose people could not be paired, were compared with Welch's t-tests and *d*~s~."
    return "Change was tested with paired t-tests and sized by *d*~av~."
