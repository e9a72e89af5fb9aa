from __future__ import annotations

import pytest

from sigcheck.rules.match import hidden_size_constraint


def size(name, value):
    return {"name": name, "value": value, "tier": "proved", "reason": "MatMul with weights of shape [16, 4]"}


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [("last_size", 16, "16 along the last axis"), ("last_size_multiple", 5, "a multiple of 5 along the last axis")],
)
def test_a_size_that_the_weights_refuse(seen, name, value, wanted):
    view = seen([], [size(name, value)], provided="float32[?, 24]", required="float32[?, ?]")
    (finding,) = hidden_size_constraint.find(view)
    assert finding.level == "error"
    assert finding.message == f"required {wanted} (MatMul with weights of shape [16, 4]), provided 24"


@pytest.mark.parametrize(("name", "value"), [("last_size", 24), ("last_size_multiple", 8)])
def test_a_size_that_the_weights_take(seen, name, value):
    view = seen([], [size(name, value)], provided="float32[?, 24]", required="float32[?, ?]")
    assert not list(hidden_size_constraint.find(view))


def test_an_open_size_is_not_refused(seen):
    view = seen([], [size("last_size", 16)], provided="float32[?, ?]", required="float32[?, ?]")
    assert not list(hidden_size_constraint.find(view))


LEAST = {
    "name": "least_sizes",
    "value": [None, 11, None],
    "tier": "proved",
    "reason": "StridedSlice leaves nothing of less",
}


@pytest.mark.parametrize(("given", "is_short"), [(10, True), (11, False), ("?", False)])
def test_an_axis_of_which_nothing_is_left(seen, given, is_short):
    view = seen([], [LEAST], provided=f"float32[?, {given}, 4]", required="float32[?, ?, 4]")
    found = list(hidden_size_constraint.find(view))
    wanted = "required at least 11 along axis 1 (StridedSlice leaves nothing of less), provided 10"
    assert [(one.level, one.message) for one in found] == ([("error", wanted)] if is_short else [])
