"""Prints each analysis of a report, the function that makes it, where it stands, and how far it is from R at most.

python -m tests.statistics.agreement_table
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TABLE = (
    (
        "attrition: standardised mean difference",
        "effect_size.standardised_mean_difference",
        "tbl-attrition",
        "test_standardised_mean_difference",
    ),
    ("missing answers: Little's test", "missing.little_test", "tbl-answers", "test_little"),
    (
        "Cronbach's alpha, Feldt's interval, item-rest r",
        "reliability.cronbach_alpha",
        "tbl-baseline, tbl-answers",
        "test_alpha_and_item_rest_correlations",
    ),
    ("McDonald's omega", "reliability.omega_total", "tbl-answers", "test_omega"),
    (
        "two groups: Welch, Student, Levene, d_s, equivalence",
        "comparison.compare_groups",
        "tbl-groups, tbl-group-sizes",
        "test_two_groups",
    ),
    (
        "several groups: Welch's and ordinary ANOVA, Levene, η²",
        "comparison.compare_groups",
        "tbl-groups, tbl-group-sizes",
        "test_four_groups",
    ),
    (
        "several groups: equivalence of every pair",
        "equivalence.equivalent_groups",
        "tbl-groups",
        "test_several_groups_are_equivalent_where_every_pair_is",
    ),
    (
        "a number: regression with HC3 and ordinary errors",
        "regression.simple_regression",
        "tbl-groups",
        "test_regression_with_hc3_and_ordinary_errors",
    ),
    (
        "change: paired t, d_av (Bonett), g_av, d_z, Wilcoxon, r_rb, Hodges-Lehmann",
        "change.paired_change",
        "tbl-change, tbl-robust",
        "test_paired_change",
    ),
    (
        "Hodges-Lehmann interval",
        "signed_rank.hodges_lehmann",
        "tbl-robust",
        "test_hodges_lehmann_is_the_interval_of_wilcox_test",
    ),
    (
        "waves that cannot be paired: Welch, d_s",
        "independent_change.independent_change",
        "tbl-change",
        "test_waves_without_pairs",
    ),
    (
        "equivalence of a change",
        "equivalence.equivalent_change",
        "txt-change, tbl-robust",
        "test_equivalence_of_a_change",
    ),
    (
        "items: Holm, Bonferroni, Benjamini-Hochberg",
        "multiplicity.adjust",
        "tbl-change, tbl-adjusted",
        "test_adjusted_p",
    ),
    (
        "items as ordered categories: proportional odds",
        "ordinal.ordinal_change",
        "tbl-adjusted",
        "test_proportional_odds_with_errors_by_person",
    ),
    (
        "items differ: rm-ANOVA with ε, Friedman, Kendall's W",
        "items.items_differ",
        "txt-change, tbl-item-tests",
        "test_items_at_one_wave",
    ),
    (
        "item x time interaction",
        "items.items_change_differently",
        "txt-change, tbl-item-tests",
        "test_item_by_time_interaction",
    ),
    ("mixed model by REML", "mixed_model.mixed_change", "tbl-robust", "test_mixed_model"),
    ("arms: analysis of covariance", "arms.compare_arms", "tbl-arms", "test_arms_are_compared_as_r_compares_them"),
    (
        "shares: Wilson, Clopper-Pearson",
        "proportion.proportion",
        "tbl-reliable, tbl-equity, tbl-agreeing",
        "test_proportions",
    ),
    (
        "difference of two shares: Newcombe",
        "proportion.difference_of_proportions",
        "-",
        "test_difference_of_proportions",
    ),
    ("tables of counts: χ², Fisher, Cramér's V", "association.association", "themes", "test_tables_of_counts"),
)


def main() -> int:
    """Run the tests that compare with R and print the table; the exit code is that of the tests."""
    from tests.statistics.agreement import LARGEST

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        tests = [str(HERE / f"test_{name}.py") for name in ("agreement_with_r", "arms", "sensitivity")]
        code = pytest.main(["-q", "-n", "0", "-p", "no:cacheprovider", *tests])
    if code:
        print(printed.getvalue())
        return int(code)
    told = {row[3] for row in TABLE}
    rows = [("analysis", "function", "in the report", "largest relative difference from R")]
    rows += [(what, function, where, f"{LARGEST[test]:.0e}") for what, function, where, test in TABLE]
    rows += [(test, "", "", f"{value:.0e}") for test, value in LARGEST.items() if test not in told]
    widths = [max(len(row[place]) for row in rows) for place in range(4)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main())
