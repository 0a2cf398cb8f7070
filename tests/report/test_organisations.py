"""`braid run organisations`: a study of words alone, at several sites and on several occasions, as a whole report."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from braid.records import Record
from braid.study import open_cohort

from tests.project_copy import REPOSITORY, Copy

from .conftest import empty_tables_or_figures, headings, pdf_text, simulated_again, word_text

pytestmark = pytest.mark.slow
COHORT = "organisations"
SITES = ("Acute hospital", "Ambulance service", "Community services", "Mental health services")
OCCASIONS = ("Training days", "First follow-up", "Later follow-up")
THEMES = {
    "inhibitors": ("scepticism", "missed", "organisation"),
    "enablers": ("commitment", "leading", "enabling_integration"),
    "resources": ("toolkit", "confidence", "creativity"),
    "perspective": ("self", "others", "title"),
}
OF_NUMBERS = (
    "Statistical analysis",
    "Before the programme",
    "Change",
    "Satisfaction",
    "Of methods: numbers beside words",
    "Of researchers: coder beside coder",
)


def test_the_data_are_large_enough_and_each_speaker_is_coded() -> None:
    folder = REPOSITORY / "data_raw" / COHORT
    segments = pd.read_csv(folder / "segments.csv", dtype=str)
    people = pd.read_csv(folder / "participants.csv", dtype=str)
    assert len(segments) >= 120
    assert 30 <= len(people) <= 40
    assert set(segments["participant"]) == set(people["participant"])
    assert set(segments["site"]) == set(SITES)
    assert set(segments["occasion"]) == set(OCCASIONS)
    assert (segments.groupby("participant")["site"].nunique() == 1).all()
    for file in (folder / "transcripts").glob("*.txt"):
        speakers = set(re.findall(r"^(P\d\d): ", file.read_text(encoding="utf-8"), re.MULTILINE))
        assert speakers == set(segments.loc[segments["source"] == file.stem, "participant"]), file.name


def test_every_word_of_a_segment_stands_where_it_is_said_to_stand() -> None:
    folder = REPOSITORY / "data_raw" / COHORT
    segments = pd.read_csv(folder / "segments.csv", dtype=str)
    texts = {file.stem: file.read_text(encoding="utf-8") for file in (folder / "transcripts").glob("*.txt")}
    for row in segments.itertuples():
        assert texts[str(row.source)][int(str(row.start)) : int(str(row.end))] == row.quote
        begin = texts[str(row.source)].rfind("\n", 0, int(str(row.start))) + 1
        assert texts[str(row.source)][begin:].startswith(f"{row.participant}: ")


def test_themes_have_the_published_structure_and_are_counted_by_participants(records: dict[str, Record]) -> None:
    segments = pd.read_csv(REPOSITORY / "data_raw" / COHORT / "segments.csv", dtype=str)
    themes = open_cohort(COHORT, REPOSITORY).study.coding
    assert themes is not None
    assert {top: tuple(theme.themes) for top, theme in themes.themes.items()} == THEMES
    for path, theme in themes.paths().items():
        voiced = segments.loc[segments["code_path"].str.contains(theme.label, regex=False), "participant"].nunique()
        assert records[f"theme.{path}"].text == f"{voiced} of 36"
        assert voiced > 0


def test_themes_are_shown_by_site_occasion_and_profession(source: str, text: str) -> None:
    figures = {
        match[1]: match[2] for match in re.finditer(r'<figure[^>]*id="(fig-\w+)".*?alt="([^"]*)"', source, re.DOTALL)
    }
    for place in SITES:
        assert place in figures["fig-sites"]
    for place in OCCASIONS:
        assert place in figures["fig-occasions"]
    for group in ("Nursing", "Allied health", "Medical", "Support", "Management"):
        assert group in figures["fig-sources"]
    assert "Participants were heard at 4 sites" in text
    assert "chances to build it in (Ambulance service)" in text
    assert "Participants were heard on 3 occasions" in text
    assert "ideas of one's own (Training days)" in text.replace("’", "'")
    assert "15 participants were heard on more than one occasion" in text
    assert "Acute hospital 6 4 3 7" in text


def test_nothing_is_said_of_numbers_that_there_are_not(text: str, source: str, records: dict[str, Record]) -> None:
    told = headings(source)
    for heading in OF_NUMBERS:
        assert not [one for one in told if one.endswith(heading)], heading
    assert "The study has no questionnaire and no evaluation form" in text
    for word in (
        "95% CI",
        "kappa",
        "Fisher",
        "Newcombe",
        "Clopper",
        "p =",
        "p <",
        "mean ±",
        "nothing to join",
        "Welch",
    ):
        assert word not in text
    assert not [name for name in records if name.startswith(("change.", "baseline.", "satisfaction.", "agreement."))]
    assert "Agreement between coders and saturation are not reported" in text


def test_nothing_is_empty_and_nothing_is_left_of_the_machine(made: Copy, text: str, source: str) -> None:
    assert empty_tables_or_figures(source) == []
    assert not re.search(r"\bNone\b(?! acts|; the data|\.)", text)
    for word in ("NaN", "nan ", "<NA>", "{{<", "@tbl-", "@fig-", "@sec-", "not found", "??", "a occasion"):
        assert word not in text, word
    for other in (pdf_text(made.report(COHORT, "report.pdf")), word_text(made.report(COHORT, "report.docx"))):
        assert "What inhibits the work" in other
        assert "@tbl-" not in other
        assert "Recommendations" in other


def test_ids_are_masked_and_a_small_group_is_not_named_with_a_quotation(text: str, made: Copy) -> None:
    assert not re.search(r"\bP[0-3]\d\b", text)
    assert not re.search(r"\(Participant \d+, medical\)", text)
    assert re.search(r"\(Participant \d+, nursing\)", text)
    for notebook in made.report(COHORT, "notebooks").glob("*.ipynb"):
        assert not re.search(r"\bP[0-3]\d\b", notebook.read_text(encoding="utf-8")), notebook.name


def test_recommendations_follow_from_themes_and_say_who_can_act(text: str, records: dict[str, Record]) -> None:
    assert {f"recommendation.r{number}" for number in range(1, 6)} <= set(records)
    assert records["recommendation.r1"].parts["strength"] == "interviews only"
    assert "Boards and directors (leader)" in text
    assert "5 recommendations follow from what was said" in text


def test_it_is_made_again_from_its_source_file(tmp_path: Path) -> None:
    before, after = simulated_again(tmp_path, COHORT)
    assert after == before
