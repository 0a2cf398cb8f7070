"""However a program counts characters, the same words come out; and where nothing fits, nothing is trusted."""

from __future__ import annotations

import random

from braid.intake.coded.offsets import fit, plain
from hypothesis import given
from hypothesis import strategies as some

WORDS = some.lists(
    some.sampled_from(["ward", "😀", "café", "night", "بچہ", "list.", "\n", "\n\n", "é"]), min_size=12, max_size=60
)


def spans_of(text: str, utf16: bool, mark: bool) -> tuple[list[str], list[tuple[int, int]]]:
    """Some selections of whole words in a stored text, and their offsets as a program counts them."""
    found, places, at = [], [], 0
    for word in plain(text).split():
        start = text.index(word, at)
        at = start + len(word)
        if word[0].isalnum():
            before, behind = text[:start], text[:at]
            size = (lambda t: len(t.encode("utf-16-le")) // 2) if utf16 else len
            found.append(word)
            places.append((size(before) + mark, size(behind) + mark))
    return found, places


@given(words=WORDS, utf16=some.booleans(), crlf=some.booleans(), mark=some.booleans())
def test_words_come_back_from_every_way_of_counting(words: list[str], utf16: bool, crlf: bool, mark: bool) -> None:
    text = " ".join(words)
    stored = text.replace("\n", "\r\n") if crlf else text
    chosen, places = spans_of(stored, utf16, mark)
    found = fit(("\ufeff" if mark else "") + stored, places, chosen)
    assert found.text == text
    if chosen:
        assert [text[slice(*span)] for span in found.spans if span is not None] == chosen
        assert found.trusted


def test_a_line_end_written_twice_over_is_one_line_end() -> None:
    text = "One minute.\nAnother word.\nA third line.\n"
    chosen, places = spans_of(text, utf16=False, mark=False)
    found = fit(text.replace("\n", "\r\r\n"), places, chosen)
    assert found.text == text
    assert [text[slice(*span)] for span in found.spans if span is not None] == chosen


def test_an_end_that_names_the_last_character_is_known_by_the_words() -> None:
    text = "There is never a quiet minute. The phones ring."
    found = fit(text, [(0, 29), (31, 46)], ["There is never a quiet minute.", "The phones ring."])
    assert found.spans == ((0, 30), (31, 47))
    assert "end included" in found.said


def test_words_that_were_shortened_are_known_by_their_beginning() -> None:
    found = fit("😀 There is never a quiet minute.", [(3, 33)], ["There is never..."])
    assert found.said.startswith("UTF-16 units")


def test_names_that_are_no_words_decide_nothing() -> None:
    found = fit("There is never a quiet minute.", [(0, 5), (6, 8)], ["line:6", "line:8"])
    assert found.said == "code points, line ends as stored: 100% of the ends are ends of words"


def test_offsets_by_chance_are_not_trusted() -> None:
    words = random.Random(7)
    text = " ".join("".join(words.choice("abcdefgh") for _ in range(words.randint(3, 9))) for _ in range(900))
    starts = [words.randint(0, len(text) - 80) for _ in range(60)]
    found = fit(text, [(start, start + words.randint(5, 70)) for start in starts])
    assert not found.trusted
    assert float(found.said.split(": ")[1].split("%")[0]) < 50


def test_offsets_outside_of_the_text_are_no_place() -> None:
    found = fit("A short text.", [(0, 1), (2, 7), (8, 12), (90, 99)])
    assert found.spans == ((0, 1), (2, 7), (8, 12), None)


def test_a_script_without_spaces_is_not_judged_by_ends_of_words() -> None:
    found = fit("時間が足りません。電話が鳴ります。", [(0, 2), (4, 7)])
    assert found.trusted
    assert found.spans == ((0, 2), (4, 7))
