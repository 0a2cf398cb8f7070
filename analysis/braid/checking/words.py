"""Coded interviews: do approvals and codes name what is there?"""

from __future__ import annotations

from braid.cleaning import CodedInterviews
from braid.errors import Mistakes, UserError
from braid.qualitative import agreement, select
from braid.study import Cohort


def words_look(cohort: Cohort, coded: CodedInterviews) -> list[UserError]:
    """What is wrong with approvals, quotations and the work of the coders."""
    coding, mistakes = cohort.study.coding, Mistakes()
    if coding is None:
        return []
    with mistakes.gathered():
        if coded.quotes is not None:
            select(
                coded.segments,
                coded.quotes,
                coded.interviewees,
                cohort=cohort.name,
                transcripts=coded.transcripts,
                consensus=coded.consensus,
                coding=coding,
            )
    with mistakes.gathered():
        agreement(
            coded.segments,
            coded.transcripts or None,
            coding=coding,
            consensus=coded.consensus,
            participants=set(coded.interviewees["participant"]),
        )
    return mistakes.errors
