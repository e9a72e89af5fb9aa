from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from sigcheck.planning.rivals import run
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts, Normalization, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms import dense_to_ragged
from sigcheck.transforms.parts.array import GuardError

ZERO = {"padding": {"value": 0}}
TIMES = ["batch", "time", "channel"]
PIXELS = {**ZERO, "range": [0, 1]}
OF_CHANNELS = {**ZERO, "normalization": {"mean": [0.4, 0.5, 0.6], "std": [0.2, 0.2, 0.3], "raw_range": [0, 1]}}
CASES = [
    ("any[?, 6]", "ragged any[?, None]", ZERO),
    ("int32[?, 6]", "ragged int32[?, None]", {"padding": {"value": 1, "side": "pre"}}),
    ("float16[?, 6]", "ragged float16[?, None]", {"padding": {"value": 1, "side": "pre"}}),
    ("string[?, ?]", "ragged string[?, None]", {"padding": {"value": "a"}}),
    ("int32[?, 0]", "ragged int32[?, None]", ZERO),
    ("int32[?, 6]", "ragged int32[?, None]", {"id_count": 11, "padding": {"value": 10}}, {"id_count": 10}),
    ("complex64[?, 6]", "ragged complex64[?, None]"),
    ("float32[?, ?, 2]", "ragged float32[?, None, 2]"),
    ("float32[?, 4, 2]", "ragged float32[?, None, 2]", ZERO),
    ("string[?, 4, 2, 1]", "ragged string[?, None, 2, 1]", {"padding": {"value": "a", "side": "pre"}}),
    ("int32[?, 6]", "int32[?, 4]", ZERO, {"padding": {"value": -1}}),
    ("float32[?, 6]", "float32[?, 6]", {**ZERO, "range": [0, 255]}, {**ZERO, "range": [-1, 1]}),
    ("float32[?, 6, 2]", "float32[?, 6, 2]", {**ZERO, "axes": TIMES}, {"padding": {"value": -1}}),
    ("float32[?, 6, 3]", "float32[?, 9, 3]", PIXELS, OF_CHANNELS),
]


@pytest.mark.parametrize(("side", "rows"), [("post", [[1, 0, 2], [3], []]), ("pre", [[1, 0, 2, 0], [3, 0, 0, 0], []])])
def test_only_the_end_of_a_row_is_padding(propose, side, rows):
    facts = {"padding": {"value": 0, "side": side}}
    (step,) = propose("dense_to_ragged", "int32[?, 4]", "ragged int32[?, None]", facts)
    array = np.asarray([[1, 0, 2, 0], [3, 0, 0, 0], [0, 0, 0, 0]], np.int32)
    found = dense_to_ragged.reference(step.result, step, array)
    splits = found.row_splits[0]
    assert [found.values[a:b].tolist() for a, b in pairwise(splits)] == rows


def test_without_a_declared_padding_full_rows_are_an_assumption(propose):
    (step,) = propose("dense_to_ragged", "int32[?, 4]", "ragged int32[?, None]")
    assert (step.loss, step.cost.assumptions) == ("exact", 1)


def test_a_padding_that_has_to_be_calculated_is_not_looked_for(propose):
    facts = {"padding": {"value": 0.1}}
    assert propose("dense_to_ragged", "float32[?, 4]", "ragged float32[?, None]", facts) == []


@pytest.mark.parametrize(("shape", "names"), [("[9]", None), ("[9]", ["time"]), ("[]", [])])
def test_values_in_no_rows_have_no_filling_to_be_freed_of(propose, shape, names):
    gives, wants = {"padding": {"value": 0}, "axes": names}, {"padding": {"value": 1}}
    assert propose("dense_to_ragged", f"int32{shape}", f"int32{shape}", gives, wants) == []


@pytest.mark.parametrize(
    ("side", "kept"), [("post", [[0, 1], [0, 0], [2, 0]]), ("pre", [[0, 1], [0, 0], [2, 0], [0, 0]])]
)
def test_a_row_of_entries_ends_where_all_of_an_entry_is_padding(propose, side, kept):
    facts = {"padding": {"value": 0, "side": side}}
    (step,) = propose("dense_to_ragged", "int32[?, 4, 2]", "ragged int32[?, None, 2]", facts)
    array = np.asarray([[[0, 1], [0, 0], [2, 0], [0, 0]], [[0, 0]] * 4], np.int32)
    found = dense_to_ragged.reference(step.result, step, array)
    assert found.values.tolist() == kept
    assert found.row_splits[0].tolist() == [0, len(kept), len(kept)]


