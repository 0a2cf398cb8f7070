from itertools import product
from statistics import fmean, stdev

from braid.simulation.counts import count_vectors, smoothest


def answers(vector: tuple[int, ...]) -> list[int]:
    return [level for level, count in enumerate(vector, start=1) for _ in range(count)]


def test_the_enumeration_finds_exactly_what_brute_force_finds() -> None:
    expected = set()
    for vector in product(range(9), repeat=5):
        if sum(vector) == 8:
            values = answers(vector)
            if 3.745 < fmean(values) < 3.755 and 1.275 < stdev(values) < 1.285:
                expected.add(vector)
    assert expected
    assert set(count_vectors(8, range(1, 6), mean="3.75", sd="1.28", top=None)) == expected


def test_a_top_count_is_kept() -> None:
    vectors = list(count_vectors(204, range(1, 6), mean="4.54", sd="0.65", top=127))
    assert vectors
    assert all(vector[-1] == 127 and sum(vector) == 204 for vector in vectors)


def test_an_impossible_mean_and_top_count_give_nothing() -> None:
    assert next(count_vectors(204, range(1, 6), mean="4.54", sd="0.65", top=160), None) is None
    assert next(count_vectors(10, range(1, 6), mean="4.55", sd=None, top=None), None) is None


def test_the_smoothest_vector_has_no_dent() -> None:
    vector = smoothest(count_vectors(204, range(1, 6), mean="4.50", sd="0.82", top=131))
    assert vector is not None
    assert list(vector) == sorted(vector)


def test_levels_may_have_gaps() -> None:
    levels = (0, 2, 5)
    expected = {
        vector
        for vector in product(range(7), repeat=3)
        if sum(vector) == 6 and 2.25 <= sum(a * b for a, b in zip(levels, vector, strict=True)) / 6 <= 2.35
    }
    assert expected
    assert set(count_vectors(6, levels, mean="2.3", sd=None, top=None)) == expected
