"""Many people: the same numbers as the plain computation gives, in memory that grows with people and no faster."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pandas as pd
import pingouin
import pytest
from braid.statistics.answers import BLOCK, answers_of
from braid.statistics.items import items_change_differently, items_differ
from braid.statistics.missing import little_test
from braid.statistics.reliability import cronbach_alpha
from braid.statistics.signed_rank import hodges_lehmann, signed_rank
from scipy import stats

# pingouin's own, with pandas 3
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")

IN_LITTLE_ROOM = """
import resource, sys
import numpy as np
import pandas as pd
from braid.statistics.change import item_changes, paired_change
from braid.statistics.comparison import compare_groups
from braid.statistics.descriptive import describe
from braid.statistics.items import items_change_differently, items_differ
from braid.statistics.missing import little_test
from braid.statistics.mixed_model import mixed_change
from braid.statistics.regression import simple_regression
from braid.statistics.reliability import cronbach_alpha, omega_total

people, room = 40_000, 400_000_000
draw = np.random.default_rng(5)
trait = draw.normal(size=(people, 1))
def wave(centre):
    answers = np.clip(np.rint(centre + trait + draw.normal(size=(people, 6))), 1, 5)
    answers[draw.random(answers.shape) < 0.01] = np.nan
    return pd.DataFrame(answers, index=[f"P{k:06d}" for k in range(people)], columns=list("abcdef"))
