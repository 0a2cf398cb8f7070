"""Piece of stage `change`: the statistical analysis in words, for the methods section and the abstract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import N_, lowered, tr
from braid.presentation import numbers, sentences
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, enumeration

if TYPE_CHECKING:
    from braid.stages.change import Change

ADJUSTMENTS = {
    "holm": N_("Holm's step-down adjustment [@holm1979]"),
    "bonferroni": N_("Bonferroni's adjustment"),
    "bh": N_("the false discovery rate of Benjamini and Hochberg"),
}
ADJUSTMENT_NAMES = {"holm": N_("Holm"), "bonferroni": N_("Bonferroni"), "bh": N_("Benjamini-Hochberg")}
TESTS = {"student": N_("Student's t-tests"), "welch": N_("Welch's t-tests")}


def description(stage: Change) -> Prose:
    """The analysis in words, as far as the cohort's data go."""
    if stage.first is None:
        return Prose()
    words = [
        tr("Means are given with standard deviations, counts with percentages, estimates with 95% intervals."),
        tr(
            "The reliability of scores is given as Cronbach's alpha, and a ceiling is named where more than 15% of the "
            "people have the highest possible score."
        ),
        *_baseline(stage),
    ]
    if not stage.left_out:
        words += _tests(stage)
    words += _equivalence(stage)
    if stage.left_out:
        words.append(tr("Tests were computed with SciPy."))
    else:
        words.append(tr("Tests were computed with SciPy, adjustments with pingouin [@vallat2018]."))
    return Prose(Markdown(" ".join(words)))


def _baseline(stage: Change) -> list[str]:
    study, words = stage.cohort.study, []
    known = [name for name in study.baseline.groups if name in stage.people.columns]
    if known:
        fields = {
            "names": enumeration([lowered(markdown(study.characteristics[name].label)) for name in known]),
            "tests": tr(TESTS[study.baseline.test]),
        }
        if any(len(study.characteristics[name].levels) > 2 for name in known):
            words.append(
                tr(
                    "The first wave was compared by {names} with {tests} or, for more than two groups, an analysis of "
                    "variance.",
                    **fields,
                )
            )
        else:
            words.append(tr("The first wave was compared by {names} with {tests}.", **fields))
    regressed = [name for name in study.baseline.numbers if name in stage.people.columns]
    if regressed:
        names = enumeration([lowered(markdown(study.characteristics[name].label)) for name in regressed])
        words.append(tr("Its association with {names} was estimated by linear regression.", names=names))
    return words


def _tests(stage: Change) -> list[str]:
    study = stage.cohort.study
    items = (
        tr(
            "Items were tested one by one with {adjustment} over the items of a scale (α = {alpha}).",
            adjustment=tr(ADJUSTMENTS[study.change.adjust]),
            alpha=numbers.short(study.change.alpha),
        )
        if any(len(scale.items) > 1 for scale in study.scales.values())
        else ""
    )
    if stage.paired:
        test = tr(
            "Change was tested with paired t-tests on people who answered both times, and its size is the mean "
            "change over the root of the mean variance of the waves, *d*~av~, with the interval of @bonett2008."
        )
    else:
        test = tr(
            "Nothing tells who is who in the two waves, so they were compared as independent groups with Welch's "
            "t-tests, and the size of the difference is that of the means over the pooled standard deviation, "
            "*d*~s~. Where the same people answered twice, such a test is too cautious."
        )
    interaction = (
        tr(
            "Whether items changed differently was judged by the interaction of item and time, as a difference between "
            "significant and not significant need not be significant itself [@gelman2006]; *p* values of these "
            "analyses of variance are corrected by Greenhouse and Geisser, degrees of freedom are given as they are."
        )
        if stage.paired and items
        else ""
    )
    return [part for part in (test, items, interaction) if part]


def _equivalence(stage: Change) -> list[str]:
    scales = [scale for scale in stage.cohort.study.scales.values() if scale.margin is not None]
    if not scales:
        return []
    sizes = [
        tr(
            "{size} of {scale}",
            context="margin",
            size=sentences.points(scale.margin or 0),
            scale=lowered(markdown(scale.short)),
        )
        for scale in scales
    ]
    return [
        tr(
            "The study sets the smallest difference that matters beforehand ({sizes}). Where groups or waves did not "
            "clearly differ, two one-sided tests asked whether the difference is smaller than that [@schuirmann1987].",
            sizes=enumeration(sizes),
        )
    ]


def abstract(stage: Change) -> str:
    """The analysis in one sentence (ready markdown)."""
    if stage.first is None:
        return ""
    if stage.left_out:
        return tr("The survey is described with means, standard deviations and counts.")
    if not stage.paired:
        return tr("The waves, whose people could not be paired, were compared with Welch's t-tests and *d*~s~.")
    return tr("Change was tested with paired t-tests and sized by *d*~av~.")
