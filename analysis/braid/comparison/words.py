"""What pooling and comparing allow to say, in sentences (ready markdown)."""

from __future__ import annotations

from braid.comparison.quantities import InCohort, Quantity
from braid.presentation import numbers, sentences
from braid.presentation.escaping import markdown
from braid.presentation.prose import enumeration
from braid.statistics.pooling import FEW, DifferenceFromFirst

NOT_RANDOM = (
    "The cohorts were not assigned by chance: who took part, when, and under which conditions can make their changes "
    "differ as well as the programme itself can."
)
COUNTS = {2: "two", 3: "three", 4: "four", 5: "five"}
VERBS = {
    "better": "improved",
    "worse": "worsened",
    "unclear": "showed no clear change",
    "not estimable": "could not be estimated",
}
VERBS_OF_ARMS = {
    "better": "was clearly in favour of the arm",
    "worse": "was clearly in favour of the reference arm",
    "unclear": "showed no clear difference",
    "not estimable": "could not be estimated",
}


def paragraphs(quantity: Quantity) -> list[str]:
    """All that is said of one quantity: each cohort, all together, whether they differ; then how far they lie apart."""
    label = markdown(quantity.label)
    cohorts = [
        f"{_written(row)} in {markdown(row.cohort)} (n = {row.people})"
        for row in quantity.rows
        if row.estimate is not None
    ]
    what = "adjusted difference of the arms" if quantity.of_arms else "mean change"
    said = [f"**{label}.** The {what} was {enumeration(cohorts)}."] if cohorts else [f"**{label}.**"]
    said += [
        f"{markdown(row.cohort)} cannot be pooled: {markdown(row.note) or 'its error is not known'}."
        for row in quantity.not_estimable
    ]
    if len(quantity.parts) < 2:
        return [" ".join([*said, "Fewer than two cohorts can be compared."])]
    first = [*said, directions(quantity), *together(quantity), *difference(quantity)]
    return [" ".join(first), heterogeneity(quantity)]


def directions(quantity: Quantity) -> str:
    """In how many cohorts it improved, as a sentence that begins with the quantity."""
    higher_is = quantity.scale.higher_is
    found = [sentences.direction(row.estimate, row.low, row.high, higher_is) for row in quantity.rows]
    label, k = markdown(quantity.label), len(found)
    verbs = VERBS_OF_ARMS if quantity.of_arms else VERBS
    if len(set(found)) == 1:
        where = "both cohorts" if k == 2 else f"all {_count(k)} cohorts"
        return f"{label} {verbs[found[0]]} in {where}."
    told = []
    for direction, verb in verbs.items():
        names = [markdown(row.cohort) for row, one in zip(quantity.rows, found, strict=True) if one == direction]
        told += [f"{verb} in {enumeration(names)}"] if names else []
    return f"{label} {enumeration(told)}."


def together(quantity: Quantity) -> list[str]:
    """What the cohorts say together: of two these very ones, of more also cohorts such as these."""
    found = quantity.pooled
    size = numbers.estimate_ci(found.estimate, found.low, found.high)
    if found.k < FEW:
        common = numbers.estimate_ci(found.common, found.common_low, found.common_high)
        return [
            f"The mean of the two cohorts, weighted by their precision, is {common}.",
            f"Two cohorts say little of cohorts in general: the random-effects mean of such cohorts is {size}.",
        ]
    said = [f"The mean over cohorts such as these is {size} (random effects, {p_clause(found.p)})."]
    if found.prediction_low is not None:
        low, high = numbers.interval(found.prediction_low, found.prediction_high, between="|").split("|")
        said.append(f"The true value of a further cohort of this kind is expected between {low} and {high}.")
    return said


