from __future__ import annotations

import json

import numpy as np
import pytest

from sigcheck.testing import assert_data_fits


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "reader.toml"
    path.write_text(
        '[inputs]\nx = { spec = "float32[?, 3]", facts = { range = [0, 1] } }\n'
        'ids = { spec = "int32[?]", facts = { id_count = 10 } }\n'
    )
    return str(path)


def rows(x=0.5, ids=3, dtype=np.float32):
    return [{"x": np.full((4, 3), x, dtype), "ids": np.full(4, ids, np.int32)}]


def test_what_fits_gives_back_what_was_seen(model):
    seen = assert_data_fits(rows(), model)
    assert seen.tensors[0].name == "ids"
    assert assert_data_fits(seen, model) is seen


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (rows(x=2), "the data holds the value 2, against the declared range [0, 1]"),
        (rows(ids=10), "the data holds the id 10, against the declared id_count 10"),
        (rows(dtype=np.float64), "the data is float64[?, 3]: another dtype than float32"),
        ([{"x": np.zeros((4, 2), np.float32), "ids": np.zeros(4, np.int32)}], "float32[?, 2]: other sizes"),
        ([{"x": np.zeros((4, 3), np.float32)}], "the data has no 'ids'; it has x"),
    ],
)
def test_what_does_not_fit_is_told(model, data, told):
    with pytest.raises(AssertionError) as caught:
        assert_data_fits(data, model)
    assert told in str(caught.value)


def test_numbers_of_json_have_no_dtype_of_their_own(model, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"x": [0, 1, 0.5], "ids": 3}) + "\n")
    assert_data_fits(path, model)
    path.write_text(json.dumps({"x": [0, 1, 0.5], "ids": 3.5}) + "\n" + json.dumps({"x": None, "ids": 3}))
    with pytest.raises(AssertionError, match="another dtype than int32") as caught:
        assert_data_fits(path, model)
    assert "1 of 2 rows of the data have no value" in str(caught.value)


def test_one_input_takes_one_tensor_whatever_its_name(tmp_path):
    (tmp_path / "one.toml").write_text('[inputs]\nx = "float32[?, 3]"\n')
    assert_data_fits([np.zeros((2, 3), np.float32)], str(tmp_path / "one.toml"))
