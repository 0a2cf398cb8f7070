"""Coded interviews: do approvals and codes name what is there?"""

from __future__ import annotations

from braid.checking.finding import Finding
from braid.cleaning import CodedInterviews
from braid.errors import Mistakes, UserError
from braid.intake.leaving_out import counted
from braid.qualitative import BlockedQuote, QuoteSelection, agreement, deny_list, select
from braid.study import Cohort

SHOWN = 5


def words_look(cohort: Cohort, coded: CodedInterviews) -> tuple[list[UserError], list[Finding]]:
    """What is wrong with approvals, quotations and the work of the coders; and what a person should look at."""
    coding, mistakes = cohort.study.coding, Mistakes()
    if coding is None:
        return [], []
    chosen: QuoteSelection | None = None
    with mistakes.gathered():
        if coded.quotes is not None:
            chosen = select(
                coded.segments,
                coded.quotes,
                coded.interviewees,
                cohort=cohort.name,
                transcripts=coded.transcripts,
                deny_list=deny_list(coding, coded.interviewees, coded.segments),
                consensus=coded.consensus,
                coding=coding,
            )
    with mistakes.gathered():
        agreement(
            coded.segments,
            coded.transcripts or None,
            coding.coders,
            coding=coding,
            consensus=coded.consensus,
            participants=set(coded.interviewees["participant"]),
        )
    # both look at the same decisions of consensus
    wrong = {str(error): error for error in mistakes.errors}
    return list(wrong.values()), [*(_blocked(cohort, chosen.blocked) if chosen else []), *_unsigned(cohort, coded)]


def _blocked(cohort: Cohort, blocked: tuple[BlockedQuote, ...]) -> list[Finding]:
    """Approved passages that are not quoted all the same, the first few each with the reason."""
    assert cohort.spec.interviews is not None
    file = f"data_raw/{cohort.name}/{cohort.spec.interviews.quotes}"
    found = [
        Finding(
            "warning",
            f"approved and yet not quoted: {one.reason}",
            file,
            value=f"{one.source}, characters {one.start} to {one.end}" if one.start is not None else one.source,
            todo=f"decide again with braid quotes {cohort.name}, or mend or take out the row",
        )
        for one in blocked[:SHOWN]
    ]
    more = len(blocked) - SHOWN
    return found + ([Finding("warning", f"{more} more are approved and not quoted", file)] if more > 0 else [])


def _unsigned(cohort: Cohort, coded: CodedInterviews) -> list[Finding]:
    """Decisions on differences between coders that name nobody."""
    assert cohort.spec.interviews is not None
    if coded.consensus is None or not (unsigned := int((coded.consensus["adjudicator"].str.strip() == "").sum())):
        return []
    file = f"data_raw/{cohort.name}/{cohort.spec.interviews.consensus}"
    return [Finding("warning", f"{counted(unsigned, 'decision')} without an adjudicator: fill in who decided", file)]
