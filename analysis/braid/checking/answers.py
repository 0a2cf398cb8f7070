"""Answers: what cleaning took out, items that nobody varies on or answered, and items that point the other way."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from braid.checking.finding import Finding
from braid.cleaning import CleanSurvey
from braid.statistics.scoring import reverse_items
from braid.study import Cohort, Scale

MANY_MISSING = 0.2
OTHER_WAY = -0.1
ENOUGH = 10


def answers_look(cohort: Cohort, survey: CleanSurvey) -> list[Finding]:
    """Warnings on the answers of each wave."""
    found = list(_taken_out(survey.log))
    for wave, frame in survey.waves.items():
        file = f"data_raw/{cohort.name}/{cohort.spec.waves[wave].file}"
        for scale in cohort.study.scales.values():
            items = frame[list(scale.items)]
            for finding in (*_missing(items), *_constant(items), *_other_way(items, scale)):
                column = cohort.spec.waves[wave].column(finding.column or "")
                found.append(
                    Finding("warning", finding.rule, file, column=column, value=finding.value, todo=finding.todo)
                )
    return found


def _taken_out(log: pd.DataFrame) -> Iterator[Finding]:
    """Values outside of their scale: cleaning makes them missing, and a person should know which."""
    outside = log[log["rule"].str.startswith("outside of")] if len(log) else log
    for change in outside.to_dict("records"):
        yield Finding(
            "warning",
            f"{change['n']} value(s) {change['rule']} become missing",
            str(change["file"]),
            column=str(change["column"]),
            value=f"{change['found']} in row(s) {change['rows']}",
            todo="mend the cells if they were mistyped, or declare the code under `missing`",
        )


def _missing(items: pd.DataFrame) -> Iterator[Finding]:
    share = items.isna().mean()
    for item, gap in share[share > MANY_MISSING].items():
        yield Finding(
            "warning",
            "more than a fifth of the answers are missing",
            column=str(item),
            value=f"{gap:.0%} of {len(items)}",
            todo="check that the column is the right one, and what empty cells mean",
        )


def _constant(items: pd.DataFrame) -> Iterator[Finding]:
    for item in items.columns:
        answers = items[item].dropna()
        if len(answers) >= ENOUGH and answers.nunique() == 1:
            yield Finding(
                "warning",
                "everybody gave the same answer",
                column=str(item),
                value=f"{answers.iloc[0]:g}, {len(answers)} times",
                todo="check that the column holds answers",
            )


def _other_way(items: pd.DataFrame, scale: Scale) -> Iterator[Finding]:
    """Items that run against the rest of their scale, after those declared as reversed were turned."""
    if len(items.columns) < 3 or len(items) < ENOUGH:
        return
    turned = reverse_items(items, scale.reverse, scale.minimum, scale.maximum)
    for item in items.columns:
        rest = turned.drop(columns=item).mean(axis=1)
        if turned[item].nunique() > 1 and rest.nunique() > 1 and turned[item].corr(rest) < OTHER_WAY:
            mend = (
                f"it is declared as reversed: the file may hold it turned already, then take {item} out of `reverse`"
                if item in scale.reverse
                else f"if it is worded the other way round, add {item} to `reverse` of its scale in the study file"
            )
            yield Finding(
                "warning",
                "this item runs against the rest of its scale",
                column=str(item),
                value=f"r = {turned[item].corr(rest):.2f}",
                todo=mend,
            )
