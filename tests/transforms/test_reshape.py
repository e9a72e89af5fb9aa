from __future__ import annotations

import pytest

from sigcheck.schema.notation import parse_spec
from sigcheck.transforms import reshape

CASES = [
    ("any[?, 4, 8]", "any[?, 32]"),
    ("any[?, 32]", "any[?, 4, 8]"),
    ("float32[?, ?, ?]", "float32[?, ?]"),
    ("float32[?, 2, 3, 4]", "float32[?, 6, 4]"),
    ("float32[?, ?, 8]", "float32[?, 8]"),
]


def test_a_merge_is_exact_and_a_split_assumes(propose):
    (merge,) = propose("reshape", "float32[?, 4, 4, 8]", "float32[?, 128]")
    assert (merge.assumption, merge.cost.assumptions) == (None, 0)
    (split,) = propose("reshape", "float32[?, 128]", "float32[?, 4, 4, 8]")
    assert split.assumption
    assert split.cost.assumptions == 1


def test_it_never_takes_the_place_of_a_transpose(propose):
    assert propose("reshape", "float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]") == []


def test_a_merge_with_the_batch_assumes(propose):
    (step,) = propose("reshape", "float32[?, 4, 8]", "float32[?, 8]")
    assert step.assumption == "the batch axis may be merged with the one behind it"
    assert step.is_inventing


@pytest.mark.parametrize(
    ("provided", "required", "is_made_up"),
    [
        ("float32[?, 4, 8]", "float32[?, 32]", False),
        ("float32[?, 4, 8]", "float32[?, ?]", True),
        ("float32[?, ?, 2]", "float32[?, ?]", True),
        ("float32[?, 2]", "float32[?]", True),
        ("float32[4, 8]", "float32[32]", False),
        ("float32[4, 8]", "float32[?]", True),
    ],
)
def test_a_merge_that_no_size_explains_makes_up_what_belongs_together(propose, provided, required, is_made_up):
    assert next(step.is_inventing for step in propose("reshape", provided, required)) is is_made_up


@pytest.mark.parametrize(
    ("gives", "wants", "is_made_up"),
    [
        (("clip", "time"), ("sample",), False),
        (("clip", "time"), ("time",), True),
        (("clip", "time"), (None,), True),
        (("clip", None), ("sample",), True),
        (("batch", "candidate"), ("pair",), True),
    ],
)
def test_names_that_all_change_say_what_is_merged(propose, gives, wants, is_made_up):
    steps = propose("reshape", "float32[?, 1000]", "float32[?]", {"axes": gives}, {"axes": wants})
    assert all(step.is_inventing is is_made_up for step in steps)


def test_axes_that_the_consumer_names_one_by_one_are_not_merged(propose):
    gives, wants = {"axes": ("batch", "height", "width", "channel")}, {"axes": ("height", "width", "channel")}
    shapes = ("float32[2, ?, ?, 3]", "float32[?, ?, 3]")
    assert propose("reshape", *shapes, gives, wants) == []
    assert (2, None, 3) in [step.result.shape for step in propose("reshape", *shapes)]


def test_axes_that_the_consumer_does_not_name_are_merged(propose):
    gives, wants = {"axes": ("batch", "height", "width", "channel")}, {"axes": ("batch", "height", "pixel")}
    (step,) = propose("reshape", "float32[?, 4, 6, 3]", "float32[?, 4, 18]", gives, wants)
    assert step.result.shape == (None, 4, 18)


def test_sizes_in_another_order_are_moved_not_merged_and_split(propose):
    for provided, required in (
        ("float32[2, 3, 4, 5, 6, 7]", "float32[7, 6, 5, 4, 3, 2]"),
        ("float32[?, 2, 3, 6]", "float32[?, 6, 3, 2]"),
        ("float32[?, 2, 3, 1, 6]", "float32[?, 6, 3, 2]"),
    ):
        assert propose("reshape", provided, required) == []


