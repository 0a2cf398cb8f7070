"""What cleaning says of its changes: the log is English, a report speaks its own language."""

from __future__ import annotations

import pytest
from braid.cleaning import clean_survey, rules
from braid.language import speaking
from braid.study import open_cohort

from tests.project_copy import REPOSITORY

CELL = {"file": "data_raw/a/before.csv", "column": "q1", "found": "N/A", "became": "missing", "rule": rules.CODE}
ROW = {"file": "people.csv", "column": "id", "found": rules.EXCLUDED, "became": rules.LEFT_OUT, "rule": "no key"}


def test_in_english_a_change_is_said_as_the_log_holds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    for change in clean_survey(open_cohort("demo-next")).log.to_dict("records"):
        said = rules.in_words({str(name): cell for name, cell in change.items()})
        assert said == {name: change[name] for name in ("file", "column", "found", "became", "rule")}


def test_every_change_of_a_cohort_is_said_in_another_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    log = clean_survey(open_cohort("demo-next")).log
    with speaking("da"):
        for change in log.to_dict("records"):
            said = rules.in_words({str(name): cell for name, cell in change.items()})
            assert (said["rule"] != change["rule"]) is (change["found"] != rules.EXCLUDED)
            assert (said["became"] != change["became"]) is (
                change["became"] in ("missing", "row left out", "one spelling")
            )


def test_what_the_data_hold_stays_as_it_is() -> None:
    with speaking("da"):
        said = rules.in_words({**CELL, "found": "no key", "became": "5", "rule": rules.RESPONSE})
        assert (said["found"], said["became"]) == ("no key", "5")


def test_why_a_person_was_left_out_is_told_in_the_words_of_the_team() -> None:
    with speaking("da"):
        said = rules.in_words(ROW)
        assert said["rule"] == "no key"
        assert said["found"] == "ekskluderet person"


def test_numbers_in_a_rule_are_written_as_the_language_writes_them() -> None:
    with speaking("da"):
        said = rules.in_words({**CELL, "rule": rules.OUTSIDE.format(low="18", high="70.5")})
        assert said["rule"] == "uden for 18 til 70,5"
        assert rules.in_words({**CELL, "found": rules.OTHERS.format(n=12)})["found"] == "12 andre celler"
