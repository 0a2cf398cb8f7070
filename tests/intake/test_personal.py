"""Columns that look like personal data are found by name and content in several languages; questions are not."""

import pandas as pd
import pytest
from braid.intake import RawTable, personal_columns


def table(columns: dict[str, list[str]], labels: dict[str, str] | None = None) -> RawTable:
    return RawTable("a.csv", pd.DataFrame(columns, dtype="str"), "UTF-8", labels=labels or {})


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Email", "e-mail"),
        ("email_address", "e-mail"),
        ("What is your e-mail address?", "e-mail"),
        ("Correo electrónico", "e-mail"),
        ("メールアドレス", "e-mail"),
        ("ای میل", "e-mail"),
        ("Name", "name"),
        ("First name:", "name"),
        ("LastName", "name"),
        ("Nachname", "name"),
        ("Prénom", "name"),
        ("姓名", "name"),
        ("نام", "name"),
        ("Όνομα", "name"),
        ("your name *", "name"),
        ("about/phone_number", "telephone"),
        ("電話番号", "telephone"),
        ("IPAddress", "IP"),
        ("GPS", "map"),
        ("Latitude", "map"),
        ("Home address", "postal"),
        ("Date of birth", "birth"),
        ("Geburtsdatum", "birth"),
    ],
)
def test_a_header_says_what_it_asks_for(header: str, kind: str) -> None:
    found = personal_columns(table({header: ["x", "y"]}))
    assert kind in found[header]


def test_a_label_says_it_too() -> None:
    assert "name" in personal_columns(table({"Q3": ["x"]}, {"Q3": "What is your full name?"}))["Q3"]


@pytest.mark.parametrize(
    "header",
    [
        "name_of_site_visited",
        "How well do you know the name of your teacher?",
        "I would email my teacher when stuck",
        "participant",
        "mobile_phase",
        "address_the_problem",
        "scq01",
    ],
)
def test_a_question_that_speaks_of_such_things_is_not_one(header: str) -> None:
    assert personal_columns(table({header: ["3", "4"]})) == {}


@pytest.mark.parametrize(
    ("cells", "what"),
    [
        (["a@example.org", "b.c@example.co.uk", ""], "e-mail"),
        (["10.0.0.1", "192.168.12.9"], "IP"),
        (["2001:db8:0:0:0:ff00:42:8329", "10.0.0.1"], "IP"),
        (["+92 300 1234567", "0041 44 632 11 11"], "telephone"),
        (["(555) 010-1234", "555-010-9999"], "telephone"),
        (["47.3769 8.5417", "47.3770, 8.5418"], "map"),
    ],
)
def test_cells_show_it_whatever_the_header(cells: list[str], what: str) -> None:
    assert what in personal_columns(table({"x1": cells}))["x1"]


@pytest.mark.parametrize(
    "cells",
    [
        ["1", "2", "3"],
        ["1001", "1002", "20240305"],
        ["2024-03-05", "2024-03-06"],
        ["3.14159", "2.71828"],
        ["write to a@example.org", "no"],
        ["a@example.org", "no", "no"],
        ["", ""],
        ["a@example.org"],
    ],
)
def test_other_cells_do_not(cells: list[str]) -> None:
    assert personal_columns(table({"x1": cells})) == {}
