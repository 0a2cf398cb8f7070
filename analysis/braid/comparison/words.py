"""What pooling and comparing allow to say, in sentences (ready markdown)."""

from __future__ import annotations

from braid.comparison.quantities import InCohort, Quantity
from braid.language import N_, tr, writing
from braid.presentation import numbers, sentences
from braid.presentation.directions import Direction, direction
from braid.presentation.escaping import markdown
from braid.presentation.prose import enumeration
from braid.statistics.pooling import FEW, DifferenceFromFirst, Pooled

NOT_RANDOM = N_(
    "The cohorts were not assigned by chance: who took part, when, and under which conditions can make their changes "
    "differ as well as the programme itself can."
)
COUNTS = {2: N_("two"), 3: N_("three"), 4: N_("four"), 5: N_("five")}
BECAME: dict[Direction, str] = {
    "better": N_("improved in {cohorts}"),
    "worse": N_("worsened in {cohorts}"),
    "unclear": N_("showed no clear change in {cohorts}"),
    "not estimable": N_("could not be estimated in {cohorts}"),
}
BECAME_OF_ARMS: dict[Direction, str] = {
    "better": N_("was clearly in favour of the arm in {cohorts}"),
    "worse": N_("was clearly in favour of the reference arm in {cohorts}"),
    "unclear": N_("showed no clear difference in {cohorts}"),
    "not estimable": N_("could not be estimated in {cohorts}"),
}


def paragraphs(quantity: Quantity) -> list[str]:
    """All that is said of one quantity: each cohort, all together, whether they differ; then how far they lie apart."""
    label = markdown(quantity.label)
    cohorts = [
        tr("{estimate} in {cohort} (n = {n})", estimate=_written(row), cohort=markdown(row.cohort), n=row.people)
        for row in quantity.rows
        if row.estimate is not None
    ]
    said = [f"**{label}.**"]
    if cohorts and quantity.of_arms:
        said.append(tr("The adjusted difference of the arms was {estimates}.", estimates=enumeration(cohorts)))
    elif cohorts:
        said.append(tr("The mean change was {estimates}.", estimates=enumeration(cohorts)))
    said += [
        tr(
            "{cohort} cannot be pooled: {reason}.",
            cohort=markdown(row.cohort),
            reason=markdown(tr(row.note)) if row.note else tr("its error is not known"),
        )
        for row in quantity.not_estimable
    ]
    if len(quantity.parts) < 2:
        return [" ".join([*said, tr("Fewer than two cohorts can be compared.")])]
    first = [*said, directions(quantity), *together(quantity), *difference(quantity)]
    return [" ".join(first), heterogeneity(quantity)]


def directions(quantity: Quantity) -> str:
    """In how many cohorts it improved, as a sentence that begins with the quantity."""
    higher_is = quantity.scale.higher_is
    found = [direction(row.estimate, row.low, row.high, higher_is) for row in quantity.rows]
    became = BECAME_OF_ARMS if quantity.of_arms else BECAME
    told = []
    for way, text in became.items():
        names = [markdown(row.cohort) for row, one in zip(quantity.rows, found, strict=True) if one == way]
        if len(names) == len(found):
            both = len(names) == 2
            cohorts = tr("both cohorts") if both else tr("all {n} cohorts", n=_count(len(names)))
            told.append(tr(text, cohorts=cohorts))
        elif names:
            told.append(tr(text, cohorts=enumeration(names)))
    return tr("{label} {became}.", label=markdown(quantity.label), became=enumeration(told))


def together(quantity: Quantity) -> list[str]:
    """What the cohorts say together: of two these very ones, of more also cohorts such as these."""
    found = quantity.pooled
    size = numbers.estimate_ci(found.estimate, found.low, found.high)
    if found.k < FEW:
        common = numbers.estimate_ci(found.common, found.common_low, found.common_high)
        return [
            tr("The mean of the two cohorts, weighted by their precision, is {mean}.", mean=common),
            tr(
                "Two cohorts say little of cohorts in general: the random-effects mean of such cohorts is {mean}.",
                mean=size,
            ),
        ]
    p = p_clause(found.p)
    said = [tr("The mean over cohorts such as these is {mean} (random effects, {p}).", mean=size, p=p)]
    if found.prediction_low is not None:
        low, high = numbers.interval(found.prediction_low, found.prediction_high, between="|").split("|")
        said.append(
            tr(
                "The true value of a further cohort of this kind is expected between {low} and {high}.",
                low=low,
                high=high,
            )
        )
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
        fields = {"size": numbers.estimate_ci(given.difference, given.low, given.high), "p": p_clause(given.p)}
        clear, was = not given.low <= 0 <= given.high, not row.low <= 0 <= row.high
        said.append(_given_the_start(clear, was, fields))
    return said


def _given_the_start(clear: bool, was: bool, fields: dict[str, str]) -> str:
    """clear: whether the last wave differs given the first; was: whether the changes do."""
    if clear and was:
        return tr(
            "Given the same score at the first wave, the last one shows a clear difference as well ({size}, {p}).",
            **fields,
        )
    if clear:
        return tr(
            "Given the same score at the first wave, the last one shows a clear difference ({size}, {p}).", **fields
        )
    if was:
        return tr(
            "Given the same score at the first wave, the last one shows no clear difference ({size}, {p}).", **fields
        )
    return tr(
        "Given the same score at the first wave, the last one shows no clear difference as well ({size}, {p}).",
        **fields,
    )


