"""Piece of stage `qualitative`: the codebook, what each theme means, and what the study sets its themes apart by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.integration import level_name
from braid.integration.levels import attributes_of
from braid.language import N_, tr
from braid.presentation.table import Column, Row, Table
from braid.stages.opening import needs
from braid.study import Coding
from braid.study.joining import WorksAs

if TYPE_CHECKING:
    from braid.stages.interviews import Interviews

NO_CODEBOOK = N_("The codebook says no more of its themes than their names.")
KINDS = {
    "barrier": N_("barrier"),
    "facilitator": N_("facilitator"),
    "reflection": N_("reflection"),
    "harm": N_("harm"),
}
"""The kinds that rules look at; others are the study's own words."""
WORKS_AS: dict[WorksAs, str] = {"demand": N_("demand"), "resource": N_("resource")}


def described(stage: Interviews) -> bool:
    """Whether the codebook says more of a theme than its name."""
    if not stage.there:
        return False
    return any(t.description or t.kind or t.level or t.works_as or t.attributes for t in stage.coding.paths().values())


@needs(described, NO_CODEBOOK)
def table(stage: Interviews) -> Table:
    """Every theme of the codebook with its description, kind, level, demand or resource, and the study's attributes.

    A column that no theme fills is left out.
    """
    rows = _rows(stage)
    heads = list(rows[0][1])
    filled = [head for head in heads if any(cells[head] for _, cells in rows)]
    columns = [Column(tr("Theme")), *map(Column, filled)]
    return Table(
        columns,
        [
            Row((label, *(cells[head] or "–" for head in filled)), indent=depth, strong=depth == 0)
            for (label, depth), cells in rows
        ],
    )


def _rows(stage: Interviews) -> list[tuple[tuple[str, int], dict[str, str]]]:
    """Label and depth of each theme, and its cells by their heads, which are the same for all."""
    paths = stage.coding.paths()
    rows = []
    for path, theme in paths.items():
        level, works_as = attributes_of(stage.cohort.study, path)
        cells = {
            tr("Description"): theme.description,
            tr("Kind"): tr(KINDS[kind]) if (kind := theme.kind.casefold()) in KINDS else theme.kind,
            tr("Level"): level_name(level) if level and not theme.themes else "",
            tr("Works as"): tr(WORKS_AS[works_as]) if works_as and not theme.themes else "",
        }
        own = {_head(name): theme.attributes.get(name, "") for name in own_attributes(stage.coding)}
        rows.append(((theme.label, path.count(".")), cells | own))
    return rows


def own_attributes(coding: Coding) -> list[str]:
    """The names of the study's own attributes, in the order in which themes name them."""
    return list(dict.fromkeys(name for theme in coding.paths().values() for name in theme.attributes))


def _head(name: str) -> str:
    """`first_phase` as the head of a column: First phase."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