@pytest.mark.parametrize(
    ("shape", "names"),
    [
        ("float32[?, 4, ?]", None),
        ("float32[?, 4, 2]", ["time", "batch", "channel"]),
        ("float32[?, 4, 2]", ["batch", "channel", "time"]),
    ],
)
def test_what_is_no_row_of_entries_of_one_size_is_not_freed_of_a_filling(propose, shape, names):
    gives = {**ZERO, **({} if names is None else {"axes": names})}
    assert propose("dense_to_ragged", shape, "ragged float32[?, None, 2]", gives) == []


@pytest.mark.parametrize(
    ("shape", "names", "assumption"),
    [
        ("float32[?, 4, 3]", None, "rows lie along axis 1"),
        ("float32[?, 4, 3]", ["batch", "joint", "channel"], "rows lie along axis 1"),
        ("float32[?, 4, 3]", TIMES, None),
        ("float32[8, 4, 3]", TIMES, None),
        ("float32[?, 4, 2, 3]", ["batch", "time", None, "channel"], None),
    ],
)
def test_without_ragged_rows_a_name_or_the_channels_say_where_rows_of_entries_lie(propose, shape, names, assumption):
    gives = {**PIXELS, **({} if names is None else {"axes": names})}
    (step,) = propose("dense_to_ragged", shape, shape, gives, OF_CHANNELS)
    assert (step.assumption, step.cost.assumptions) == (assumption, int(assumption is not None))


@pytest.mark.parametrize(
    ("shape", "names"),
    [
        ("float32[8, 4, 3]", None),
        ("float32[?, 3, 3]", None),
        ("float32[?, 3, 4]", None),
        ("float32[?, 4, 2, 3]", None),
        ("float32[?, 4, 3]", ["batch", "height", "channel"]),
        ("float32[?, 4, 3]", ["time", "batch", "channel"]),
    ],
)
def test_where_neither_says_where_rows_of_entries_lie_they_are_left_alone(propose, shape, names):
    gives = {**PIXELS, **({} if names is None else {"axes": names})}
    assert propose("dense_to_ragged", shape, shape, gives, OF_CHANNELS) == []


@pytest.mark.parametrize(
    ("provided", "required", "policy"),
    [
        ("float64[?, 4]", "ragged float32[?, None]", Policy()),
        ("float32[?, 4]", "ragged float16[?, None]", Policy()),
        ("float32[?, 4]", "ragged int32[?, None]", Policy(loss="truncating")),
        ("complex128[?, 4]", "ragged complex64[?, None]", Policy()),
        ("float64[?, 4]", "float32[?, 4]", Policy()),
    ],
)
def test_rows_are_freed_before_a_value_may_become_what_fills_them(provided, required, policy):
    """The last value of the row is no filling, and a type of fewer numbers has a zero for it."""
    gives = parse_spec(provided).replace(facts=Facts(padding=Padding(value=0)))
    wants = parse_spec(required)
    if wants.kind == "dense":
        wants = wants.replace(facts=Facts(padding=Padding(value=-1)))
    plan = search(gives, wants, policy).plan
    row = np.array([[2, 1e-60 if "64" in provided or "128" in provided else 1e-20, 0, 0]], gives.dtype)
    made = run(gives, plan, row)
    assert (len(made.values) if wants.kind == "ragged" else np.count_nonzero(made != -1)) == 2


def test_rows_change_the_side_of_their_filling_before_a_value_may_become_it():
    """Zeros that were none would be moved in front of the row, as if they filled it."""
    behind = parse_spec("float32[?, 3]").replace(facts=Facts(padding=Padding(value=0)))
    front = parse_spec("float16[?, 3]").replace(facts=Facts(padding=Padding(value=0, side="pre")))
    made = run(behind, search(behind, front).plan, np.array([[2, 3, 1e-20], [2, 0, 0]], np.float32))
    assert made.tolist() == [[2, 3, 0], [0, 0, 2]]