def test_an_axis_that_the_consumer_names_is_neither_merged_nor_split(propose):
    for gives, wants in ((["height", "channel"], ["height"]), (["time", None], ["time"]), ([None, "time"], ["time"])):
        assert propose("reshape", "float32[4, 3]", "float32[12]", {"axes": gives}, {"axes": wants}) == []
        assert propose("reshape", "float32[12]", "float32[4, 3]", {"axes": wants}, {"axes": gives}) == []


def test_an_axis_beside_new_ones_of_size_1_is_not_split(propose):
    assert propose("reshape", "float32[2]", "float32[1, 2]") == []


def test_the_batch_is_the_axis_that_is_named_so(propose):
    (step,) = propose("reshape", "float32[8, ?]", "float32[?]", {"axes": ["feature", "batch"]})
    assert step.assumption
    assert propose("reshape", "float32[8, ?]", "float32[?]", {"axes": ["feature", "batch"]}, {"axes": ["batch"]}) == []


def test_what_is_merged_takes_the_name_that_the_consumer_has_for_it(propose):
    gives, wants = {"axes": ["batch", "height", "width"]}, {"axes": ["batch", "pixel"]}
    (step,) = propose("reshape", "float32[?, 4, 6]", "float32[?, 24]", gives, wants)
    assert step.result.facts.axes == ("batch", "pixel")


def test_examples_are_not_parted_without_a_word(propose):
    shapes = ("float32[12, 5]", "float32[3, 4, 5]")
    (named,) = propose("reshape", *shapes, {"axes": ["batch", "feature"]}, {"axes": ["video", "frame", "feature"]})
    (other,) = propose("reshape", *shapes, {"axes": ["frame", "feature"]}, {"axes": ["video", "step", "feature"]})
    assert (named.is_inventing, other.is_inventing) == (True, False)


def test_a_batch_of_one_example_is_merged_without_mixing_any(propose):
    gives, wants = {"axes": ["height", "batch", "width"]}, {"axes": ["pixel"]}
    (step,) = propose("reshape", "float32[4, 1, 3]", "float32[12]", gives, wants)
    assert not step.is_inventing
    assert step.assumption is None


@pytest.mark.parametrize(
    ("provided", "required", "is_met"),
    [
        ("int32[?, 4, 8]", "int32[?, 32]", False),
        ("int32[3, 3, 2]", "int32[3, ?, ?, 3, 1]", False),
        # In which place an axis of one entry stands is no other way.
        ("int32[1, 1, 1, 1, 1, 1]", "int32[1, 1, 1, 1, 1, 1]", False),
        ("int32[1, 1, 16]", "int32[?, 1, 10]", False),
        ("int32[2, 2, 2, 2, 2, 2, 2, 2]", "int32[?, ?, ?, ?]", True),
        (f"int32[{', '.join('2' * 17)}]", "int32[131072]", True),
    ],
)
def test_a_limit_that_is_met_is_told(provided, required, is_met):
    assert reshape.leaves_out(parse_spec(provided), parse_spec(required)) is is_met


def test_what_moved_is_not_merged_for_another_to_be_split_beside_an_unknown_size(propose):
    steps = propose("reshape", "int32[2, 3, 4, 5, 6, 7, ?]", "int32[7, 6, 5, 4, 3, 2, 9]")
    assert [step for step in steps if any(len(group) > 1 for group in step.layout)] == []


def test_what_fills_rows_of_ids_is_not_put_between_ids(propose):
    ids, filled = {"meaning": "token_ids"}, {"padding": {"value": 0}}
    shapes = ("int32[?, 3, 4]", "int32[?, 12]")
    assert propose("reshape", *shapes, {**ids, **filled}, {**ids, **filled}) == []
    # Where one side says nothing of the filling, and where nothing is put between.
    assert propose("reshape", *shapes, {**ids, **filled}, ids)
    assert propose("squeeze", "int32[?, 1, 4]", "int32[?, 4]", {**ids, **filled}, {**ids, **filled})


def test_no_axis_has_more_entries_than_a_tensor_can_have(propose):
    steps = propose("reshape", f"int8[?, {2**40}, {2**31}]", "int8[?, ?]")
    assert all((size or 0) < 2**63 for step in steps for size in step.result.shape)
