"""Piece of stage `qualitative`: how the interviews were analysed, and which themes they gave, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from braid.integration import count_text
from braid.language import N_, lowered, ntr, tr
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.qualitative import unused_codes
from braid.stages import sample, theme_table
from braid.stages.opening import needs

if TYPE_CHECKING:
    from braid.stages.interviews import Interviews

UNUSED_NAMED = 6
APPROACH = {
    "codebook": N_("Segments were coded with one codebook and grouped into themes [@braun2006]."),
    "reflexive": N_(
        "The material was analysed by reflexive thematic analysis [@braun2006]. Agreement between coders and "
        "saturation are not reported: in this approach codes develop with the reading, so that a second coder adds to "
        "the analysis rather than checks it, and a count of new codes does not say whether enough was heard."
    ),
}
COUNTED = N_(
    "A theme is reported by the number of participants who voiced it or anything below it, never by its mentions."
)
INTERVALS = N_("Intervals are exact [@clopper1934] and describe this group only.")
SILENCE = N_(
    "Silence is not disagreement: who did not voice a theme has not denied it. Quotations are exact, were approved by "
    "a named person, and stand under masked names."
)
GROUPS = N_(
    "Groups are compared by the difference of their shares with Newcombe's interval [@newcombe1998] and by Fisher's "
    "exact test; these comparisons are exploratory."
)
AGREEMENT = N_(
    "Agreement before consensus is given as percent agreement, Cohen's kappa [@cohen1960], Krippendorff's alpha "
    "[@krippendorff2019] and Gwet's AC1 [@gwet2008], since rare codes pull these apart."
)
SATURATION = N_("Saturation is judged by the share of codes that were new in later transcripts [@guest2020].")
PLACES = {"group": N_("group"), "site": N_("site"), "occasion": N_("occasion")}


@needs(lambda stage: stage.there, theme_table.LEFT_OUT)
def methods(stage: Interviews) -> Prose:
    """The qualitative analysis in words."""
    counting = stage.coding.approach == "codebook"
    parts = [APPROACH[stage.coding.approach], COUNTED, *([INTERVALS] if counting else []), SILENCE]
    parts += [GROUPS] if stage.compares_groups else []
    parts += [AGREEMENT] if stage.compares_coders else []
    parts += [SATURATION] if stage.has_saturation else []
    said = [tr(part) for part in parts]
    if stage.cohort.spec.small_counts_shown is not None:
        reason = markdown(stage.cohort.small_counts_shown)
        said.append(tr("Small numbers of participants are shown: {reason}", reason=reason))
    elif not stage.cohort.small_counts_shown and stage.smallest > 1:
        said.append(tr("Numbers that would tell of fewer than {n} participants are not shown.", n=stage.smallest))
    return Prose(Markdown(" ".join(said)))


@needs(lambda stage: stage.there, theme_table.LEFT_OUT)
def description(stage: Interviews) -> Prose:
    """The themes in words."""
    said = [
        tr(
            "{participants} spoke in {collected} ({transcripts}). The analysis found {found}: {themes} (@fig-themes, "
            "@tbl-themes).",
            participants=counted(stage.top[0].n, "participant"),
            collected=lowered(markdown(stage.coding.collected)),
            transcripts=counted(stage.data.segments["source"].nunique(), "transcript"),
            found=counted(len(stage.top), "theme"),
            themes=enumeration(f"*{markdown(t.label)}* ({count_text(t)})" for t in stage.top),
        ),
        stage.most_voiced(),
    ]
    unused = [lowered(markdown(t.label)) for t in stage.leaves if t.theme in unused_codes(stage.themes)]
    if 0 < len(unused) <= UNUSED_NAMED:
        said.append(tr("In the codebook, but voiced by nobody: {themes}.", themes=enumeration(unused)))
    elif unused:
        said.append(tr("{n} sub-themes of the codebook were voiced by nobody; @tbl-themes shows which.", n=len(unused)))
    if stage.not_apart:
        said.append(
            tr(
                "Themes are not shown by {places}, as the numbers would tell of fewer than {n} participants.",
                places=enumeration([tr(PLACES[place]) for place in stage.not_apart], "or"),
                n=stage.smallest,
            )
        )
    if left := stage.data.unused_codes():
        said.append(_applied_nowhere(left))
    return Prose(Markdown(" ".join(filter(None, said))), Markdown(sample.saturation_text(stage)))


def _applied_nowhere(codes: Sequence[str]) -> str:
    n = len(codes)
    if n > UNUSED_NAMED:
        return tr("The coding program holds {n} codes that were applied nowhere.", n=n)
    return ntr(
        "The coding program holds {n} code that was applied nowhere: {codes}.",
        "The coding program holds {n} codes that were applied nowhere: {codes}.",
        n,
        n=n,
        codes=enumeration(map(markdown, codes)),
    )


@needs(lambda stage: stage.there and stage.coding.reflexivity, N_("Nothing is written on reflexivity."))
def reflexivity(stage: Interviews) -> Prose:
    """Who the researchers are and how that may have shaped the analysis, in the team's words."""
    return Prose(stage.coding.reflexivity.strip())
