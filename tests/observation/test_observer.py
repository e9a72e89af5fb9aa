"""Laws: observing a whole equals merging its parts, in any order and grouping, and NumPy on the whole."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sigcheck.observation.column import Column
from sigcheck.observation.lists import column_of
from sigcheck.observation.observer import Observer

DTYPES = ("float32", "float64", "float16", "int8", "uint8", "int32", "int64", "uint64", "bool")


def arrays():
    shapes = hnp.array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=6)
    return st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.arrays(dtype, shapes))


def observed(*parts, threads=1):
    with Observer(threads) as observer:
        for part in parts:
            observer.add({"x": Column(part)}, "data")
        return observer


@given(arrays(), st.data())
@settings(max_examples=300, deadline=None)
def test_parts_in_any_order_and_grouping_are_the_whole(values, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(values)), max_size=4)))
    parts = np.split(values, cuts)
    states = [observed(part) for part in data.draw(st.permutations(parts))]
    while len(states) > 1:
        at = data.draw(st.integers(0, len(states) - 2))
        states[at].merge(states.pop(at + 1))
    assert states[0].observation() == observed(values).observation()


def numbers_of_text():
    """Parts of a column: whole numbers, written as such, or fractions."""
    shape = (2,)
    whole = hnp.arrays("int64", shape, elements=st.integers(-(2**63), 2**63 - 1))
    fractions = hnp.arrays("float64", shape, elements=st.floats(allow_nan=True, allow_infinity=True))
    return st.lists(st.one_of(whole, whole, fractions), min_size=1, max_size=5)


@given(numbers_of_text(), st.data())
@settings(max_examples=300, deadline=None)
def test_numbers_of_a_text_are_whole_till_one_is_not_in_any_order_and_grouping(parts, data):
    def seen(part):
        with Observer(1) as observer:
            observer.add({"x": Column.of_text(part)}, "data")
            return observer

    states = [seen(part) for part in data.draw(st.permutations(parts))]
    while len(states) > 1:
        at = data.draw(st.integers(0, len(states) - 2))
        states[at].merge(states.pop(at + 1))
    # At once, in the dtype that all have in common.
    assert states[0].observation() == observed(np.concatenate(parts)).observation()


@given(arrays())
@settings(max_examples=300, deadline=None)
def test_numbers_are_those_of_numpy(values):
    found = observed(values).observation().tensors[0].numbers
    finite = values[np.isfinite(values)].astype(np.longdouble)
    assert (found.count, found.nan) == (values.size, int(np.isnan(values).sum()))
    assert found.infinite == int(np.isinf(values).sum())
    assert found.zeros == int((values == 0).sum())
    if not finite.size:
        assert found.least is found.mean is found.std is None
        return
    # Also beyond what a float has digits for.
    assert (found.least, found.greatest) == (finite.min(), finite.max())
    scale = float(np.abs(finite).max())
    assert found.mean == pytest.approx(
        float((finite / (scale or 1)).mean()) * (scale or 1), rel=1e-12, abs=scale * 1e-15
    )
    assert found.std == pytest.approx(float((finite / (scale or 1)).std()) * (scale or 1), rel=1e-9, abs=scale * 1e-9)


@pytest.mark.parametrize("threads", [1, 4])
def test_a_large_array_is_counted_in_pieces_alike(threads):
    values = np.random.default_rng(0).normal(size=(3000, 401)).astype(np.float32)
    assert (
        observed(values, threads=threads).observation()
        == observed(*np.split(values, 7 * [0] + [11, 1700])).observation()
    )


def test_quantiles_are_within_their_error():
    values = np.random.default_rng(0).normal(size=100_000).astype(np.float32)
    found = observed(values).observation().tensors[0].numbers
    for share, value in found.quantiles:
        exact = np.quantile(values, share, method="inverted_cdf")
        assert value == pytest.approx(exact, rel=2**-8)


def test_quantiles_of_bytes_are_exact():
    values = np.random.default_rng(0).integers(0, 256, 5_001).astype(np.uint8)
    found = observed(values).observation().tensors[0].numbers
    assert [value for _, value in found.quantiles] == [
        np.quantile(values, share, method="inverted_cdf") for share, _ in found.quantiles
    ]


def test_large_means_leave_the_deviation_right():
    values = np.array([1e9 + 1, 1e9 + 2, 1e9 + 3], np.float64)
    assert observed(values).observation().tensors[0].numbers.std == pytest.approx(np.sqrt(2 / 3), rel=1e-15)


def of_lists(rows):
    """What a source gives of rows of lists."""
    return column_of([np.array(row, np.int64) for row in rows])


@given(st.lists(st.lists(st.integers(-1, 3), max_size=4), min_size=1, max_size=12), st.data())
@settings(max_examples=300, deadline=None)
def test_rows_of_lists_are_the_same_however_they_come_in_batches(rows, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=4)))
    parts = [rows[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    with Observer(1) as whole, Observer(1) as pieces:
        whole.add({"x": of_lists(rows)}, "data")
        for part in filter(None, parts):
            pieces.add({"x": of_lists(part)}, "data")
        found = whole.observation()
        assert pieces.observation() == found
    tensor = found.tensors[0]
    widths = {len(row) for row in rows}
    assert (tensor.spec.kind == "ragged") == (len(widths) > 1)
    if len(widths) > 1:
        assert dict(tensor.lengths) == {width: sum(len(row) == width for row in rows) for width in widths}


def test_a_last_entry_that_all_rows_share_is_no_padding():
    rows = np.random.default_rng(0).integers(0, 40, (1000, 3))
    rows[:, -1] = 1
    assert observed(rows).observation().tensors[0].padding is None
    rows[:600, -2] = 1
    assert observed(rows).observation().tensors[0].padding.value == 1


@pytest.mark.parametrize(
    "rows",
    [
        np.zeros((50, 8), np.int64),
        np.full((50, 3), 7.5),
        np.ones((50, 4), np.bool_),
        # Each row has one value, and that of some is zero.
        np.repeat(np.arange(50.0)[:, None], 3, axis=1),
    ],
)
def test_constant_rows_are_no_padding(rows):
    tensor = observed(rows).observation().tensors[0]
    assert (tensor.padding, tensor.lengths) == (None, ())


def test_empty_rows_are_padded_as_others_are():
    rows = np.array([[0, 0, 0]] * 5 + [[3, 0, 0], [3, 4, 5]])
    tensor = observed(rows).observation().tensors[0]
    assert (tensor.padding.value, tensor.padding.rows, tensor.lengths) == (0, 6, ((0, 5), (1, 1), (3, 1)))


def test_lists_of_one_length_are_looked_at_for_padding():
    with Observer(1) as observer:
        observer.add({"x": of_lists([[5, 0, 0], [5, 6, 7], [5, 6, 0]])}, "data")
        found = observer.observation().tensors[0]
    assert (str(found.spec), found.padding.value, found.padding.side) == ("int64[?, 3]", 0, "post")
    assert found.lengths == ((1, 1), (2, 1), (3, 1))


def test_many_tensors_take_little_memory():
    values = np.random.default_rng(0).normal(size=(64, 3000)).astype(np.float32)
    tracemalloc.start()
    with Observer(1) as observer:
        observer.add({str(at): Column(values[:, at]) for at in range(values.shape[1])}, "data")
        _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 60 << 20
