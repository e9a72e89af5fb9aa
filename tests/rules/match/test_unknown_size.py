from __future__ import annotations

import json

import pytest

import sigcheck
from sigcheck.schema.policy import Policy


def test_a_guarded_size_is_one_warning(only, step):
    guard = step("ensure_shape", "int32[?, 128]", guard="the shape is [?, 128]", shape=[None, 128])
    finding = only("int32[?, ?]", "int32[?, 128]", guard)
    assert (finding.level, finding.rule) == ("warning", "unknown_size")
    assert finding.message == "required size 128 on axis 1, provided an unknown size"


def test_how_rows_are_filled_instead_is_told(only, step):
    guard = step("ensure_shape", "int32[?, 128]", guard="the shape is [?, 128]", shape=[None, 128])
    assert only("int32[?, ?]", "int32[?, 128]", guard).help == (
        "the adapter does it: ensure_shape(shape=[?, 128]); where short rows are to be filled up instead, "
        """declare it with --fact 'consumer.x.padding={"value":0}'"""
    )


@pytest.mark.parametrize(
    ("provided", "required"),
    [("float32[?, 4]", "float32[1, 4]"), ("float32[?, ?, ?, 3]", "float32[?, 8, 8, 3]"), ("float32[?]", "float32[4]")],
)
def test_neither_a_batch_nor_a_picture_is_filled(only, step, provided, required):
    guard = step("ensure_shape", required, guard="the shape is as required", shape=[])
    assert "padding" not in only(provided, required, guard).help


def test_without_guards_it_is_an_error(found):
    assert found("float32[?, 16]", "float32[1, 16]", policy=Policy(guard=False)) == ["error unknown_size"]


def test_an_unknown_rank_is_told_as_a_rank(only, step):
    finding = only("float32[*]", "float32[?, 16]", step("ensure_shape", "float32[?, 16]", guard="the shape is [?, 16]"))
    assert finding.message == "required rank 2, provided an unknown rank"


def test_a_guarded_squeeze_says_what_only_the_run_tells(found, step):
    squeeze = step("squeeze", "float32[?, 8]", guard="axis 1 has size 1", axis=1)
    assert found("float32[?, ?, 8]", "float32[?, 8]", squeeze) == ["warning rank_mismatch", "warning unknown_size"]


def test_rows_that_are_cut_are_not_told_twice(found, step):
    cut = step("truncate", "int32[?, 100]", loss="truncating")
    assert found("int32[?, ?]", "int32[?, 100]", cut) == ["warning truncated_rows"]


def test_a_moved_axis_fixes_no_size(found, step):
    move = step("transpose", "float32[?, 3, ?, ?]", perm=[0, 3, 1, 2])
    assert found("float32[?, ?, ?, 3]", "float32[?, 3, ?, ?]", move) == ["warning layout_mismatch"]


def test_a_scalar_has_no_batch_to_be_filled_behind(found, step):
    read = step("string_to_number", "float32[?, ?]")
    made = step("ensure_shape", "float32[?, 8]", guard="axis 1 has size 8", shape=[None, 8])
    assert "warning unknown_size" in found("float32[]", "float32[?, 8]", read, made)


def test_pictures_of_open_sizes_are_to_be_resized_before(only, step):
    named = {"axes": ("batch", "height", "width", "channel")}
    guard = step("ensure_shape", "float32[?, 32, 32, 3]", guard="the shape is [?, 32, 32, 3]", facts=named)
    finding = only("float32[?, ?, ?, 3]", "float32[?, 32, 32, 3]", guard, gives=named, wants=named)
    assert "resize them to 32 x 32 in the producer" in finding.help
    rows = step("ensure_shape", "float32[?, 32]", guard="the shape is [?, 32]")
    assert "resize" not in only("float32[?, ?]", "float32[?, 32]", rows).help


def test_of_a_ragged_tensor_nothing_is_filled_up(only, step):
    guard = step("ensure_shape", "ragged float32[?, None, 10]", guard="the shape is [?, ?, 10]")
    finding = only("ragged float32[?, None, ?]", "ragged float32[?, None, 10]", guard)
    assert "filled up" not in finding.help


@pytest.mark.parametrize(("beside", "side"), [("pre", "pre"), ("post", None)])
def test_rows_are_filled_on_the_side_of_those_beside_them(beside, side):
    """What the help says settles it: filled on the other side they would lie elsewhere."""
    given = {"ids": "int32[?, ?]", "mask": "int32[?, 128]"}
    filled = {"mask": {"padding": {"value": 0, "side": beside}}}
    facts = {"producer": filled, "consumer": filled}
    wanted = {"ids": "int32[?, 128]", "mask": "int32[?, 128]"}
    report = sigcheck.check(given, wanted, facts=facts, verify="typed")
    (told,) = (one.help for one in report.findings if one.rule == "unknown_size")
    padding = {"value": 0} | ({"side": side} if side else {})
    assert f"consumer.ids.padding={json.dumps(padding, separators=(',', ':'))}" in told