def difference(quantity: Quantity) -> list[str]:
    """Whether the cohorts differ by what chance explains."""
    between = quantity.between
    if len(between.differences) > 1:
        return _of_several(quantity)
    row = between.differences[0]
    said = [_of_two(quantity, row)]
    if quantity.adjusted is not None and quantity.adjusted.differences:
        given = quantity.adjusted.differences[0]
        size = f"({numbers.estimate_ci(given.difference, given.low, given.high)}, {p_clause(given.p)})"
        clear, was = not given.low <= 0 <= given.high, not row.low <= 0 <= row.high
        also = " as well" if clear == was else ""
        said.append(
            f"Given the same score at the first wave, the last one shows {'a' if clear else 'no'} clear "
            f"difference{also} {size}."
        )
    return said


def _of_two(quantity: Quantity, row: DifferenceFromFirst) -> str:
    test = sentences.statistic_text(sentences.Statistic("t", row.t, (row.df,), row.p))
    size = f"(difference {numbers.estimate_ci(row.difference, row.low, row.high)}; {test})"
    later, first = markdown(row.name), markdown(row.reference)
    what = "between the arms" if quantity.of_arms else "in change"
    if row.low <= 0 <= row.high:
        text = f"There is no clear difference {what} between {first} and {later} {size}: chance alone can explain it"
        margin = quantity.scale.margin
        if margin is not None and -margin < row.low and row.high < margin:
            return f"{text}, and any true difference is below the {sentences.points(margin)} that would matter."
        return f"{text}, though the interval leaves room for a true difference."
    subject = "The difference of the arms" if quantity.of_arms else "The change"
    return f"{subject} was {_favourable(quantity, row)} in {later} than in {first} {size}, beyond what chance explains."


def _of_several(quantity: Quantity) -> list[str]:
    between = quantity.between
    df = tuple(value for value in (between.df, between.df_error) if value is not None)
    test = sentences.statistic_text(sentences.Statistic("F", between.statistic, df, between.p))
    alpha = 1 - between.confidence
    assert between.p is not None
    if between.p >= alpha:
        return [f"The cohorts showed no clear difference ({test}): chance alone can explain what differs."]
    said = [f"The cohorts differed beyond what chance explains ({test})."]
    apart = [row for row in between.differences if row.p_holm < alpha]
    for row in apart:
        size = numbers.estimate_ci(row.difference, row.low, row.high)
        said.append(
            f"It was {_favourable(quantity, row)} in {markdown(row.name)} than in {markdown(row.reference)} "
            f"(difference {size}, adjusted {p_clause(row.p_holm)})."
        )
    return said if apart else [*said, "No single cohort differs clearly from the first."]


def _favourable(quantity: Quantity, row: DifferenceFromFirst) -> str:
    better = (row.difference > 0) == (quantity.scale.higher_is == "better")
    return f"{'more' if better else 'less'} favourable"


def heterogeneity(quantity: Quantity) -> str:
    """How far the true values lie apart."""
    found = quantity.pooled
    assert found.tau2_low is not None and found.tau2_high is not None
    q = sentences.statistic_text(sentences.Statistic("Q", found.q, (found.q_df or 0,), found.q_p))
    share = numbers.fixed(100 * (found.i2 or 0), 0)
    spread = numbers.interval(found.tau2_low**0.5, found.tau2_high**0.5)
    text = (
        f"Heterogeneity: {share}% of the variation between the estimates is not chance (*I*^2^; {q}), and the standard "
        f"deviation of the true values between cohorts is τ = {numbers.fixed(found.tau)} (95% CI {spread})"
    )
    few = f"; from {_count(found.k)} cohorts both are very uncertain" if found.k < 2 * FEW else ""
    return f"{text}{few}."


def p_clause(p: float | None) -> str:
    """A p-value as ready markdown."""
    return numbers.p_clause(p, symbol="*p*").replace("<", "\\<").replace(">", "\\>")


def _written(row: InCohort) -> str:
    return numbers.estimate_ci(row.estimate, row.low, row.high, brackets=True).replace("[", "\\[").replace("]", "\\]")


def _count(k: int) -> str:
    return COUNTS.get(k, str(k))
