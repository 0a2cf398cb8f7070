"""`braid quotes` as a person meets it: readable, never approving by itself, keeping what is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from braid.cleaning import read_interviews
from braid.cli import quotes as command
from braid.cli.quotes import show_quotes
from braid.errors import UserError
from braid.qualitative import select
from braid.study import open_cohort

from tests.project_copy import copy_data

PLACE = "data_raw/demo/quotes.csv"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo cohort in a project of its own; commands are called in its folder."""
    monkeypatch.chdir(copy_data(tmp_path, "demo"))
    return tmp_path


def edit(project: Path, file: str, old: str, new: str) -> None:
    path = project / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_candidates_fit_in_80_columns_with_masked_names(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (project / PLACE).read_bytes()
    show_quotes("demo")
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80
    assert "Speaker_" not in said
    assert "Barriers to compassion > Lack of time" in said
    assert "[x] Participant 7, Surgical" in said
    assert "refused by Researcher C: mentions an identifiable" in said
    assert (project / PLACE).read_bytes() == before


def test_a_theme_can_be_asked_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show_quotes("demo", theme="lack of TIME")
    said = capsys.readouterr().out
    assert "Lack of time" in said and "Role-play" not in said
    with pytest.raises(UserError, match="no such theme"):
        show_quotes("demo", theme="gardening")


def test_an_approval_goes_into_the_file_and_from_there_into_the_selection(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (project / PLACE).read_text(encoding="utf-8")
    show_quotes("demo", approve="11", by="R. Searcher")
    said = capsys.readouterr().out
    assert "11  approved by R. Searcher" in said and f"written to {PLACE}" in said
    after = (project / PLACE).read_text(encoding="utf-8")
    assert after.startswith(before)
    assert after[len(before) :].count("\n") == 1 and ",yes,R. Searcher," in after
    show_quotes("demo", refuse="11", by="R. Searcher", reason="too clear")
    assert "it was approved by R. Searcher" in capsys.readouterr().out
    assert (project / PLACE).read_text(encoding="utf-8").count("R. Searcher") == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"approve": "3"}, "nobody is named"),
        ({"approve": "3", "by": "  "}, "nobody is named"),
        ({"approve": "3,x,999", "by": "R"}, "no passage with this number"),
        ({"approve": "", "by": "R"}, "no passage with this number"),
        ({"refuse": "3", "by": "R"}, "needs a reason"),
        ({"approve": "3", "refuse": "3", "by": "R", "reason": "x"}, "approved and refused"),
        ({"by": "R"}, "no terminal"),
        ({"edit": "Well [...]", "by": "R"}, "not said which passage"),
        ({"deviant": True, "refuse": "3", "by": "R", "reason": "x"}, "not said which passage"),
    ],
)
def test_what_is_not_a_decision_writes_nothing(project: Path, call: dict[str, str | bool], message: str) -> None:
    before = (project / PLACE).read_bytes()
    with pytest.raises(UserError, match=message):
        show_quotes("demo", **call)  # type: ignore[arg-type]
    assert (project / PLACE).read_bytes() == before


def test_a_passage_on_the_deny_list_needs_a_reason_that_says_why_it_may_stay(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(project, "analysis/study.yml", "coding:\n", "coding:\n  deny: [delay form]\n")
    show_quotes("demo", theme="demands")
    assert "blocked: deny-list “delay form”" in capsys.readouterr().out
    with pytest.raises(UserError, match="may identify somebody") as raised:
        show_quotes("demo", approve="11", by="R")
    assert raised.value.found == "deny-list “delay form”"
    show_quotes("demo", approve="11", by="R", reason="deny-list: every hospital has one")
    coded = read_interviews(open_cohort("demo"))
    assert coded is not None and coded.quotes is not None
    assert "deny-list: every hospital has one" in set(coded.quotes["reason"])
    chosen = select(coded.segments, coded.quotes, coded.interviewees, cohort="demo", deny_list=["delay form"])
    assert not chosen.blocked


def test_what_may_identify_is_left_out_by_a_marked_edit(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(project, "analysis/study.yml", "coding:\n", "coding:\n  deny: [delay form]\n")
    words = "If the first case starts late because I sat down with a frightened man, it is my name on [...]."
    before = (project / PLACE).read_bytes()
    with pytest.raises(UserError, match="differs from its source without saying so"):
        show_quotes("demo", approve="11", by="R", edit=words.replace("frightened", "nervous"))
    with pytest.raises(UserError, match="may identify somebody"):
        show_quotes("demo", approve="11", by="R", edit=words.replace("[...]", "the delay form"))
    with pytest.raises(UserError, match="one wording cannot stand for several passages"):
        show_quotes("demo", approve="10,11", by="R", edit=words)
    assert (project / PLACE).read_bytes() == before
    show_quotes("demo", approve="11", by="R", edit=words, deviant=True)
    assert "[...].”" in " ".join(capsys.readouterr().out.split())
    coded = read_interviews(open_cohort("demo"))
    assert coded is not None
    chosen = select(coded.segments, coded.quotes, coded.interviewees, cohort="demo", deny_list=["delay form"])
    assert [(one.edited, one.deviant) for one in chosen.quotes if one.text == words] == [(True, True)]
    show_quotes("demo", approve="11", by="S")  # a later decision keeps the wording
    assert (project / PLACE).read_text(encoding="utf-8").count(words) == 1


def test_a_cohort_without_a_file_of_approvals_gets_one_and_the_line_to_add(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / PLACE).unlink()
    edit(project, "data_raw/demo/cohort.yml", "  quotes: quotes.csv\n", "")
    show_quotes("demo")
    assert "cohort.yml names no file of approvals" in capsys.readouterr().out
    assert not (project / PLACE).exists()
    show_quotes("demo", approve="1,2", by="R")
    assert "  quotes: quotes.csv\n" in capsys.readouterr().out
    show_quotes("demo", approve="3", by="R")  # what cohort.yml does not name yet is not forgotten
    assert (project / PLACE).read_text(encoding="utf-8").count("yes") == 3


def test_asked_one_by_one_a_person_decides_skips_and_stops(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["y", "s", "n", "a name", "n", "", "q"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(answers))
    monkeypatch.setattr(command.sys.stdin, "isatty", lambda: True, raising=False)
    before = (project / PLACE).read_text(encoding="utf-8")
    show_quotes("demo", by="R. Searcher", theme="reflections")
    said = capsys.readouterr().out
    assert "not taken: a refusal needs a reason" in said
    added = (project / PLACE).read_text(encoding="utf-8")[len(before) :]
    assert [line.split(",")[3:6] for line in added.splitlines()] == [
        ["yes", "R. Searcher", ""],
        ["no", "R. Searcher", "a name"],
    ]


def test_a_cohort_without_interviews_says_so(project: Path) -> None:
    text = (project / "data_raw/demo/cohort.yml").read_text(encoding="utf-8")
    head, _, rest = text.partition("interviews:\n")
    (project / "data_raw/demo/cohort.yml").write_text(head + rest[rest.index("\n\n") :], encoding="utf-8")
    with pytest.raises(UserError, match="no interviews"):
        show_quotes("demo")