def _of_two(quantity: Quantity, row: DifferenceFromFirst) -> str:
    fields = {
        "later": markdown(row.name),
        "first": markdown(row.reference),
        "size": numbers.estimate_ci(row.difference, row.low, row.high),
        "test": sentences.statistic_text(sentences.Statistic("t", row.t, (row.df,), row.p)).source,
    }
    if row.low <= 0 <= row.high:
        return _not_apart(quantity, row, fields)
    if quantity.of_arms and _favourable(quantity, row):
        return tr(
            "The difference of the arms was more favourable in {later} than in {first} (difference {size}; {test}), "
            "beyond what chance explains.",
            **fields,
        )
    if quantity.of_arms:
        return tr(
            "The difference of the arms was less favourable in {later} than in {first} (difference {size}; {test}), "
            "beyond what chance explains.",
            **fields,
        )
    if _favourable(quantity, row):
        return tr(
            "The change was more favourable in {later} than in {first} (difference {size}; {test}), beyond what chance "
            "explains.",
            **fields,
        )
    return tr(
        "The change was less favourable in {later} than in {first} (difference {size}; {test}), beyond what chance "
        "explains.",
        **fields,
    )


def _not_apart(quantity: Quantity, row: DifferenceFromFirst, fields: dict[str, str]) -> str:
    margin = quantity.scale.margin
    if margin is not None and -margin < row.low and row.high < margin:
        fields["margin"] = sentences.points(margin)
        if quantity.of_arms:
            return tr(
                "There is no clear difference between the arms between {first} and {later} (difference {size}; "
                "{test}): chance alone can explain it, and any true difference is below the {margin} that would "
                "matter.",
                **fields,
            )
        return tr(
            "There is no clear difference in change between {first} and {later} (difference {size}; {test}): chance "
            "alone can explain it, and any true difference is below the {margin} that would matter.",
            **fields,
        )
    if quantity.of_arms:
        return tr(
            "There is no clear difference between the arms between {first} and {later} (difference {size}; {test}): "
            "chance alone can explain it, though the interval leaves room for a true difference.",
            **fields,
        )
    return tr(
        "There is no clear difference in change between {first} and {later} (difference {size}; {test}): chance alone "
        "can explain it, though the interval leaves room for a true difference.",
        **fields,
    )


def _of_several(quantity: Quantity) -> list[str]:
    between = quantity.between
    df = tuple(value for value in (between.df, between.df_error) if value is not None)
    test = sentences.statistic_text(sentences.Statistic("F", between.statistic, df, between.p)).source
    alpha = 1 - between.confidence
    assert between.p is not None
    if between.p >= alpha:
        return [
            tr("The cohorts showed no clear difference ({test}): chance alone can explain what differs.", test=test)
        ]
    said = [tr("The cohorts differed beyond what chance explains ({test}).", test=test)]
    apart = [row for row in between.differences if row.p_holm < alpha]
    for row in apart:
        fields = {
            "later": markdown(row.name),
            "first": markdown(row.reference),
            "size": numbers.estimate_ci(row.difference, row.low, row.high),
            "p": p_clause(row.p_holm),
        }
        if _favourable(quantity, row):
            text = tr("It was more favourable in {later} than in {first} (difference {size}, adjusted {p}).", **fields)
        else:
            text = tr("It was less favourable in {later} than in {first} (difference {size}, adjusted {p}).", **fields)
        said.append(text)
    return said if apart else [*said, tr("No single cohort differs clearly from the first.")]


def _favourable(quantity: Quantity, row: DifferenceFromFirst) -> bool:
    """Whether the later cohort fared better than the first."""
    return (row.difference > 0) == (quantity.scale.higher_is == "better")


def heterogeneity(quantity: Quantity) -> str:
    """How far the true values lie apart."""
    found = quantity.pooled
    assert found.tau2_low is not None and found.tau2_high is not None
    fields = {
        "share": i_squared(found),
        "q": sentences.statistic_text(sentences.Statistic("Q", found.q, (found.q_df or 0,), found.q_p)).source,
        "tau": numbers.fixed(found.tau),
        "ci": numbers.ci_name(),
        "interval": numbers.interval(found.tau2_low**0.5, found.tau2_high**0.5),
    }
    if found.k < 2 * FEW:
        return tr(
            "Heterogeneity: {share} of the variation between the estimates is not chance (*I*^2^; {q}), and the "
            "standard deviation of the true values between cohorts is τ = {tau} ({ci} {interval}); from {n} cohorts "
            "both are very uncertain.",
            n=_count(found.k),
            **fields,
        )
    return tr(
        "Heterogeneity: {share} of the variation between the estimates is not chance (*I*^2^; {q}), and the standard "
        "deviation of the true values between cohorts is τ = {tau} ({ci} {interval}).",
        **fields,
    )


def i_squared(found: Pooled) -> str:
    """The share of the variation between the estimates that is not chance: "86%"."""
    return writing().percent.format(numbers.fixed(100 * (found.i2 or 0), 0))


def p_clause(p: float | None) -> str:
    """A p-value as ready markdown."""
    return numbers.p_clause(p, symbol="*p*").replace("<", "\\<").replace(">", "\\>")


def _written(row: InCohort) -> str:
    return numbers.estimate_ci(row.estimate, row.low, row.high, brackets=True).replace("[", "\\[").replace("]", "\\]")


def _count(k: int) -> str:
    return tr(COUNTS[k]) if k in COUNTS else str(k)
