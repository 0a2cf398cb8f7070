"""Piece of stage `change`: more than two waves, each beside the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from braid.language import N_, lowered, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.change_shown import AnyChange, change_record, effect_of, people_in
from braid.stages.opening import needs
from braid.statistics.change import paired_change
from braid.statistics.independent_change import independent_change

if TYPE_CHECKING:
    from braid.stages.change import Change

NONE = N_("The survey was answered at two times or fewer, so there are no other waves to show.")


def more(stage: Change) -> bool:
    """Whether there are waves besides the two whose difference answers the question."""
    return len(stage.waves) > 2 and stage.first is not None


def later(stage: Change) -> dict[str, pd.DataFrame]:
    """Every wave but the one that change is counted from, in order of time."""
    return {wave: frame for wave, frame in stage.waves.items() if wave != stage.cohort.study.first_wave}


def since_the_first(stage: Change, scale: str, wave: str) -> AnyChange:
    """The change of a scale from the first wave to another one."""
    assert stage.first is not None
    study = stage.cohort.study
    first, last, alpha = stage.first[scale], stage.waves[wave][scale], study.change.alpha
    if not stage.paired:
        return independent_change(first, last, alpha=alpha)
    return paired_change(first, last, alpha=alpha, higher_is_better=study.scales[scale].higher_is == "better")


@needs(more, NONE)
def description(stage: Change) -> Prose:
    """What the table of waves shows, in words."""
    study = stage.cohort.study
    pair = enumeration([lowered(markdown(study.waves[wave])) for wave in (study.first_wave, study.last_wave)])
    text = tr(
        "The survey was answered at {n} times. The difference between {pair} answers the study's question and is "
        "reported above; @tbl-waves sets every other wave beside the first, unadjusted, to show the course and not to "
        "test it again.",
        n=str(len(stage.waves)),
        pair=pair,
    )
    return Prose(Markdown(text))


@needs(more, NONE)
def table(stage: Change) -> Table:
    """Each scale at each wave, with its change since the first."""
    study = stage.cohort.study
    rows: list[Row | Group] = []
    for scale, spec in study.scales.items():
        rows.append(Group(spec.short))
        for wave, frame in stage.waves.items():
            score = frame[scale].dropna()
            spread = float(score.std()) if len(score) > 1 else None
            mean = numbers.mean_sd(float(score.mean()) if len(score) else None, spread)
            if wave == study.first_wave:
                cells = ("", "", "")
            else:
                change = since_the_first(stage, scale, wave)
                effect = effect_of(change)
                cells = (
                    people_in(change),
                    numbers.estimate_ci(change.difference, change.low, change.high, brackets=True),
                    numbers.estimate_ci(effect.value, effect.low, effect.high, brackets=True),
                )
            rows.append(Row((study.waves[wave], numbers.whole(len(score)), mean, *cells), indent=1))
    since = tr("Change since {wave}", wave=lowered(study.waves[study.first_wave]))
    size = "*d*~av~" if stage.paired else "*d*~s~"
    columns = [
        Column(tr("Wave")),
        Column("n", "number", under=tr("All who answered")),
        Column(tr("Mean ± SD"), "number", under=tr("All who answered")),
        Column("n" if stage.paired else "n; n", "number", under=since),
        Column(tr("Mean [{ci}]", ci=numbers.ci_name()), "number", under=since),
        Column(Markdown(f"{size} [{numbers.ci_name()}]"), "number", under=since),
    ]
    return Table(columns, rows)


def records(stage: Change) -> list[Record]:
    """The change since the first wave, for each further wave and scale."""
    if not more(stage):
        return []
    return [
        change_record(
            f"change.{scale.lower()}.wave.{wave.lower()}", since_the_first(stage, scale, wave), {}, "tbl-waves"
        )
        for scale in stage.cohort.study.scales
        for wave in later(stage)
    ]
