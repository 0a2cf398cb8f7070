"""Ids leave a frame for good."""

from __future__ import annotations

import pandas as pd
import pytest
from braid.disclosure import mask_ids

KEY = {"S_1": "Participant 2", "S_2": "Participant 1"}


def test_ids_are_replaced_in_their_column_in_texts_and_in_the_index() -> None:
    frame = pd.DataFrame(
        {"participant": ["S_1", None], "quote": ["S_2 knows", "no id: S_22"], "n": [1, 2]}, index=["S_2", "x"]
    )
    masked = mask_ids(frame, KEY)
    assert masked["participant"].tolist()[0] == "Participant 2"
    assert masked["quote"].tolist() == ["Participant 1 knows", "no id: S_22"]
    assert masked.index.tolist() == ["Participant 1", "x"]
    assert masked["n"].tolist() == [1, 2]
    assert frame["participant"].tolist()[0] == "S_1"


def test_an_id_without_a_name_is_not_let_through() -> None:
    with pytest.raises(ValueError, match="1 ids of column participant have no name"):
        mask_ids(pd.DataFrame({"participant": ["S_1", "S_3"]}), KEY)
