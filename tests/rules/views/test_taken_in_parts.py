from __future__ import annotations

import pytest

import sigcheck


def helps(outputs, inputs):
    report = sigcheck.check(outputs, inputs, verify="typed")
    return {one.place: one.help for one in report.findings if one.rule == "missing_input"}


@pytest.mark.parametrize(
    ("outputs", "inputs", "way"),
    [
        ({"x": "float64[?, 10]"}, {"a": "float32[?, 4]", "b": "float32[?, 6]"}, "split(x, axis=1)"),
        (
            {"states": "float32[2, ?, 4]", "y": "float32[?, 10]"},
            {"h": "float32[?, 4]", "c": "float32[?, 4]", "y": "float32[?, 10]"},
            "unstack(states, axis=0)",
        ),
        (
            {"states": "float32[1, 2, 8, 2]"},
            {"h": "float32[1, 2, 8]", "c": "float32[1, 2, 8]"},
            "unstack(states, axis=3)",
        ),
    ],
)
def test_what_is_left_over_is_parted_among_all_that_is_missing(outputs, inputs, way):
    told = helps(outputs, inputs)
    names = [name for name in inputs if name in told]
    options = " ".join(f"--bind '{way}={name}'" for name in names)
    assert len(names) == 2
    assert all(one.endswith(f"in this order, say so with {options}") for one in told.values())
    bound = sigcheck.check(outputs, inputs, bind={way: names}, verify="typed")
    assert bound.verdict in {"fits", "adapts"}


@pytest.mark.parametrize(
    ("outputs", "inputs"),
    [
        ({"x": "float32[?, 3]"}, {"a": "float32[?, 3]", "b": "float32[?, 3]"}),
        ({"x": "float32[?, 9]"}, {"a": "float32[?, 3]", "b": "float32[?, 4]"}),
    ],
)
def test_what_is_no_sum_of_parts_is_not(outputs, inputs):
    assert "a part of" not in str(helps(outputs, inputs))
