"""Laws: files brought together in any order and grouping, by way of other processes too, give the same."""

from __future__ import annotations

import pickle

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sigcheck.observation.column import Column
from sigcheck.observation.gathered import Gathered, Part
from sigcheck.observation.lists import column_of, texts_of
from sigcheck.observation.observer import Observer
from sigcheck.schema.observation import DataFile

CELLS = st.lists(st.integers(-3, 3), max_size=4)
FORMS = {
    "lists": lambda rows: column_of([np.array(row, np.int64) for row in rows]),
    "single": lambda rows: Column(np.array([sum(row) for row in rows], np.float32), missing=1),
    "double": lambda rows: Column(np.array([sum(row) for row in rows], np.float64)),
    "bytes": lambda rows: Column(np.array([abs(sum(row)) for row in rows], np.uint8)),
    "written": lambda rows: Column.of_text(np.array([sum(row) for row in rows], np.int64)),
    "fractions": lambda rows: Column.of_text(np.array([sum(row) / 4 for row in rows])),
    "texts": lambda rows: Column(texts_of([str(row).encode() for row in rows])),
    "missing": lambda rows: Column(np.zeros(0, np.float32), missing=len(rows)),
}


def part_of(index, form, rows, problem=None):
    with Observer(1) as observer:
        observer.add({"x": FORMS[form](rows), "y": FORMS["lists"](rows)}, "data")
    observer.add_file(DataFile(path=f"{index:03}", sha256="", bytes=1, rows=len(rows)))
    return Part(index, f"{index:03}", observer, problem)


def gathered_of(parts):
    found = Gathered()
    for part in parts:
        found.add(pickle.loads(pickle.dumps(part)))
    return found


@given(
    st.lists(st.tuples(st.sampled_from(list(FORMS)), st.lists(CELLS, min_size=1, max_size=6)), min_size=1, max_size=6),
    st.data(),
)
@settings(max_examples=200, deadline=None)
def test_any_order_and_grouping_gives_the_same(files, data):
    parts = [part_of(at, form, rows, f"{at}" if at % 3 == 2 else None) for at, (form, rows) in enumerate(files)]
    whole = gathered_of(parts)
    states = [gathered_of([part]) for part in data.draw(st.permutations(parts))]
    while len(states) > 1:
        at = data.draw(st.integers(0, len(states) - 2))
        states[at].merge(pickle.loads(pickle.dumps(states.pop(at + 1))))
    assert states[0].observation() == whole.observation()
    assert states[0].problems() == whole.problems()


def test_the_first_file_says_what_a_tensor_is_whoever_comes_first():
    parts = [part_of(0, "missing", [[1]]), part_of(1, "single", [[1], [2]]), part_of(2, "double", [[3]])]
    for order in (parts, parts[::-1]):
        found = gathered_of(order)
        tensor = found.observation().tensors[0]
        assert (tensor.spec.dtype, tensor.rows, tensor.missing) == ("float32", 2, 2)
        told = "002: x: float64 of rank 1, and float32 of rank 1 in 001, expected one for all rows. Leave it out."
        assert found.problems() == (told,)


NUMBERS = hnp.arrays(np.int64, st.integers(1, 20), elements=st.integers(-300, 300))


@given(
    st.sampled_from(["int8", "uint8", "int16", "int64", "uint64", "float16", "float32", "float64"]), NUMBERS, NUMBERS
)
@settings(max_examples=300, deadline=None)
def test_numbers_of_a_text_are_of_the_dtype_that_others_have_if_it_has_them(dtype, typed, written):
    typed = typed.astype(dtype)
    parts = []
    for at, column in enumerate((Column.of_text(written), Column(typed))):
        with Observer(1) as observer:
            observer.add({"x": column}, "data")
        parts.append(Part(at, f"{at}.csv", observer))
    limits = np.iinfo(dtype) if typed.dtype.kind in "iu" else np.finfo(dtype)
    if limits.min <= written.min() and written.max() <= limits.max:
        with Observer(1) as observer:
            observer.add({"x": Column(np.concatenate([typed, written.astype(dtype)]))}, "data")
        wanted = observer.observation().tensors[0]
        for order in (parts, parts[::-1]):
            found = gathered_of(order)
            assert found.problems() == ()
            assert without_quantiles(found.observation().tensors[0]) == without_quantiles(wanted)
            for (_, one), (_, other) in zip(
                found.observation().tensors[0].numbers.quantiles, wanted.numbers.quantiles, strict=True
            ):
                assert abs(one - other) <= abs(other) / 128
    else:
        found = gathered_of(parts)
        told = f"1.csv: x: {dtype} of rank 1, and int64 of rank 1 in 0.csv, expected one for all rows. Leave it out."
        assert found.problems() == (told,)


def without_quantiles(tensor):
    return tensor.model_copy(update={"numbers": tensor.numbers.model_copy(update={"quantiles": ()})})


def test_fractions_of_a_text_are_no_whole_numbers():
    whole, fractions = part_of(0, "bytes", [[1], [2]]), part_of(1, "fractions", [[1]])
    told = "001: x: float64 of rank 1, and uint8 of rank 1 in 000, expected one for all rows. Leave it out."
    assert gathered_of([fractions, whole]).problems() == (told,)
    single = gathered_of([fractions, part_of(2, "single", [[3]])])
    tensor = single.observation().tensors[0]
    assert (single.problems(), tensor.spec.dtype, tensor.numbers.mean) == ((), "float32", 1.625)


def test_sketches_of_many_strings_go_through_other_processes():
    rows = [[at] for at in range(4000)]
    whole = gathered_of([part_of(0, "texts", rows)]).observation().tensors[0].texts
    halves = gathered_of([part_of(0, "texts", rows[1000:]), part_of(1, "texts", rows[:2000])])
    assert halves.observation().tensors[0].texts.distinct == whole.distinct
    assert abs(whole.distinct - 4000) < 4000 * 3 * 0.016
