"""`braid new` writes nothing where something is wrong, and loses no file that it was given."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Braid, files


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("c", "--from", "a.csv", "--like", "c"), "this cohort exists already"),
        (("spring", "--from", "a.csv", "--from", "none.csv", "--like", "c"), "none.csv"),
        (("spring", "--from", "a.csv", "--like", "cc"), "did you mean c?"),
        (("../spring", "--from", "a.csv", "--like", "c"), "not a name for a cohort"),
        (("spring", "--from", "data_raw", "--like", "c"), "this is a folder"),
    ],
)
def test_new_writes_nothing_when_something_is_wrong(
    braid: Braid, project: Path, arguments: tuple[str, ...], words: str
) -> None:
    (project / "a.csv").write_text("id\nP1\n", encoding="utf-8")
    before = files(project.parent)
    said = braid("new", *arguments)
    assert said.code == 2
    assert words in said.err
    assert files(project.parent) == before
    assert sorted(path.name for path in (project / "data_raw").iterdir()) == ["c"]


def test_new_loses_no_file_where_two_have_the_same_name(braid: Braid, project: Path) -> None:
    for folder, text in (("one", "id\nP1\n"), ("two", "id\nP2\n")):
        (project / folder).mkdir()
        (project / folder / "answers.csv").write_text(text, encoding="utf-8")
    said = braid("new", "spring", "--from", "one/answers.csv", "--from", "two/answers.csv", "--like", "c")
    assert said.code == 2
    assert "answers.csv" in said.err
    assert not (project / "data_raw" / "spring").exists()


def test_new_keeps_a_given_file_apart_from_the_definition_it_begins_with(braid: Braid, project: Path) -> None:
    own = project / "cohort.yml"
    own.write_text("title: Mine\n", encoding="utf-8")
    said = braid("new", "spring", "--from", str(own), "--like", "c")
    made = project / "data_raw" / "spring" / "cohort.yml"
    assert said.code == 2 or made.read_text(encoding="utf-8") == "title: Mine\n"
