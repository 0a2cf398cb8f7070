"""Staging: what may be published, and nothing else, in a project of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from braid.errors import UserError
from braid.rendering.cells import published_cells

from .conftest import House, cell, write_notebook


def all_text(folder: Path) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix != ".docx" and path.is_file()
    )


def test_a_staged_project_holds_only_embedded_cells(house: House) -> None:
    staged = house.stage()
    notebook = json.loads((staged.directory / "notebooks" / "02_baseline.ipynb").read_text(encoding="utf-8"))
    assert [cell["id"] for cell in notebook["cells"]] == ["tbl-baseline", "fig-change", "tbl-wide"]
    text = all_text(staged.directory)
    for secret in ("SECRET", "/secret", "html only", "plain only", "papermill", "frame.head", "Nobody embeds"):
        assert secret not in text
    assert staged.labels == ("tbl-baseline", "fig-change", "tbl-wide", "txt-quotes", "tbl-quotes")


def test_metadata_and_conditions_go_to_the_settings(house: House) -> None:
    house.stage()
    settings = yaml.safe_load((house.target / "_quarto.yml").read_text(encoding="utf-8"))
    assert settings["title"] == house.meta["title"]
    assert settings["author"][0] == {"name": "Ayesha Example", "affiliations": [{"name": "Teaching Hospital"}]}
    assert settings["has"] == {"interviews": True, "satisfaction": False}
    assert settings["banner"].startswith("Synthetic data.")
    assert settings["project"]["render"] == ["index.qmd"]


def test_a_cohort_with_real_data_has_no_banner(house: House) -> None:
    house.meta["synthetic"] = False
    house.stage()
    assert "banner" not in yaml.safe_load((house.target / "_quarto.yml").read_text(encoding="utf-8"))


def test_blocks_that_do_not_apply_are_emptied_and_line_numbers_stay(house: House) -> None:
    source = (house.root / "reports" / "index.qmd").read_text(encoding="utf-8").splitlines()
    house.stage()
    staged = (house.target / "index.qmd").read_text(encoding="utf-8").splitlines()
    assert len(staged) == len(source)
    assert staged[source.index("This cohort has no satisfaction form.")] == "This cohort has no satisfaction form."
    assert "There were no interviews." not in staged
    assert not (house.target / "sections" / "_satisfaction.qmd").exists()


def test_the_other_branch_applies_where_the_fact_is_the_other(house: House) -> None:
    house.has["interviews"] = False
    house.edit("index.qmd", " and @sec-strand", "")
    staged = house.stage()
    text = (house.target / "index.qmd").read_text(encoding="utf-8")
    assert "There were no interviews." in text and "_words.qmd" not in text
    assert "txt-quotes" not in staged.labels


def test_an_unknown_condition_names_the_line_and_the_nearest_one(house: House) -> None:
    house.edit("index.qmd", 'when-meta="has.satisfaction"', 'when-meta="has.satisfation"')
    with pytest.raises(UserError, match=r"reports/index.qmd: line \d+: unknown condition") as error:
        house.stage()
    assert "did you mean has.satisfaction" in str(error.value)


def test_an_embed_of_a_missing_label_names_line_label_and_the_nearest_one(house: House) -> None:
    house.edit("sections/_numbers.qmd", "#tbl-baseline", "#tbl-basline")
    with pytest.raises(UserError) as error:
        house.stage()
    assert "reports/sections/_numbers.qmd: line 5" in str(error.value)
    assert "publishes no tbl-basline" in str(error.value)
    assert "did you mean tbl-baseline" in str(error.value)


def test_an_embed_from_the_wrong_notebook_is_told_the_right_one(house: House) -> None:
    house.edit("sections/_numbers.qmd", "#tbl-baseline", "#tbl-quotes")
    with pytest.raises(UserError, match=r"it stands in notebooks/05_qualitative.ipynb"):
        house.stage()


def test_all_wrong_embeds_are_told_at_once(house: House) -> None:
    house.edit("sections/_numbers.qmd", "#tbl-baseline", "#tbl-a")
    house.edit("sections/_words.qmd", "#txt-quotes", "#txt-b")
    with pytest.raises(UserError) as error:
        house.stage()
    assert "tbl-a" in str(error.value) and "txt-b" in str(error.value)


def test_embedding_a_label_twice_is_refused(house: House) -> None:
    house.edit("sections/_words.qmd", "{{< embed notebooks/05_qualitative.ipynb#tbl-quotes >}}", "")
    house.edit("sections/_words.qmd", "#txt-quotes", "#tbl-quotes,tbl-quotes")
    with pytest.raises(UserError, match="tbl-quotes is embedded twice"):
        house.stage()


def test_a_published_cell_that_ended_in_an_error_is_refused(house: House) -> None:
    broken = cell("tbl-baseline", {})
    broken["outputs"] = [{"output_type": "error", "ename": "ValueError", "evalue": "no data", "traceback": []}]
    write_notebook(house.notebooks / "03_satisfaction.ipynb", [broken])
    with pytest.raises(UserError, match=r"03_satisfaction.ipynb#tbl-baseline: .* error") as error:
        house.stage()
    assert "ValueError: no data" in str(error.value)


def test_a_label_that_appears_twice_is_refused(house: House) -> None:
    twice = cell("tbl-x", {"text/markdown": "x"}, options="#| tbl-cap: x\n")
    write_notebook(house.notebooks / "03_satisfaction.ipynb", [twice, twice])
    with pytest.raises(UserError, match=r"03_satisfaction.ipynb: the label tbl-x appears twice"):
        house.stage()


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        ({"text/html": "<b>x</b>"}, "#| tbl-cap: x\n", "must show markdown or a picture"),
        ({"text/markdown": "{{< env HOME >}}"}, "#| tbl-cap: x\n", "unescaped shortcode"),
        ({"text/markdown": "x"}, '#| tbl-cap: "{{< env HOME >}}"\n', "unescaped shortcode"),
        ({"text/markdown": "x"}, "", "needs a caption"),
    ],
)
def test_outputs_that_cannot_be_shown_are_refused(
    house: House, data: dict[str, str], options: str, message: str
) -> None:
    write_notebook(house.notebooks / "03_satisfaction.ipynb", [cell("tbl-x", data, options=options)])
    with pytest.raises(UserError, match=message):
        house.stage()


def test_a_generated_caption_wins_over_the_written_one(house: House) -> None:
    house.stage()
    cells = published_cells(house.target / "notebooks" / "02_baseline.ipynb", staged=True)
    assert cells[0].caption == "Confidence by group, @fig-change shows it"


def test_captions_survive_staging_backslashes_and_quotes_included(house: House) -> None:
    house.stage()
    for name in ("02_baseline.ipynb", "05_qualitative.ipynb"):
        before = {cell.label: cell.caption for cell in published_cells(house.notebooks / name)}
        after = {cell.label: cell.caption for cell in published_cells(house.target / "notebooks" / name, staged=True)}
        assert after.items() <= before.items()


def test_a_variable_that_holds_a_shortcode_is_refused(house: House) -> None:
    house.variables["change"]["scq"]["text"] = "{{< env HOME >}}"
    with pytest.raises(UserError, match=r"change.scq.text: a variable holds"):
        house.stage()


def test_a_failed_staging_leaves_the_last_project(house: House) -> None:
    house.stage()
    before = (house.target / "index.qmd").read_bytes()
    house.edit("sections/_numbers.qmd", "#tbl-baseline", "#tbl-nothing")
    with pytest.raises(UserError):
        house.stage()
    assert (house.target / "index.qmd").read_bytes() == before
    assert [path.name for path in house.target.parent.iterdir()] == ["report"]


def test_staging_again_replaces_the_project_and_gives_the_same_bytes(house: House) -> None:
    def content() -> dict[str, bytes]:
        files = sorted(path for path in house.target.rglob("*") if path.is_file())
        return {str(path.relative_to(house.target)): path.read_bytes() for path in files}

    house.stage()
    first = content()
    (house.target / ".quarto").mkdir()
    (house.target / ".quarto" / "leftover").write_text("x", encoding="utf-8")
    house.stage()
    assert content() == first
