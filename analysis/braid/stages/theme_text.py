"""Piece of stage `qualitative`: how the interviews were analysed, and which themes they gave, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    "codebook": "Segments were coded with one codebook and grouped into themes [@braun2006].",
    "reflexive": "The material was analysed by reflexive thematic analysis [@braun2006]. Agreement between coders and "
    "saturation are not reported: in this approach codes develop with the reading, so that a second coder adds to the "
    "analysis rather than checks it, and a count of new codes does not say whether enough was heard.",
}
COUNTED = "A theme is reported by the number of participants who voiced it or anything below it, never by its mentions."
INTERVALS = "Intervals are exact [@clopper1934] and describe this group only."
SILENCE = (
    "Silence is not disagreement: who did not voice a theme has not denied it. Quotations are exact, were approved by "
    "a named person, and stand under masked names."
)
GROUPS = (
    "Groups are compared by the difference of their shares with Newcombe's interval [@newcombe1998] and by Fisher's "
    "exact test; these comparisons are exploratory."
)
AGREEMENT = (
    "Agreement before consensus is given as percent agreement, Cohen's kappa [@cohen1960], Krippendorff's alpha "
    "[@krippendorff2019] and Gwet's AC1 [@gwet2008], since rare codes pull these apart."
)
SATURATION = "Saturation is judged by the share of codes that were new in later transcripts [@guest2020]."


@needs(lambda stage: stage.there, theme_table.LEFT_OUT)
def methods(stage: Interviews) -> Prose:
    """The qualitative analysis in words."""
    counting = stage.coding.approach == "codebook"
    parts = [APPROACH[stage.coding.approach], COUNTED, *([INTERVALS] if counting else []), SILENCE]
    parts += [GROUPS] if stage.compares_groups else []
    parts += [AGREEMENT] if stage.compares_coders else []
    parts += [SATURATION] if stage.has_saturation else []
    if stage.cohort.spec.small_counts_shown is not None:
        parts.append(f"Small numbers of participants are shown: {markdown(stage.cohort.small_counts_shown)}")
    elif not stage.cohort.small_counts_shown and stage.smallest > 1:
        parts.append(f"Numbers that would tell of fewer than {stage.smallest} participants are not shown.")
    return Prose(Markdown(" ".join(parts)))


@needs(lambda stage: stage.there, theme_table.LEFT_OUT)
def description(stage: Interviews) -> Prose:
    """The themes in words."""
    tops = [f"*{markdown(t.label)}* ({theme_table.k_of_n(t)})" for t in stage.top]
    n = stage.top[0].n
    text = (
        f"{counted(n, 'participant')} spoke in {markdown(stage.coding.collected).lower()} "
        f"({counted(stage.data.segments['source'].nunique(), 'transcript')}). The analysis found "
        f"{counted(len(stage.top), 'theme')}: {enumeration(tops)} (@fig-themes, @tbl-themes)."
    )
    text += f" {stage.most_voiced()}"
    unused = [t.label for t in stage.leaves if t.theme in unused_codes(stage.themes)]
    if 0 < len(unused) <= UNUSED_NAMED:
        text += f" In the codebook, but voiced by nobody: {enumeration([markdown(u).lower() for u in unused])}."
    elif unused:
        text += f" {len(unused)} sub-themes of the codebook were voiced by nobody; @tbl-themes shows which."
    if stage.not_apart:
        by = enumeration(stage.not_apart, "or")
        text += f" Themes are not shown by {by}, as the numbers would tell of fewer than {stage.smallest} participants."
    left = stage.data.unused_codes()
    if left:
        text += f" The coding program holds {counted(len(left), 'code')} that {_was(len(left))} applied nowhere"
        text += f": {enumeration([markdown(code) for code in left])}." if len(left) <= UNUSED_NAMED else "."
    return Prose(Markdown(text), Markdown(sample.saturation_text(stage)))


@needs(lambda stage: stage.there and stage.coding.reflexivity, "Nothing is written on reflexivity.")
def reflexivity(stage: Interviews) -> Prose:
    """Who the researchers are and how that may have shaped the analysis, in the team's words."""
    return Prose(stage.coding.reflexivity.strip())


def _was(n: int) -> str:
    return "was" if n == 1 else "were"
