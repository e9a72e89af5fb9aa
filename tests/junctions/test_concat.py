from __future__ import annotations

import pytest

from sigcheck.junctions import concat
from sigcheck.junctions.parts.junction import JunctionError
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec

CASES = [
    (["float32[?, 3]", "float32[?, 5]"], ["float32[?, 8]"], 1),
    (["string[?, 3]", "string[?, 3]"], ["string[?, 6]"], -1),
    (["int32[?]", "int32[?]", "int32[4]"], ["int32[?]"], 0),
    (["bool[2, ?, 3]", "bool[2, ?, 1]"], ["bool[2, ?, 4]"], 2),
    (["bfloat16[?, 0]", "bfloat16[?, 2]"], ["bfloat16[?, 2]"], 1),
    (["uint8[1, 3]", "uint8[?, 5]"], ["uint8[1, 8]"], 1),
]
PIXELS = {"range": [0, 255], "axes": ["batch", "height", "width", "channel"], "channel_order": "RGB"}
PROBABILITIES = {"meaning": "probabilities", "range": [0, 1]}


def result_of(case):
    return case.steps[0].result


def test_sizes_are_summed_and_unknown_ones_that_must_agree_are_guarded(joined):
    free = joined("concat", ["float32[?, 3]", "float32[?, 5]"], ["float32[?, 8]"], 1)
    assert (str(result_of(free)), free.steps[0].guard) == ("float32[?, 8]", None)
    guarded = joined("concat", ["float32[?, ?, 3]", "float32[?, 7, 5]"], ["float32[?, 7, 8]"], 2)
    assert str(result_of(guarded)) == "float32[?, 7, 8]"
    assert guarded.steps[0].guard == "all sizes but that of the axis are equal"


@pytest.mark.parametrize(
    ("parts", "axis", "message"),
    [
        (["float32[?, 3]", "float32[?, 5]"], 0, "axis 1 differs"),
        (["float32[?, 3]", "float64[?, 5]"], 1, "the dtypes differ"),
        (["float32[?, 3]", "float32[3]"], 0, "the ranks differ"),
        (["float32[?, 3]", "float32[?, 3]"], 2, "there is no axis 2 in a rank of 2"),
        (["float32[*]", "float32[?, 3]"], 0, "expected a dense tensor of known dtype and rank"),
        (["float32[?, 3]", "ragged float32[?, None]"], 1, "expected a dense tensor"),
        ([("float32[?, 3]", {"axes": ["a", "b"]}), ("float32[?, 3]", {"axes": ["b", "a"]})], 1, "declared as a and b"),
        ([("float32[?, 3]", {"axes": ["a", None]}), ("float32[?, 3]", {"axes": [None, "a"]})], 1, "in other orders"),
    ],
)
def test_what_differs_is_said(joined, parts, axis, message):
    with pytest.raises(JunctionError, match=message):
        joined("concat", parts, ["float32[?, 8]"], axis)


def test_facts_hold_where_all_parts_have_them(joined):
    pixels = ("uint8[?, 8, 8, 3]", PIXELS)
    beside = result_of(joined("concat", [pixels, pixels], ["uint8[?, 8, 16, 3]"], 2)).facts
    assert (beside.range, beside.channel_order) == ((0, 255), "RGB")
    assert beside.axes == ("batch", "height", "width", "channel")
    # Six channels are in no order of three.
    assert result_of(joined("concat", [pixels, pixels], ["uint8[?, 8, 8, 6]"], 3)).facts.channel_order is None
    alone = result_of(joined("concat", [pixels, "uint8[?, 8, 8, 3]"], ["uint8[?, 8, 16, 3]"], 2)).facts
    assert (alone.range, alone.axes) == (None, ("batch", "height", "width", "channel"))


def test_what_sums_to_one_does_not_once_it_is_joined_along_the_classes(joined):
    parts = [("float32[?, 3]", PROBABILITIES)] * 2
    assert result_of(joined("concat", parts, ["float32[?, 6]"], 1)).facts.meaning is None
    assert result_of(joined("concat", parts, ["float32[?, 3]"], 0)).facts.meaning == "probabilities"