def test_rows_are_freed_of_a_filling_before_its_digits_are_rounded():
    """-4 is -92798.06 of the raw values, which float32 has not, and then -43280: nearly, and so in no row."""
    share = 0.229 * 65535
    given = Normalization(mean=-32768, std=share, raw_range=(-32768, 32767))
    wanted = Normalization(mean=50000, std=40000, raw_range=(30000, 110000))
    ours, theirs = (
        parse_spec("float32[?, 2]").replace(facts=Facts(axes=("batch", "time"), normalization=numbers, padding=filled))
        for numbers, filled in ((given, Padding(value=-4)), (wanted, Padding(value=0)))
    )
    made = run(ours, search(ours, theirs).plan, np.array([[2.25, 0.38], [1.67, -4]], np.float32))
    assert np.count_nonzero(made) == 3


def test_rows_are_freed_before_wider_steps_have_one_number_for_a_value_and_what_fills_them():
    """-32767 is 0, and -32768 a small step off: both are -127 in int8, and the first value would fill its row."""
    ours, theirs = (
        parse_spec(f"{dtype}[?, 3]").replace(
            facts=Facts(range=(0, 6), padding=filled, quantization={"scale": scale, "zero_point": zero_point})
        )
        for dtype, filled, scale, zero_point in (
            ("int16", Padding(value=-32768, side="pre"), 6 / 2**15, -32767),
            ("int8", Padding(value=-128), 6 / 2**7, -127),
        )
    )
    made = run(ours, search(ours, theirs).plan, np.array([[-32768, -32767, -16383]], np.int16))
    assert made.tolist() == [[-127, -63, -128]]


def test_rows_are_freed_before_a_value_is_clipped_to_what_fills_them():
    numbers = parse_spec("int32[?, 3]").replace(facts=Facts(padding=Padding(value=0)))
    plan = search(numbers, parse_spec("ragged uint8[?, None]"), Policy(loss="truncating", guard=False)).plan
    assert run(numbers, plan, np.array([[2, -3, 0]], np.int32)).values.tolist() == [2, 0]


def test_of_two_numbers_that_a_bool_has_one_is_what_fills_rows():
    numbers = parse_spec("int32[?, 4]").replace(facts=Facts(padding=Padding(value=1)))
    plan = search(numbers, parse_spec("ragged bool[?, None]"), Policy(loss="truncating")).plan
    assert run(numbers, plan, np.array([[2, 3, 1, 1]], np.int32)).values.tolist() == [True, True]


def test_ids_are_none_that_a_narrower_type_makes_one_of():
    ids = parse_spec("int64[?, 4]").replace(facts=Facts(padding=Padding(value=0), id_count=9))
    plan = search(ids, parse_spec("ragged int32[?, None]")).plan
    assert [step.transform for step in plan.steps] == ["cast", "dense_to_ragged"]


def test_of_two_names_of_rows_none_says_which_are_filled():
    """Zeros behind the tokens of a word are its filling: freed of whole words only, they would stay."""
    words = Facts(axes=("batch", "word", "token"), padding=Padding(value=0))
    wants = parse_spec("int32[?, 4, 5]").replace(facts=words.replace(padding=Padding(value=-1)))
    gives = parse_spec("int32[?, 4, 5]").replace(facts=words)
    assert search(gives, wants).verdict == "blocked"


def test_the_last_id_is_no_id_where_it_only_fills_rows(propose):
    blank = {"id_count": 11, "padding": {"value": 10}}
    (step,) = propose("dense_to_ragged", "int32[?, 4]", "ragged int32[?, None]", blank, {"id_count": 10})
    assert (step.result.facts.id_count, step.guard) == (10, "10 only fills rows")
    spec = TensorSpec(dtype="int32", shape=(None, 4))
    assert dense_to_ragged.reference(spec, step, np.array([[3, 9, 10, 10]], np.int32)).values.tolist() == [3, 9]
    with pytest.raises(GuardError):
        dense_to_ragged.reference(spec, step, np.array([[3, 10, 9, 10]], np.int32))


@pytest.mark.parametrize(
    ("axes", "assumption"),
    [
        (["batch", "sentence", "word"], "rows lie along axis 1"),
        (["batch", "word", "channel"], None),
        (["batch", "sentence", "channel"], None),
        (None, None),
    ],
)
def test_a_name_says_that_rows_lie_along_another_axis(propose, axes, assumption):
    facts = {**ZERO, **({} if axes is None else {"axes": axes})}
    (step,) = propose("dense_to_ragged", "float32[?, 4, 8]", "ragged float32[?, None, 8]", facts)
    assert step.assumption == assumption
