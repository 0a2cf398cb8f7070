"""The qualitative section: what the approach decides, small numbers hidden once, places, and what the team writes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml
from braid.presentation.figure import Figure
from braid.presentation.table import Table
from braid.stages import codebook, coders, interviews, quotations, sample, theme_pairs, theme_table, theme_text
from braid.stages.interviews import Interviews

from tests.project_copy import REPOSITORY, copy_data

Change = Callable[[dict], None]  # type: ignore[type-arg]
FACTS = ("agreement", "consensus", "saturation", "meeting", "theme-groups", "theme-sites", "theme-occasions", "quotes")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo cohort in a project of its own."""
    monkeypatch.chdir(copy_data(tmp_path, "demo"))
    return tmp_path


def rewrite(path: Path, change: Change) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


def opened(project: Path, *, study: Change | None = None, cohort: Change | None = None) -> Interviews:
    if study is not None:
        rewrite(project / "analysis" / "study.yml", study)
    if cohort is not None:
        rewrite(project / "data_raw" / "demo" / "cohort.yml", cohort)
    return interviews.open("demo")


def facts(stage: Interviews) -> dict[str, bool]:
    return {r.id.removeprefix("has."): r.text == "yes" for r in stage.records() if r.id.startswith("has.")}


def real(content: dict[str, object]) -> None:
    content["synthetic"] = False


def test_a_codebook_study_shows_agreement_consensus_and_the_curve(project: Path) -> None:
    stage = opened(project)
    there = facts(stage)
    assert {name for name in FACTS if there[name]} == set(FACTS) - {"theme-sites", "theme-occasions"}
    said = str(coders.description(stage))
    assert "Two people coded 121 speaker turns apart" in said
    assert "kept in 26 and dropped in 6, each time by Researcher C" in said
    assert isinstance(coders.figure(stage), Figure)
    table = coders.table(stage)
    assert isinstance(table, Table)
    assert [str(column.label) for column in table.columns[1:5]] == ["Both", "A only", "B only", "None"]
    consensus = coders.consensus_table(stage)
    assert isinstance(consensus, Table) and len(consensus.rows) == 32
    assert "Saturation is not assessable: there are 3 events" in str(theme_text.description(stage))
    figure = sample.saturation_figure(stage)
    assert isinstance(figure, Figure) and "17 after 1 (17 new), 17 after 2 (0 new)" in figure.alt
    assert "FGD" not in figure.alt


def test_the_codebook_shows_descriptions_and_the_studys_own_attributes_in_its_order(project: Path) -> None:
    def own(content: dict) -> None:  # type: ignore[type-arg]
        themes = content["coding"]["themes"]
        themes["barriers"]["themes"]["time"] |= {"attributes": {"first_phase": "early"}, "kind": "cost"}
        themes["reflections"]["themes"]["practice"].pop("level")

    table = codebook.table(opened(project, study=own))
    assert isinstance(table, Table)
    heads = [str(column.label) for column in table.columns]
    assert heads == ["Theme", "Description", "Kind", "Level", "Works as", "First phase"]
    rows = {str(row.cells[0]): [str(cell) for cell in row.cells[1:]] for row in table.rows}
    assert list(rows)[:2] == ["Reflections on the training", "Delivery that fits practice"]
    assert rows["Reflections on the training"][0] == "How participants looked back on the session itself"
    assert rows["Delivery that fits practice"] == ["–", "reflection", "–", "resource", "–"]
    assert rows["Lack of time"] == ["–", "cost", "Organisation", "demand", "early"]


def test_a_codebook_of_names_alone_is_no_table(project: Path) -> None:
    def bare(content: dict) -> None:  # type: ignore[type-arg]
        content["coding"]["themes"] = {
            name: {"label": theme["label"], "themes": {n: {"label": t["label"]} for n, t in theme["themes"].items()}}
            for name, theme in content["coding"]["themes"].items()
        }

    stage = opened(project, study=bare)
    assert not facts(stage)["codebook"]
    assert "no more of its themes than their names" in str(codebook.table(stage))


def test_a_reflexive_study_shows_neither_and_says_why_in_one_sentence(project: Path) -> None:
    def reflexive(content: dict[str, dict[str, object]]) -> None:
        content["coding"]["approach"] = "reflexive"

    stage = opened(project, study=reflexive)
    there = facts(stage)
    assert not there["agreement"] and not there["consensus"] and not there["saturation"]
    methods = str(theme_text.methods(stage))
    assert methods.count("Agreement between coders and saturation are not reported: in this approach codes") == 1
    assert "kappa" not in methods and "Saturation is judged" not in methods
    assert "aturation" not in str(theme_text.description(stage))
    for piece in (coders.description, coders.figure, coders.table, coders.consensus_table, sample.saturation_figure):
        assert "not reported" in str(piece(stage)) or "no record" in str(piece(stage))
    assert not any(record.id.startswith("agreement.") for record in stage.records())
    assert there["quotes"] and there["meeting"]


