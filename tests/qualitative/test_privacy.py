"""What the patterns find, what they leave alone, and the deny-list."""

from __future__ import annotations

import pandas as pd
import pytest
from braid.qualitative import deny_list, mask_key, mask_text, scan
from braid.study import Coding
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("email", "r.noor@ward-9.example.org"),
        ("url", "https://ward.example.org/rota?x=1"),
        ("url", "www.ward.example"),
        ("phone", "+92 21 555 01 23"),
        ("phone", "(021) 5550123"),
        ("phone", "0300-5550123"),
        ("date", "2023-05-14"),
        ("date", "14/05/23"),
        ("date", "14.5.2023"),
        ("date", "14th of May 2023"),
        ("date", "May 14, 2023"),
        ("date", "March 2022"),
        ("record number", "MRN 0048213"),
        ("record number", "file no. 48213"),
        ("record number", "patient #4821"),
        ("titled name", "Dr. Noor"),
        ("titled name", "Professor Amal Noor"),
        ("titled name", "Sister O'Hara"),
        ("titled name", "nurse Ødegaard"),
        ("titled name", "overlæge Åse Holm"),
        ("titled name", "fru Jensen"),
        ("date", "3. marts 2024"),
        ("date", "12. oktober"),
        ("date", "maj 2023"),
    ],
)
def test_a_pattern_finds_it_with_its_place(kind: str, words: str) -> None:
    text = f"So I said: {words} and left."
    assert [(one.kind, text[one.start : one.end]) for one in scan(text)] == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "We had 12 patients and 3 nurses on 2 wards.",
        "About 80% said so; the score was 4.58.",
        "The doctor told the nurse, and sister and brother agreed.",
        "You may march on.",
        "She is the nurse I know, and I asked the doctor. She came.",
        "In room 12 we waited 45 minutes, 20 to 30 of us.",
    ],
)
def test_everyday_words_and_numbers_are_left_alone(text: str) -> None:
    assert scan(text) == []


def test_the_deny_list_finds_whole_words_in_any_case_and_spacing() -> None:
    text = "At ROSE\n Ward the rosewarder met Noor."
    assert [(one.kind, one.text) for one in scan(text, ["Rose Ward", "noor", " "])] == [
        ("deny-list", "ROSE\n Ward"),
        ("deny-list", "Noor"),
    ]


@settings(deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=10), max_size=3))
def test_every_finding_is_the_slice_at_its_place(text: str, deny: list[str]) -> None:
    for one in scan(text, deny):
        assert text[one.start : one.end] == one.text != ""


def test_a_long_run_of_digits_ends_quickly() -> None:
    assert len(scan("1 " * 20_000 + "a@" * 5_000)) < 20_000


def test_masked_names_keep_no_order_and_are_stable() -> None:
    people = [f"FGD_1_Speaker_{number}" for number in range(1, 31)]
    key = mask_key(people, "demo")
    assert sorted(key.values(), key=lambda name: int(name.split()[1])) == [f"Participant {n}" for n in range(1, 31)]
    numbers = [int(key[person].split()[1]) for person in people]
    assert numbers not in (sorted(numbers), sorted(numbers, reverse=True))
    assert mask_key(reversed(people), "demo") == key
    assert mask_key(people, "next") != key


def test_ids_inside_a_text_are_masked_whole() -> None:
    key = {"S_1": "Participant 4", "S_10": "Participant 2"}
    assert mask_text("S_10 told S_1, not S_100.", key) == "Participant 2 told Participant 4, not S_100."


def test_names_of_sites_are_denied_with_the_studys_words() -> None:
    coding = Coding.model_validate({"deny": ["Ward 7"], "themes": {"t": {"label": "T"}}})
    people = pd.DataFrame({"participant": ["a", "b", "c"], "site": ["North House", "A", ""]})
    assert deny_list(coding, people, pd.DataFrame({"participant": ["a"]})) == ["Ward 7", "North House"]
    assert [one.text for one in scan("At ward 7 of North  House.", deny_list(coding, people))] == [
        "ward 7",
        "North  House",
    ]
