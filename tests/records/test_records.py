"""Records: what stands in the files is what was put in, and nothing that is no number gets out as one."""

import json
import math
from pathlib import Path

import pytest
from braid.errors import UserError
from braid.records import Record, as_variables, read_records, write_records


def test_records_read_back_are_what_was_written_in_order_of_id(tmp_path: Path) -> None:
    change = Record("change.s", "0.5", 0.1 + 0.2, -1e-17, 1e300, 7, "score", "t", "change", "tbl-x", parts={"p": "ü"})
    plain = Record("a", "text", note="caution")
    write_records(tmp_path / "r.json", [change, plain])
    assert read_records(tmp_path / "r.json") == [plain, change]


def test_the_same_records_in_another_order_give_the_same_bytes(tmp_path: Path) -> None:
    records = [Record("b", "2", 2.0), Record("a", "1", 1.0), Record("c.d", "3")]
    write_records(tmp_path / "one.json", records)
    write_records(tmp_path / "two.json", records[::-1])
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_becomes_nothing_and_the_file_stays_plain_json(tmp_path: Path, value: float) -> None:
    record = Record("a", "not estimable", value, value, value)
    assert (record.estimate, record.low, record.high) == (None, None, None)
    write_records(tmp_path / "r.json", [record])
    json.loads((tmp_path / "r.json").read_text(encoding="utf-8"), parse_constant=lambda word: pytest.fail(word))


@pytest.mark.parametrize("name", ["a", "change.scq.item.scq01", "theme.barriers.lack-of_time", "a.1"])
def test_dotted_lower_case_names_are_ids(name: str) -> None:
    assert Record(name, "x").id == name


@pytest.mark.parametrize("name", ["", "A", "a.B", "1a", "a..b", ".a", "a.", "a b", "a\n", "ä", "a/b", "a.-b"])
def test_other_names_are_refused_with_the_name(name: str) -> None:
    with pytest.raises(ValueError, match="is not a dotted lower-case name"):
        Record(name, "x")


def test_an_id_written_twice_is_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    write_records(path, [Record("a", "old")])
    with pytest.raises(ValueError, match="same id: b"):
        write_records(path, [Record("b", "1"), Record("c", "2"), Record("b", "3")])
    assert read_records(path) == [Record("a", "old")]
    assert [found.name for found in tmp_path.iterdir()] == ["r.json"]


def test_the_folder_is_made_and_no_draft_is_left(tmp_path: Path) -> None:
    path = tmp_path / "data" / "results" / "r.json"
    write_records(path, [])
    assert read_records(path) == []
    assert [found.name for found in path.parent.iterdir()] == ["r.json"]


@pytest.mark.parametrize(
    "content",
    ["", "{", '[{"id": "a"}]', '[{"id": "a", "text": "x", "colour": "red"}]', '[{"id": "A", "text": "x"}]', "[1]"],
)
def test_a_file_that_is_not_ours_is_told_with_the_next_step(tmp_path: Path, content: str) -> None:
    (tmp_path / "change.json").write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match="delete data_processed") as caught:
        read_records(tmp_path / "change.json")
    assert caught.value.place == "change.json"


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_records(tmp_path / "change.json")


def test_variables_are_nested_by_the_steps_of_the_id_with_text_parts_and_n() -> None:
    variables = as_variables(
        [Record("change.s", "0.5", n=7, parts={"before": "4.0 ± 0.5"}), Record("change.s.item.q1", "0.1")]
    )
    assert variables == {
        "change": {"s": {"text": "0.5", "before": "4.0 ± 0.5", "n": "7", "item": {"q1": {"text": "0.1"}}}}
    }


def test_variables_do_not_depend_on_which_of_two_nested_records_comes_first() -> None:
    outer, inner = Record("a", "outer", n=1), Record("a.b", "inner")
    assert as_variables([outer, inner]) == as_variables([inner, outer])


def test_a_record_below_a_text_of_the_same_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"a\.p\.x stands below a text"):
        as_variables([Record("a", "1", parts={"p": ".05"}), Record("a.p.x", "2")])


def test_a_part_does_not_hide_the_records_below_its_name() -> None:
    with pytest.raises(ValueError, match=r"a\.p"):
        as_variables([Record("a.p.x", "2"), Record("a", "1", parts={"p": ".05"})])


def test_a_zero_n_is_shown_and_a_missing_one_is_not() -> None:
    assert as_variables([Record("a", "x", n=0), Record("b", "y")]) == {
        "a": {"text": "x", "n": "0"},
        "b": {"text": "y"},
    }
