"""Triangulation of researchers (agreement and consensus) and of data sources (themes and change by group)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from braid.language import tr
from braid.qualitative import AgreementTable, CodeAgreement, Coefficients, ConsensusSummary, GroupCount, ThemePrevalence
from braid.records import Record
from braid.study import Study


@dataclass(frozen=True)
class ResearcherTriangulation:
    """What two coders' work says about the findings.

    pooled: over all codes used; None, with `reason`, where agreement is not reported. lowest, highest: the
    codes with the smallest and the largest kappa (None where none is estimable); n_estimable of n_codes.
    """

    unit: str
    n: int
    pooled: Coefficients | None
    lowest: CodeAgreement | None
    highest: CodeAgreement | None
    n_codes: int
    n_estimable: int
    consensus: ConsensusSummary | None
    reason: str = ""


@dataclass(frozen=True)
class SourceGroup:
    """One group of participants: its size in the interviews, and its records of change (none: not measured)."""

    group: str
    label: str
    n: int
    change: tuple[Record, ...]


@dataclass(frozen=True)
class SourceTheme:
    """One theme over the groups; only_in: the label of the one group that voiced it, or ""."""

    theme: str
    label: str
    depth: int
    counts: tuple[GroupCount, ...]
    only_in: str


@dataclass(frozen=True)
class DataSourceTriangulation:
    """Themes by group beside change by group; `note` says where change is not known by these groups."""

    groups: tuple[SourceGroup, ...]
    themes: tuple[SourceTheme, ...]
    note: str = ""


def researcher_triangulation(agreement: AgreementTable) -> ResearcherTriangulation:
    """The agreement table in one row; parents of other codes do not compete for lowest and highest."""
    names = [code.theme for code in agreement.codes]
    leaves = [code for code in agreement.codes if not any(name.startswith(f"{code.theme}.") for name in names)]
    ranked = sorted(
        (code.result.kappa, position, code) for position, code in enumerate(leaves) if code.result.kappa is not None
    )
    return ResearcherTriangulation(
        unit=agreement.unit,
        n=agreement.n,
        pooled=agreement.pooled,
        lowest=ranked[0][2] if ranked else None,
        highest=ranked[-1][2] if ranked else None,
        n_codes=len(leaves),
        n_estimable=len(ranked),
        consensus=agreement.consensus,
        reason=agreement.reason,
    )


def data_source_triangulation(
    study: Study, prevalence: Sequence[ThemePrevalence], records: Mapping[str, Record]
) -> DataSourceTriangulation:
    """Each theme's counts by interview group, beside the change of the same groups where it was measured.

    records: a record of change belongs to a group where its id is `change.<scale>.by.<characteristic>.<level>`, the
    level being the one that `coding.groups_in_survey` gives the group, else one of the group's name (ids are in lower
    case). Empty without interviews or groups.
    """
    if not prevalence or not prevalence[0].by_group:
        return DataSourceTriangulation((), (), tr("There are no groups of participants to compare."))
    groups = tuple(
        SourceGroup(count.group, count.label, count.n, _change_of(count.group, study, records))
        for count in prevalence[0].by_group
    )
    themes = tuple(
        SourceTheme(theme.theme, theme.label, theme.depth, theme.by_group, _only_in(theme)) for theme in prevalence
    )
    unknown = [group.label for group in groups if not group.change]
    note = tr("Change was not measured separately for: {groups}.", groups=", ".join(unknown)) if unknown else ""
    return DataSourceTriangulation(groups, themes, note)


def _change_of(group: str, study: Study, records: Mapping[str, Record]) -> tuple[Record, ...]:
    place = study.coding.groups_in_survey.get(group, "").lower() if study.coding else ""
    return tuple(
        record
        for scale in study.scales
        for i, record in records.items()
        if i.startswith(f"change.{scale.lower()}.by.")
        and (i.endswith(f".by.{place}") if place else i.rpartition(".")[2] == group.lower())
    )


def _only_in(theme: ThemePrevalence) -> str:
    if len(theme.by_group) < 2 or any(count.k is None for count in theme.by_group):
        return ""
    voiced = [count.label for count in theme.by_group if count.k]
    return voiced[0] if len(voiced) == 1 else ""