before, after = wave(3), wave(3.3)
first, last = before.mean(axis=1), after.mean(axis=1)
group = pd.Series(draw.choice(["x", "y", "z"], people), index=before.index)
# a matrix of everybody by everybody would take 1.6 GB even of single bytes
now = next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmSize"))
resource.setrlimit(resource.RLIMIT_AS, (now + room, now + room))
assert paired_change(first, last).rank_biserial > 0
assert len(item_changes(before, after)) == 6
assert items_differ(before).friedman_chi2 > 0
assert items_change_differently(before, after).f > 0
assert compare_groups(first, group).levene_p > 0
assert describe(first).n == people
assert simple_regression(pd.Series(trait[:, 0], index=before.index), first).slope > 0
assert cronbach_alpha(before).alpha > 0
assert omega_total(before).omega > 0
assert little_test(before).patterns > 6
assert mixed_change(first, last, group).n == people
print("all computed")
"""


def likert(people: int, items: int, seed: int) -> npt.NDArray[np.float64]:
    """Answers from 1 to 5 that hang together, with many ties."""
    draw = np.random.default_rng(seed)
    trait = draw.normal(size=(people, 1))
    centre = np.linspace(2.8, 3.3, items)
    return np.clip(np.rint(centre + trait + draw.normal(size=(people, items))), 1, 5)


@pytest.mark.skipif(sys.platform != "linux", reason="the room of a process is limited as Linux does it")
def test_nothing_is_made_of_everybody_by_everybody() -> None:
    environment = {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", IN_LITTLE_ROOM], env=environment, capture_output=True, text=True)
    assert done.stdout == "all computed\n", done.stderr


def test_repeated_measures_are_those_of_pingouin() -> None:
    matrix = likert(600, 5, seed=1)
    ours = items_differ(pd.DataFrame(matrix))
    table = pingouin.rm_anova(pd.DataFrame(matrix, columns=list("abcde")), correction=True, detailed=True)
    row = table.iloc[0]
    for name, theirs in {"f": "F", "epsilon": "eps", "p": "p_GG_corr", "generalised_eta2": "ng2"}.items():
        assert getattr(ours, name) == pytest.approx(float(row[theirs]), rel=1e-9), name
    assert (ours.df, ours.df_error) == (row["DF"], table["DF"].iloc[1])


def test_friedman_and_covariances_do_not_depend_on_the_size_of_blocks() -> None:
    matrix = likert(2 * BLOCK + 7, 4, seed=2)
    ours, plain = items_differ(pd.DataFrame(matrix)), stats.friedmanchisquare(*matrix.T)
    assert ours.friedman_chi2 == pytest.approx(plain.statistic, rel=1e-9)
    assert ours.friedman_p == pytest.approx(plain.pvalue, rel=1e-9)
    moments = answers_of(pd.DataFrame(matrix)).moments
    np.testing.assert_allclose(moments.covariance, np.cov(matrix, rowvar=False), rtol=1e-12)
    np.testing.assert_allclose(moments.means, matrix.mean(axis=0), rtol=1e-12)


def test_the_last_block_counts_in_the_judgement_whether_anything_varies() -> None:
    matrix = np.tile([1.0, 2.0, 3.0], (BLOCK + 3, 1))
    assert items_differ(pd.DataFrame(matrix)).f is None
    matrix[-1] = [1.0, 3.0, 3.0]
    assert items_differ(pd.DataFrame(matrix)).f is not None


def test_the_interaction_is_that_of_the_long_format() -> None:
    before, after = likert(300, 3, seed=3), likert(300, 3, seed=4)
    ours = items_change_differently(pd.DataFrame(before), pd.DataFrame(after))
    cells = [
        {"person": person, "item": item, "time": time, "score": matrix[person, item]}
        for time, matrix in enumerate((before, after))
        for person in range(300)
        for item in range(3)
    ]
    theirs = pingouin.rm_anova(pd.DataFrame(cells), dv="score", within=["item", "time"], subject="person").iloc[2]
    assert ours.f == pytest.approx(float(theirs["F"]), rel=1e-9)
    assert ours.epsilon == pytest.approx(float(theirs["eps"]), rel=1e-9)


def test_alpha_is_that_of_pingouin_with_and_without_each_item() -> None:
    items = pd.DataFrame(likert(500, 5, seed=6), columns=list("abcde"))
    ours = cronbach_alpha(items)
    assert ours.alpha == pytest.approx(pingouin.cronbach_alpha(items)[0], rel=1e-12)
    for item in ours.items:
        others = items.drop(columns=item.item)
        assert item.alpha_without == pytest.approx(pingouin.cronbach_alpha(others)[0], rel=1e-12)
        assert item.rest_correlation == pytest.approx(others.sum(axis=1).corr(items[item.item]), rel=1e-12)


def test_ranks_of_many_are_those_of_scipy_and_the_shift_that_of_all_averages() -> None:
    steps = np.random.default_rng(7).integers(-9, 12, 60_000)
    ours = signed_rank(steps / 15, 5.0)
    plain = stats.wilcoxon(steps[steps != 0].astype(float), correction=True, method="asymptotic")
    assert ours.w is not None
    assert ours.w_negative is not None
    assert min(ours.w, ours.w_negative) == plain.statistic
    assert ours.p == pytest.approx(plain.pvalue, rel=1e-9)
    few = np.round(np.random.default_rng(8).normal(0.3, 1, 1200), 2)
    averages = np.sort(((few[:, None] + few) / 2)[np.triu_indices(few.size)])
    assert hodges_lehmann(few).estimate == pytest.approx(float(np.median(averages)), abs=1e-12)


def test_patterns_of_missing_answers_are_found_by_one_sort() -> None:
    items = pd.DataFrame(likert(3000, 4, seed=9))
    items = items.mask(np.random.default_rng(10).random(items.shape) < 0.1)
    answered = items[items.notna().any(axis=1)]
    found = little_test(items)
    assert found.patterns == len(answered.notna().drop_duplicates())
    # the order of people does not matter
    assert little_test(items.sample(frac=1, random_state=1)).chi2 == pytest.approx(found.chi2, rel=1e-9)


def test_thousands_of_patterns_are_not_compared_and_it_is_said() -> None:
    items = pd.DataFrame(likert(12_000, 14, seed=11))
    found = little_test(items.mask(np.random.default_rng(12).random(items.shape) < 0.4))
    assert found.p is None
    assert f"missing in {found.patterns} patterns" in found.note
