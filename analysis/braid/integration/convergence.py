"""A proposal of how numbers and words stand to each other, by a written rule; a named researcher decides.

The rule, after the triangulation protocol of Farmer et al. (2006), compares meaning and prominence.

Numbers. A change is favourable where its interval lies on the better side of zero and it is at least 5% of
the scale's range (0.2 where the unit is a standardised difference); unfavourable likewise on the worse side;
otherwise unclear. A response of the evaluation form is favourable where its mean reaches `agrees_from` (or
its share is above one half, interval included), unfavourable at or under the midpoint (or below one half).
Other records have no direction.
Words. Barriers and harm are unfavourable; facilitators and reflections favourable; other kinds have no direction.
Prominent: at least a fifth of the participants voiced one of the row's themes (no more than that, since in a
group one speaks for others, and silence is not disagreement). Where numbers that may not be shown decide on that,
it is not known, and nothing is proposed that would tell it.

| numbers | words | prominent | proposal |
|---|---|---|---|
| none measured | any | | silence |
| any | not voiced, or none named | | silence |
| one direction | the same | yes | agreement |
| one direction | the same | no | partial agreement |
| one direction | the opposite | yes | dissonance |
| one direction | the opposite | no | partial agreement |
| one direction | one direction | not known | no proposal |
| unclear or both directions | any | | partial agreement |
| one direction | both directions | | partial agreement |
| no direction | any | | no proposal |
| any | no direction | | no proposal |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from braid.language import N_, tr
from braid.qualitative import ThemePrevalence
from braid.records import Record
from braid.study import Scale, Study
from braid.study.joining import Basis, Convergence, Direction

SHARE_OF_RANGE = 0.05
STANDARDISED = 0.2
PROMINENT = 1 / 5
HINDERS = frozenset({"barrier", "inhibitor", "harm"})
HELPS = frozenset({"facilitator", "enabler", "reflection"})
STANDARDISED_UNITS = frozenset({"d", "g", "sd", "sds", "standard deviations"})
SHARES = frozenset({"%", "percent", "per cent", "proportion", "share"})


@dataclass(frozen=True)
class Proposal:
    """What the rule proposes (None where it cannot say), and because of what, in terms of the rule and in words."""

    convergence: Convergence | None
    basis: Basis

    @property
    def because(self) -> str:
        return in_words(self.basis)


def in_words(basis: Basis) -> str:
    """`numbers favourable, words unfavourable and prominent`; what is not there is told as that."""
    if basis.numbers == "nothing":
        numbers = tr("nothing was measured")
    else:
        numbers = tr("numbers {numbers}", numbers=tr(_SAID[basis.numbers]))
    return f"{numbers}, {_words_in_words(basis)}"


def _words_in_words(basis: Basis) -> str:
    if basis.words == "nothing":
        return tr("no participant voiced a theme of this row")
    words = tr(_SAID[basis.words])
    if basis.prominent is None:
        return tr("words {words}, by how many is not shown", words=words)
    if basis.prominent:
        return tr("words {words} and prominent", words=words)
    return tr("words {words} but not prominent", words=words)


def propose(study: Study, records: Iterable[Record], themes: Iterable[ThemePrevalence]) -> Proposal:
    """The rule applied to the measured statistics and the themes of one row (see the table above)."""
    measured, voiced = list(records), [theme for theme in themes if theme.k is None or theme.k > 0]
    numbers = _together(direction_of_record(record, study) for record in measured) if measured else "nothing"
    words = _together(direction_of_theme(theme) for theme in voiced) if voiced else "nothing"
    prominent = _prominent(voiced)
    return Proposal(_rule(numbers, words, prominent), Basis(numbers=numbers, words=words, prominent=prominent))


def _prominent(voiced: Iterable[ThemePrevalence]) -> bool | None:
    """Whether enough participants voiced one of the themes; None where only hidden numbers could tell."""
    shares = [theme.share for theme in voiced]
    if any(share is not None and share >= PROMINENT for share in shares):
        return True
    return None if None in shares else False


def _rule(numbers: Direction, words: Direction, prominent: bool | None) -> Convergence | None:
    if "nothing" in (numbers, words):
        return "silence"
    if "without direction" in (numbers, words):
        return None
    if "unclear" in (numbers, words) or prominent is False:
        return "partial agreement"
    if prominent is None:
        return None
    return "agreement" if numbers == words else "dissonance"


def direction_of_record(record: Record, study: Study) -> Direction:
    """Which way a record points, by its id, estimate and interval."""
    strand, _, rest = record.id.partition(".")
    if strand == "change":
        scales = {name.lower(): scale for name, scale in study.scales.items()}  # ids are in lower case
        scale = scales.get(rest.partition(".")[0])
        return "without direction" if scale is None else _of_change(record, scale, ".item." in record.id)
    if strand == "satisfaction" and study.satisfaction is not None:
        return _of_response(record, study)
    return "without direction"


def direction_of_theme(theme: ThemePrevalence) -> Direction:
    """Which way a theme points, by the kind the codebook gives it."""
    kind = theme.kind.casefold()
    return "unfavourable" if kind in HINDERS else "favourable" if kind in HELPS else "without direction"


_SAID = {
    "favourable": N_("favourable"),
    "unfavourable": N_("unfavourable"),
    "unclear": N_("not clear in one direction"),
    "without direction": N_("without direction"),
}


def _together(directions: Iterable[Direction]) -> Direction:
    told = {direction for direction in directions if direction != "without direction"}
    if not told:
        return "without direction"
    return told.pop() if len(told) == 1 else "unclear"


def _of_change(record: Record, scale: Scale, is_item: bool) -> Direction:
    if record.estimate is None or record.low is None or record.high is None:
        return "unclear"
    if record.unit.casefold() in STANDARDISED_UNITS:
        least = STANDARDISED
    else:
        answers = 1 if is_item or scale.score == "mean" else len(scale.items)
        least = SHARE_OF_RANGE * (scale.maximum - scale.minimum) * answers
    if record.low <= 0 <= record.high or abs(record.estimate) < least:
        return "unclear"
    return "favourable" if (record.estimate > 0) == (scale.higher_is == "better") else "unfavourable"


def _of_response(record: Record, study: Study) -> Direction:
    form = study.satisfaction
    if form is None or record.estimate is None:
        return "unclear"
    unit = record.unit.casefold()
    if unit in SHARES:
        half = 50.0 if unit in {"%", "percent", "per cent"} else 0.5
        low = record.estimate if record.low is None else record.low
        high = record.estimate if record.high is None else record.high
        return "favourable" if low > half else "unfavourable" if high < half else "unclear"
    if record.estimate >= form.agrees_from:
        return "favourable"
    return "unfavourable" if record.estimate <= (form.minimum + form.maximum) / 2 else "unclear"
