from __future__ import annotations

import numpy as np
import pytest

from sigcheck.planning.by_example import decide_by_example, plans_by_example
from sigcheck.planning.example import Example
from sigcheck.planning.matching import feed
from sigcheck.planning.search import search
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint

POLICY = Policy(loss="irreversible")
COLUMNS = np.array([[12, 34, 56], [33, 22, 11]], np.int32)
CUBE = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
PAIRS = np.array([[1, 4, 2, 7, 6], [20, 10, 50, 40, 30]], np.int32)
LINE = np.arange(15, dtype=np.int32)


def decided(provided, required, given, wanted, policy=POLICY):
    (binding,) = feed(
        [Endpoint(name="a", spec=parse_spec(provided))],
        [Endpoint(name="x", spec=parse_spec(required))],
        policy=policy,
        example=Example({"": given}, {"": wanted}),
    ).bindings
    return binding


@pytest.mark.parametrize(
    ("provided", "required", "given", "wanted", "plan"),
    [
        ("int32[?, 3]", "int32[?, 2]", COLUMNS, COLUMNS[:, [0, 2]], "choose(axis=1, places=[0, 2])"),
        ("float32[?, 3, 2]", "float32[?, 3]", CUBE, CUBE[:, :, 1], "choose(axis=2, places=[1]), squeeze(axis=2)"),
        (
            "int32[15]",
            "int32[3, 5]",
            LINE,
            LINE.reshape(5, 3).T,
            "reshape(shape=[5, 3], groups=[[0], [0]]), transpose(perm=[1, 0])",
        ),
        (
            "int32[2, 3]",
            "float32[2, 4]",
            COLUMNS,
            np.pad(COLUMNS.astype(np.float32), [(0, 0), (0, 1)], constant_values=np.nan),
            "cast(dtype=float32), pad(sizes=[?, 4], value=nan, side=post)",
        ),
        (
            "int32[2, 3]",
            "int32[2, 4]",
            COLUMNS,
            np.pad(COLUMNS, [(0, 0), (1, 0)], constant_values=7),
            "pad(sizes=[?, 4], value=7, side=pre)",
        ),
        (
            "int32[2, 5]",
            "int32[5, 3]",
            PAIRS,
            np.stack([np.arange(5, dtype=np.int32), *PAIRS], 1),
            "transpose(perm=[1, 0]), number_entries(axis=1, along=0)",
        ),
        (
            "int32[?, 5]",
            "int32[5, ?]",
            PAIRS,
            np.stack([np.arange(5, dtype=np.int32), *PAIRS], 1),
            "transpose(perm=[1, 0]), number_entries(axis=1, along=0)",
        ),
    ],
)
def test_an_example_tells_what_no_size_says(provided, required, given, wanted, plan):
    assert str(decided(provided, required, given, wanted).plan) == plan


def test_what_an_example_leaves_open_is_undecided():
    same = np.array([[5, 5, 1], [1, 1, 2]], np.int32)
    plans = plans_by_example(parse_spec("int32[?, 3]"), parse_spec("int32[?, 1]"), POLICY, (same, same[:, :1]))
    assert len(plans) > 1


def test_what_computes_is_no_plan():
    with pytest.raises(UsageError, match="no plan makes the required array"):
        decided("int32[?, 3]", "int32[?, 2]", COLUMNS, COLUMNS[:, :2] * 2 + 1)


@pytest.mark.parametrize("provided", ["int32[?, 4]", "int64[?, 3]", "int32[3, 3]"])
def test_an_array_of_another_spec_decides_nothing_even_where_a_plan_would_make_the_other_of_it(provided):
    """Its values are no values of this producer: it is an example of other models, or of another version."""
    with pytest.raises(UsageError, match=r"the provided array is int32\[2, 3\], expected"):
        decided(provided, "int32[?, 2]", COLUMNS, COLUMNS[:, :2])


def test_a_policy_is_not_lifted():
    specs = parse_spec("int32[?, 3]"), parse_spec("int32[?, 2]")
    pair = (COLUMNS, COLUMNS[:, [0, 2]])
    assert plans_by_example(*specs, Policy(), pair) == ()
    assert len(plans_by_example(*specs, POLICY, pair)) == 1


def test_a_guard_that_open_sizes_take_is_one_of_the_plan():
    """Of the sizes of the example nothing is too long: of those of the signatures a row may be."""
    specs = parse_spec("int32[?, ?]"), parse_spec("int32[?, 4]")
    pair = (COLUMNS, np.pad(COLUMNS, [(0, 0), (0, 1)]))
    guarded = decide_by_example(search(*specs), *specs, Policy(), pair)
    assert (guarded.verdict, str(guarded.plan)) == ("guarded", "pad(sizes=[?, 4], value=0, side=post)")
    unguarded = Policy(guard=False)
    assert decide_by_example(search(*specs, unguarded), *specs, unguarded, pair) is None
