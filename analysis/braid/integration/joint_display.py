"""The joint display: what was measured and what was said on one question, side by side, and what it means.

Columns after Guetterman, Fetters & Creswell (2015).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from braid.errors import UserError, UserErrors
from braid.integration.convergence import in_words, propose
from braid.language import N_, ntr, tr
from braid.qualitative import Quote, ThemePrevalence, belongs_to
from braid.records import Record
from braid.study import Decision, JointRow, Study, did_you_mean
from braid.study.joining import Basis, Convergence, Fit

NOT_MEASURED = N_("not measured in this cohort")
NOT_HEARD = N_("not collected in this cohort")
HIDDEN = N_("number not shown")


@dataclass(frozen=True)
class JointStatistic:
    """One statistic of a row: its id, its text, and its record; None where the strand is not in this cohort."""

    id: str
    text: str
    record: Record | None


@dataclass(frozen=True)
class JointTheme:
    """One theme of a row: path, label, `12 of 30 participants`, and its prevalence; None as for a statistic."""

    theme: str
    label: str
    text: str
    prevalence: ThemePrevalence | None


@dataclass(frozen=True)
class JointDisplayRow:
    """One question with both strands.

    convergence, fit, meta_inference, explanation: as a researcher decided for this cohort, by whom and when;
    None and "" where nothing is decided yet. proposed: what the rule of integration.convergence says of this
    cohort (None: nothing), and because of what; differs: whether it says something else than was decided.
    basis: what the strands look like now. changed: how they looked when a person decided, where they look otherwise
    now; the decision then no longer counts, and a person is asked to decide again.
    gaps: what this cohort lacks for the row, in sentences, or "".
    """

    name: str
    question: str
    statistics: tuple[JointStatistic, ...]
    themes: tuple[JointTheme, ...]
    quote: Quote | None
    convergence: Convergence | None
    fit: Fit | None
    meta_inference: str
    explanation: str
    decided_by: str
    decided_on: date | None
    proposed: Convergence | None
    basis: Basis
    changed: Basis | None
    differs: bool
    gaps: str

    @property
    def because(self) -> str:
        return in_words(self.basis)

    @property
    def decided(self) -> bool:
        """Whether a person has decided on what the strands look like now."""
        return self.convergence is not None and self.changed is None


def joint_display(
    study: Study,
    records: Mapping[str, Record],
    prevalence: Sequence[ThemePrevalence],
    quotes: Iterable[Quote] = (),
    *,
    decisions: Mapping[str, Decision],
    absent: Collection[str] = (),
    study_file: str = "study.yml",
) -> list[JointDisplayRow]:
    """The rows of study.joint_display, in order, filled from this cohort.

    records: by id, of all stages. prevalence: as it may be shown (see disclosure); empty where the cohort has
    no interviews. quotes: as selected; a row shows one of its themes' quotes, an unused one where it can.
    decisions: what was decided on this cohort, by row; a row that is not in it stays undecided.
    absent: prefixes of ids whose whole strand this cohort lacks (`satisfaction`, `change.scq`); such a
    statistic reads "not measured in this cohort".
    Raises UserErrors with every statistic and theme that does not exist, at `study.yml: joint_display.<row>`.
    """
    themes = {theme.theme: theme for theme in prevalence}
    errors = [
        error
        for name, row in study.joint_display.items()
        for error in _unknown(name, row, study, records, themes, absent, study_file)
    ]
    if errors:
        raise UserErrors(errors)
    shown: set[Quote] = set()
    available = list(quotes)
    rows = []
    for name, row in study.joint_display.items():
        quote = _quote(row, available, shown)
        shown |= {quote} if quote else set()
        rows.append(_row(name, row, study, records, themes, quote, decisions.get(name)))
    return rows


@dataclass(frozen=True)
class Pair:
    """A statistic and a theme of one row, and what the rule says of these two alone (None: nothing)."""

    statistic: JointStatistic
    theme: JointTheme
    convergence: Convergence | None


def pairs_of(study: Study, rows: Iterable[JointDisplayRow]) -> list[Pair]:
    """Each measured statistic with each theme of its row, every pair once, in order."""
    found: dict[tuple[str, str], Pair] = {}
    for row in rows:
        for statistic in row.statistics:
            for theme in row.themes:
                if statistic.record is not None and theme.prevalence is not None:
                    said = propose(study, [statistic.record], [theme.prevalence]).convergence
                    found.setdefault((statistic.id, theme.theme), Pair(statistic, theme, said))
    return list(found.values())


def is_absent(statistic: str, absent: Collection[str]) -> bool:
    """Whether an id lies under one of the prefixes of strands that a cohort lacks."""
    return any(belongs_to(statistic, prefix.rstrip(".")) for prefix in absent)


def theme_text(theme: ThemePrevalence) -> str:
    """`12 of 30 participants`, or a phrase for a number that may not be shown."""
    if theme.k is None:
        return tr(HIDDEN)
    return ntr("{k} of {n} participant", "{k} of {n} participants", theme.n, k=str(theme.k), n=str(theme.n))


def count_text(theme: ThemePrevalence) -> str:
    """`12 of 30`, or a phrase for a number that may not be shown."""
    return tr(HIDDEN) if theme.k is None else tr("{k} of {n}", k=str(theme.k), n=str(theme.n))


def _unknown(
    name: str,
    row: JointRow,
    study: Study,
    records: Mapping[str, Record],
    themes: Mapping[str, ThemePrevalence],
    absent: Collection[str],
    study_file: str,
) -> list[UserError]:
    place = f"{study_file}: joint_display.{name}"
    errors = [
        UserError(
            "there is no such statistic",
            place=f"{place}.statistics",
            found=statistic,
            todo=_suggest(statistic, list(records)),
        )
        for statistic in row.statistics
        if statistic not in records and not is_absent(statistic, absent)
    ]
    known = list(themes) or (list(study.coding.paths()) if study.coding else [])
    errors += [
        UserError("there is no such theme", place=f"{place}.themes", found=theme, todo=did_you_mean(theme, known))
        for theme in row.themes
        if theme not in known
    ]
    return errors


def _suggest(statistic: str, ids: list[str]) -> str:
    """A suggestion among the ids of the same strand, since a report holds hundreds."""
    strand = [known for known in ids if known.partition(".")[0] == statistic.partition(".")[0]]
    return did_you_mean(statistic, sorted(strand or {known.partition(".")[0] for known in ids}))


def _quote(row: JointRow, quotes: Sequence[Quote], shown: Collection[Quote]) -> Quote | None:
    fitting = [
        quote for theme in row.themes for quote in quotes if belongs_to(quote.theme, theme)
    ]  # in the order in which the row names its themes
    return min(fitting, key=lambda quote: quote in shown, default=None)


def _row(
    name: str,
    row: JointRow,
    study: Study,
    records: Mapping[str, Record],
    themes: Mapping[str, ThemePrevalence],
    quote: Quote | None,
    decision: Decision | None,
) -> JointDisplayRow:
    labels = {path: theme.label for path, theme in study.coding.paths().items()} if study.coding else {}
    statistics = tuple(
        JointStatistic(i, records[i].text if i in records else tr(NOT_MEASURED), records.get(i)) for i in row.statistics
    )
    spoken = tuple(
        JointTheme(
            theme,
            labels.get(theme, theme),
            theme_text(themes[theme]) if theme in themes else tr(NOT_HEARD),
            themes.get(theme),
        )
        for theme in row.themes
    )
    proposal = propose(
        study,
        [found.record for found in statistics if found.record is not None],
        [found.prevalence for found in spoken if found.prevalence is not None],
    )
    earlier = decision.decided_from if decision else None
    return JointDisplayRow(
        name=name,
        question=row.question,
        statistics=statistics,
        themes=spoken,
        quote=quote,
        convergence=decision.convergence if decision else None,
        fit=decision.fit if decision else None,
        meta_inference=decision.meta_inference if decision else "",
        explanation=decision.explanation.strip() if decision else "",
        decided_by=decision.decided_by if decision else "",
        decided_on=decision.decided_on if decision else None,
        proposed=proposal.convergence,
        basis=proposal.basis,
        changed=earlier if earlier is not None and not earlier.fits(proposal.basis) else None,
        differs=decision is not None and proposal.convergence not in (None, decision.convergence),
        gaps=_gaps(statistics, spoken),
    )


def _gaps(statistics: Sequence[JointStatistic], themes: Sequence[JointTheme]) -> str:
    unmeasured = sum(found.record is None for found in statistics)
    unheard = sum(found.prevalence is None for found in themes)
    parts = []
    if unmeasured and unmeasured == len(statistics):
        parts.append(tr("The statistics of this row were not measured in this cohort."))
    elif unmeasured:
        parts.append(
            tr(
                "{n} of {total} statistics of this row were not measured in this cohort.",
                n=str(unmeasured),
                total=str(len(statistics)),
            )
        )
    if unheard:
        parts.append(tr("No interviews were held in this cohort."))
    return " ".join(parts)
