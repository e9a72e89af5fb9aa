"""Data in memory: what is one element, and what holds them one behind the other."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import sigcheck
from sigcheck.schema.errors import SourceError

ROWS = np.arange(6.0).reshape(3, 2)


def told(data, **options):
    return [(one.name, str(one.spec), one.rows) for one in sigcheck.observe(data, **options).tensors]


def test_an_array_is_one_element_and_not_its_rows():
    assert told(ROWS) == told([ROWS]) == [("values", "float64[?, 2]", 3)]
    assert told(ROWS, is_batched=False) == [("values", "float64[?, 3, 2]", 1)]


def test_a_dict_is_one_element_and_not_its_names():
    assert told({"x": ROWS, "y": np.arange(3)}) == [("x", "float64[?, 2]", 3), ("y", "int64[?]", 3)]


def test_arrays_one_behind_the_other_are_batches():
    assert told(iter([ROWS, ROWS[:1]])) == [("values", "float64[?, 2]", 4)]


def test_a_table_of_pandas_is_its_columns():
    pandas = pytest.importorskip("pandas")
    assert told(pandas.DataFrame({"a": [1, 2], 7: [1.5, 2.5]})) == [("7", "float64[?]", 2), ("a", "int64[?]", 2)]


def test_ragged_and_sparse_tensors_are_elements():
    ragged = SimpleNamespace(ragged_rank=1, flat_values=np.arange(3), row_lengths=lambda: np.array([1, 2]))
    assert told(ragged) == [("values", "ragged int64[?, None]", 2)]
    sparse = SimpleNamespace(indices=np.array([[0, 1], [2, 0]]), values=np.array([5, 6]), dense_shape=np.array([3, 2]))
    assert told(sparse) == [("values", "sparse int64[?, 2]", 3)]


class Refusing:
    def __iter__(self):
        raise NotImplementedError("symbolic")


@pytest.mark.parametrize("data", [Refusing(), 3])
def test_what_has_no_elements_is_the_one_error(data):
    with pytest.raises(SourceError, match=r"^data: \w+, expected .*an iterable of arrays\. Give a list of it\.$"):
        sigcheck.observe(data)


def test_what_holds_itself_is_the_one_error():
    around = {}
    around["x"] = around
    deep = ROWS
    for _ in range(5000):
        deep = (deep,)
    for element in (around, deep):
        with pytest.raises(SourceError, match=r"^element 0: nested deeper than 100, expected arrays"):
            sigcheck.observe([element])


def test_what_is_nested_is_named_by_its_places():
    assert told([{"a": (ROWS, {"b": np.ones(2)})}]) == [("a_0", "float64[?, 2]", 3), ("b", "float64[?]", 2)]