def test_small_numbers_are_hidden_in_table_figures_sentences_and_records_alike(project: Path) -> None:
    stage = opened(project, study=lambda content: content.update(disclosure={"smallest": 3}), cohort=real)
    by_theme = {theme.theme: theme for theme in stage.themes}
    # 3, 2 and 2 participants of the groups voiced it: 2 and 2 are small, and the total stays
    assert (by_theme["reflections.practice"].k, by_theme["reflections.practice"].mentions) == (7, 7)
    assert [group.k for group in by_theme["reflections.practice"].by_group] == [3, None, None]
    table = theme_table.table(stage)
    assert isinstance(table, Table)
    assert "fewer than 3 participants" in " ".join(map(str, table.notes))
    assert "Numbers that would tell of fewer than 3 participants are not shown" in str(theme_text.methods(stage))
    grid = theme_table.groups_figure(stage)
    assert isinstance(grid, Figure)
    assert "Delivery that fits practice: Surgical 3 of 10, Non-surgical –, Paediatric –" in grid.alt
    # 28 of 30 tells of the two who did not voice it
    assert by_theme["barriers"].k is None
    record = next(r for r in stage.records() if r.id == "theme.barriers")
    assert (record.text, record.estimate, record.low, record.parts["mentions"]) == ("number not shown", None, None, "–")
    assert "28" not in stage.answer()
    assert "first of all" not in stage.answer()
    assert "28 of 30" not in str(theme_text.description(stage))
    compared = theme_pairs.differences_table(stage)
    assert isinstance(compared, Table)
    assert "may not be shown" in " ".join(map(str, compared.notes))


def test_what_would_be_dashes_alone_is_left_out_and_said(project: Path) -> None:
    stage = opened(project, cohort=real)
    assert not stage.has_groups
    assert str(theme_table.groups_figure(stage)) == "The participants are not shown in groups."
    assert "Surgical" not in theme_table.table(stage).markdown()
    said = str(theme_text.description(stage))
    assert "Themes are not shown by group, as the numbers would tell of fewer than 5 participants." in said
    assert "not shown by" not in str(theme_text.description(opened(project, cohort=lambda c: c.update(synthetic=True))))


def test_no_theme_is_said_to_be_voiced_most_while_others_are_hidden(project: Path) -> None:
    stage = opened(project, study=lambda content: content.update(disclosure={"smallest": 7}), cohort=real)
    assert any(theme.k is None for theme in stage.leaves) and any(theme.k for theme in stage.leaves)
    assert stage.most_voiced() == "The sub-themes whose numbers are shown were voiced by 7 to 8 of 30 participants."


def test_a_reason_lets_a_cohort_show_them_and_stands_in_the_report(project: Path) -> None:
    def decided(content: dict[str, object]) -> None:
        real(content)
        content["small_counts_shown"] = {"reason": "All participants consented to it.", "decided_by": "Ethics board"}

    stage = opened(project, cohort=decided)
    assert [group.k for group in stage.themes[1].by_group] == [3, 2, 2]
    table = theme_table.table(stage)
    assert isinstance(table, Table)
    assert "All participants consented to it (decided by Ethics board)." in " ".join(map(str, table.notes))
    assert "consented to it (decided by Ethics board)" in str(theme_text.methods(stage))


def test_the_limit_is_the_studys(project: Path) -> None:
    def limit(content: dict[str, object]) -> None:
        content["disclosure"] = {"smallest": 2}

    stage = opened(project, study=limit, cohort=real)
    assert [group.k for group in stage.themes[1].by_group] == [3, 2, 2]
    attitude = next(theme for theme in stage.themes if theme.theme == "facilitators.attitude")
    assert attitude.by_group[0].k is None  # 1 of 10


def test_a_group_below_the_limit_is_named_neither_in_tables_nor_beside_quotes(project: Path) -> None:
    path = project / "data_raw" / "demo" / "focus_groups.csv"
    people = pd.read_csv(path)
    few = people.index[people["group"] == "paediatric"][4:]
    people.loc[few, "group"] = "surgical"
    people.to_csv(path, index=False)
    segments = pd.read_csv(project / "data_raw" / "demo" / "segments.csv", dtype="str", keep_default_na=False)
    segments["group"] = segments["participant"].map(dict(zip(people["participant"], people["group"], strict=True)))
    segments.to_csv(project / "data_raw" / "demo" / "segments.csv", index=False)
    stage = opened(project, study=lambda content: content.update(disclosure={"smallest": 5}), cohort=real)
    assert not facts(stage)["theme-groups"]
    assert "Surgical" not in theme_table.table(stage).markdown()
    said = str(quotations.quotations(stage))
    assert "Participant 7)" in said and ", surgical)" not in said and ", paediatric)" not in said


def test_a_group_is_not_named_beside_words_that_tell_another_attribute(project: Path) -> None:
    stage = opened(project)
    said = str(quotations.quotations(stage))
    assert ", paediatric)" in said
    rewrite(
        project / "analysis" / "study.yml",
        lambda content: content["characteristics"]["city"]["levels"].update(karachi="toddler"),
    )
    said = str(quotations.quotations(interviews.open("demo")))
    assert "every toddler, and it costs me nothing.” (Participant 10)" in said