def test_numbers_for_each_channel_and_fillings_do_not_survive_along_their_axis(joined):
    numbers = {"normalization": {"mean": [1, 2, 3], "std": [1, 1, 1]}}
    stored = {"quantization": {"scale": [1, 2, 3], "zero_point": [0, 0, 0], "axis": -1}}
    for facts, dtype in ((numbers, "float32"), (stored, "int8"), ({"padding": {"value": 0}}, "int32")):
        (name,) = facts
        parts = [(f"{dtype}[?, 3]", facts)] * 2
        assert getattr(result_of(joined("concat", parts, [f"{dtype}[?, 6]"], 1)).facts, name) is None
    by_rows = result_of(joined("concat", [("int8[?, 3]", stored)] * 2, ["int8[?, 3]"], 0)).facts
    assert by_rows.quantization is not None


def test_bounds_of_ids_are_joined_and_ends_of_encodings_are_not(joined):
    ids = [("int32[?, 3]", {"meaning": "token_ids", "id_count": count, "range": [0, count - 1]}) for count in (10, 20)]
    facts = result_of(joined("concat", ids, ["int32[?, 6]"], 1)).facts
    assert (facts.id_count, facts.range) == (20, (0, 19))
    pixels = [("uint8[?, 3]", {"range": [0, high]}) for high in (1, 255)]
    assert result_of(joined("concat", pixels, ["uint8[?, 6]"], 1)).facts.range is None


def test_no_axis_has_more_entries_than_a_tensor_can_have():
    with pytest.raises(JunctionError, match="more than a tensor can have"):
        concat.join([parse_spec(f"int8[?, {2**63 - 1}]")] * 2, [parse_spec("int8[?, ?]")], 1)


IDS, FILLED = {"meaning": "token_ids"}, {"meaning": "token_ids", "padding": {"value": 0}}


def test_nothing_that_fills_rows_comes_to_stand_between_ids(joined):
    short, long = ("int32[?, 3]", FILLED), ("int32[?, 5]", IDS)
    with pytest.raises(JunctionError, match="between ids"):
        joined("concat", [short, long], [("int32[?, 8]", FILLED)], 1)
    joined("concat", [long, short], [("int32[?, 8]", FILLED)], 1)
    joined("concat", [short, long], [("int32[?, 8]", {**IDS, "padding": {"value": 0, "side": "pre"}})], 1)
    joined("concat", [short, short], [("int32[?, 3]", FILLED)], 0)
    with pytest.raises(JunctionError, match="between ids"):
        joined("concat", [("int32[?, 3, 1]", FILLED)] * 2, [("int32[?, 6, 1]", FILLED)], 1)
    turned = {**FILLED, "axes": ["time", "batch"]}
    with pytest.raises(JunctionError, match="between ids"):
        joined("concat", [("int32[3, 2]", turned)] * 2, [("int32[6, 2]", turned)], 0)
    joined("concat", [("int32[3, 2]", turned)] * 2, [("int32[3, 4]", turned)], 1)
    joined("concat", [short, long], ["int32[?, 8]"], 1)


def test_a_range_of_raw_values_goes_with_the_numbers_that_they_were_normalized_by():
    facts = {"range": (0, 255), "normalization": {"mean": (124, 116, 104), "std": (58, 57, 57)}}
    part = parse_spec("float16[?, 3]").replace(facts=Facts.model_validate(facts))
    (step,) = concat.join([part, part], [parse_spec("float16[?, 6]")], 1)
    assert (step.result.facts.normalization, step.result.facts.range) == (None, None)


def test_a_range_of_real_values_goes_with_the_numbers_that_they_are_stored_by():
    """Beside stored ones it would be taken for a range of them."""
    numbers = {"scale": (0.1, 0.2, 0.3), "zero_point": (0, 0, 0), "axis": 1}
    facts = Facts.model_validate({"range": (0, 1), "quantization": numbers})
    part = parse_spec("int8[?, 3]").replace(facts=facts)
    (step,) = concat.join([part, part], [parse_spec("int8[?, 6]")], 1)
    assert (step.result.facts.quantization, step.result.facts.range) == (None, None)
    (step,) = concat.join([part, part], [parse_spec("int8[?, 3]")], 0)
    assert (step.result.facts.quantization, step.result.facts.range) == (facts.quantization, (0, 1))
