"""The invented interviews: exact offsets, one voice each, believable coders, approvals that follow the rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from braid.errors import UserError
from braid.simulation import simulate
from braid.study import Cohort

MakeCohort = Callable[..., Cohort]


def table(cohort: Cohort, file: str) -> pd.DataFrame:
    return pd.read_csv(cohort.raw(file), dtype={"memo": str, "reason": str}, keep_default_na=False)


def transcripts(cohort: Cohort) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in cohort.raw("transcripts").glob("*.txt")}


@pytest.fixture(params=["demo", "dirty"])
def cohort(request: pytest.FixtureRequest) -> Cohort:
    found: Cohort = request.getfixturevalue(request.param)
    return found


def test_every_quote_is_the_exact_slice_of_its_transcript(cohort: Cohort) -> None:
    texts = transcripts(cohort)
    segments = table(cohort, "segments.csv")
    assert len(segments) > 30
    for row in segments.itertuples():
        assert texts[row.source][row.start : row.end] == row.quote


def test_every_segment_lies_in_a_turn_of_its_participant(cohort: Cohort) -> None:
    texts = transcripts(cohort)
    for row in table(cohort, "segments.csv").itertuples():
        begin = texts[row.source].rfind("\n", 0, row.start) + 1
        assert texts[row.source][begin:].startswith(f"{row.participant}: ")
        assert "\n" not in row.quote


def test_no_two_segments_have_the_same_words(cohort: Cohort) -> None:
    segments = table(cohort, "segments.csv").drop_duplicates(["source", "start", "end"])
    assert segments.quote.is_unique


def test_every_sub_theme_is_coded_by_labels_or_names_of_the_study(cohort: Cohort) -> None:
    coding = cohort.study.coding
    assert coding is not None
    known = {
        tuple(words)
        for top, theme in coding.themes.items()
        for name, sub in theme.themes.items()
        for words in ((top, name), (theme.label, sub.label))
    }
    used = {tuple(path.split(" > ")) for path in table(cohort, "segments.csv").code_path}
    assert used <= known
    assert len(used) == 17


def test_approved_quotes_are_segments_and_at_most_two_a_participant(cohort: Cohort) -> None:
    segments = table(cohort, "segments.csv").drop_duplicates(["source", "start", "end"])
    quotes = table(cohort, "quotes.csv")
    joined = quotes.merge(segments, on=["source", "start", "end"], how="left")
    assert joined.participant.notna().all()
    approved = joined[joined.approved == "yes"]
    assert approved.participant.value_counts().max() <= 2
    assert (approved.approved_by != "").all()
    assert (quotes.loc[quotes.approved == "no", "reason"] != "").all()
    themes = approved.assign(theme=approved.code_path.str.split(" > ").str[0])
    assert themes.groupby("theme").participant.nunique().min() >= 2


def test_the_consensus_record_holds_each_disagreement_once_with_a_reason(cohort: Cohort) -> None:
    segments = table(cohort, "segments.csv")
    coders = segments.groupby(["source", "start", "end", "code_path"]).coder.agg(set)
    expected = {place: found for place, found in coders.items() if len(found) == 1}
    consensus = table(cohort, "consensus.csv")
    places = list(consensus[["source", "start", "end", "code_path"]].itertuples(index=False, name=None))
    assert sorted(places) == sorted(expected)
    for place, row in zip(places, consensus.itertuples(), strict=True):
        given = {"Coder A"} if row.coder_a == "yes" else {"Coder B"}
        assert expected[place] == given and {row.coder_a, row.coder_b} == {"yes", "no"}
        assert row.decision in ("applied", "not applied") and row.reason
        assert row.adjudicator and row.date


def test_thirty_people_spoke_in_three_groups(demo: Cohort) -> None:
    people = table(demo, "focus_groups.csv")
    assert people.group.value_counts().to_dict() == {"nonsurgical": 12, "surgical": 10, "paediatric": 8}
    assert set(people.participant) == set(table(demo, "segments.csv").participant)
    for text in transcripts(demo).values():
        assert 30 <= len(text.splitlines()) <= 60


def test_the_coders_agree_well_but_not_always(demo: Cohort) -> None:
    turns = sum(
        not line.startswith(f"{name}_Moderator")
        for name, text in transcripts(demo).items()
        for line in text.splitlines()
    )
    kappas = []
    for _, rows in table(demo, "segments.csv").groupby("code_path"):
        a, b = (
            {tuple(r) for r in rows.loc[rows.coder == c, ["source", "start"]].to_numpy()}
            for c in ("Coder A", "Coder B")
        )
        observed = 1 - len(a ^ b) / turns
        expected = (len(a) * len(b) + (turns - len(a)) * (turns - len(b))) / turns**2
        kappas.append((observed - expected) / (1 - expected))
    assert len(kappas) == 17
    assert min(kappas) > 0.6 and max(kappas) < 0.95
    assert max(kappas) - min(kappas) > 0.1


def test_some_segments_carry_more_than_one_code_and_every_theme_is_heard_in_every_group(demo: Cohort) -> None:
    segments = table(demo, "segments.csv")
    assert (segments.groupby(["source", "start"]).code_path.nunique() > 1).sum() >= 10
    assert segments.groupby("code_path").group.nunique().min() == 3


def test_the_second_cohort_quotes_what_breaks_careless_programs(dirty: Cohort) -> None:
    segments = table(dirty, "segments.csv").drop_duplicates(["source", "start"])
    quotes = table(dirty, "quotes.csv").merge(segments, on=["source", "start", "end"])
    approved = " ".join(quotes.loc[quotes.approved == "yes", "quote"])
    for text in ("{{< env HOME >}}", "<script>alert(1)</script>", "$x$", "@ref", "[^1]", "|", "*tired*", "مریض"):
        assert text in approved
    assert max(len(word) for word in approved.split()) > 25
    assert table(dirty, "focus_groups.csv").group.value_counts().to_dict() == {"nonsurgical": 5, "surgical": 4}


def test_a_mark_that_names_no_theme_is_refused(make_cohort: MakeCohort, root: Path) -> None:
    study: dict[str, Any] = yaml.safe_load((root / "analysis" / "study.yml").read_text(encoding="utf-8"))
    spec = {"title": "T", "synthetic": True, "interviews": {"segments": "s.csv", "participants": "p.csv"}}
    script = {"date": "2026-01-01", "sources": {"FGD_1": {"turns": [[1, "⟦weather: It rained.⟧"]]}}}
    with pytest.raises(UserError, match="weather"):
        simulate(make_cohort(study, spec, interviews=script))