def with_places(project: Path) -> None:
    """Two sites, and the third group on a later occasion."""
    folder = project / "data_raw" / "demo"
    people = pd.read_csv(folder / "focus_groups.csv")
    number = people["participant"].str.extract(r"FGD_(\d)")[0].astype(int)
    people["site"] = number.map({1: "North", 2: "South", 3: "South"})
    people["occasion"] = number.map({1: "Training day", 2: "Training day", 3: "A month later"})
    people.to_csv(folder / "focus_groups.csv", index=False)


def test_sites_and_occasions_are_shown_where_somebody_has_them(project: Path) -> None:
    with_places(project)
    stage = opened(project)
    there = facts(stage)
    assert there["theme-sites"] and there["theme-occasions"]
    practice = next(theme for theme in stage.themes if theme.theme == "reflections.practice")
    assert [(count.label, count.n) for count in practice.by_site] == [("North", 10), ("South", 20)]
    assert [count.label for count in practice.by_occasion] == ["Training day", "A month later"]
    assert sum(count.k or 0 for count in practice.by_site) == practice.k == 7
    said = str(theme_table.sites(stage))
    assert "Participants were heard at 2 sites (@fig-sites)." in said and "17 sub-themes" in said
    figure = theme_table.occasions_figure(stage)
    assert isinstance(figure, Figure)
    assert "Training day" in figure.alt and "A month later" in figure.alt


def test_numbers_hidden_by_group_cannot_be_worked_out_by_site(project: Path) -> None:
    with_places(project)
    stage = opened(project, cohort=real)
    for theme in stage.themes:
        for counts in (theme.by_group, theme.by_site, theme.by_occasion):
            hidden = [count for count in counts if count.k is None]
            assert len(hidden) != 1 or theme.k is None
            assert not any(count.k is not None and 0 < count.k < 5 for count in counts)


def test_what_the_team_writes_on_sample_and_itself_is_shown(project: Path) -> None:
    def written(content: dict[str, dict[str, object]]) -> None:
        content["coding"]["information_power"] = {"aim": "Narrow.", "dialogue": "Rich {{< env HOME >}}."}
        content["coding"]["reflexivity"] = "Both coders *train* residents."

    stage = opened(project, study=written)
    power = sample.power(stage).markdown()
    assert "- *Aim.* Narrow" in power and "Strategy of analysis" not in power
    assert "{{<" not in power
    assert "\\*train\\*" in theme_text.reflexivity(stage).markdown()
    there = facts(stage)
    assert there["information-power"] and there["reflexivity"]


def test_what_the_team_did_not_write_is_left_out(project: Path) -> None:
    def unwritten(content: dict[str, dict[str, object]]) -> None:
        del content["coding"]["information_power"], content["coding"]["reflexivity"]

    stage = opened(project, study=unwritten)
    assert not facts(stage)["information-power"] and not facts(stage)["reflexivity"]
    assert str(sample.power(stage)) == "Nothing is written on information power."
    assert str(theme_text.reflexivity(stage)) == "Nothing is written on reflexivity."


def test_a_reason_that_may_identify_somebody_is_withheld_from_the_consensus_table(project: Path) -> None:
    path = project / "data_raw" / "demo" / "consensus.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("A gift as thanks.", "A gift from Dr Malone to FGD_1_Speaker_2."), encoding="utf-8")
    table = coders.consensus_table(opened(project))
    assert isinstance(table, Table)
    said = table.text()
    assert "Malone" not in said and "Speaker_2" not in said
    assert "may identify somebody" in " ".join(said.split())


def test_codes_that_nobody_used_are_listed(project: Path) -> None:
    def more(content: dict[str, dict[str, dict[str, dict[str, dict[str, object]]]]]) -> None:
        content["coding"]["themes"]["barriers"]["themes"]["noise"] = {"label": "Noise on the ward"}

    said = str(theme_text.description(opened(project, study=more)))
    assert "In the codebook, but voiced by nobody: noise on the ward." in said


def test_the_pooled_agreement_is_that_of_a_hand_count(project: Path) -> None:
    # the consensus record of the demo lists each disagreement of its two coders, and nothing else
    stage = opened(project)
    assert stage.agreement is not None and stage.agreement.pooled is not None
    pooled = stage.agreement.pooled
    assert pooled.disagreements == 32
    assert pooled.n == 121 * 17
    records = {record.id: record for record in stage.records()}
    assert records["agreement.pooled"].parts["percent"] == "98.4%"  # 2025 of 2057


def test_one_transcript_gives_no_curve_but_the_caution(project: Path) -> None:
    shutil.copytree(REPOSITORY / "data_raw" / "demo-next", project / "data_raw" / "demo-next")
    stage = interviews.open("demo-next")
    assert not facts(stage)["saturation"]
    said = str(theme_text.description(stage))
    assert "Saturation is not assessable: there is 1 event" in said and "fig-saturation" not in said
