from __future__ import annotations

import pytest

from sigcheck.planning.rivals import give_equal_values
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan
from sigcheck.transforms import BY_NAME


def plan(start, *named):
    spec, steps = parse_spec(start), []
    for name, goal in named:
        steps.append(next(iter(BY_NAME[name].propose(spec, parse_spec(goal)))))
        spec = steps[-1].result
    return Plan(steps=tuple(steps))


@pytest.mark.parametrize("dtype", ["float32", "int8", "uint64", "bool", "string", "complex64", "bfloat16"])
def test_moved_axes_give_other_values_whatever_the_dtype(dtype):
    start = f"{dtype}[?, 3, 3]"
    moved = plan(start, ("transpose", f"{dtype}[3, 3, ?]"))
    assert not give_equal_values(parse_spec(start), Plan(), moved)
    assert give_equal_values(parse_spec(start), moved, moved)


def test_two_ways_to_the_same_values_are_no_rivals():
    start = "float32[?, 1, 8]"
    squeezed = plan(start, ("squeeze", "float32[?, 8]"), ("expand_dims", "float32[5, 8, 1]"))
    moved = plan(start, ("transpose", "float32[?, 8, 1]"))
    assert squeezed.steps[-1].result == moved.steps[-1].result
    assert give_equal_values(parse_spec(start), squeezed, moved)


def test_padding_and_resizing_differ():
    start, goal = "float32[?, 8, 8, 3]", "float32[?, 9, 9, 3]"
    assert not give_equal_values(parse_spec(start), plan(start, ("pad", goal)), plan(start, ("resize", goal)))


def test_what_cannot_be_compared_counts_as_different():
    assert not give_equal_values(parse_spec("float32[*]"), Plan(), Plan())
    assert not give_equal_values(parse_spec("sparse float32[?, 3]"), Plan(), Plan())
    assert not give_equal_values(parse_spec("variant[3]"), Plan(), Plan())
    assert not give_equal_values(parse_spec("int8[9223372036854775807]"), Plan(), Plan())
