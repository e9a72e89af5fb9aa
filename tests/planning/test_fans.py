from __future__ import annotations

import time

import pytest

from sigcheck.planning.fans import suggest
from sigcheck.planning.matching import feed
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import DEFAULT_POLICY, Policy
from sigcheck.schema.signature import Endpoint


def ends(specs):
    made = []
    for name, written in specs.items():
        text, facts = written if isinstance(written, tuple) else (written, {})
        made.append(Endpoint(name=name, spec=parse_spec(text).replace(facts=Facts.model_validate(facts))))
    return made


def joined(outputs, required, policy=DEFAULT_POLICY, how=None):
    """What comes of binding all outputs, in order, to the one input x."""
    told = dict.fromkeys(outputs, "x") if how is None else {how: "x"}
    return feed(ends(outputs), ends({"x": required}), told, policy)


def parted(provided, inputs, policy=DEFAULT_POLICY, how="a"):
    return feed(ends({"a": provided}), ends(inputs), {how: list(inputs)}, policy)


def story(match):
    """Each binding as (verdict, provided, all steps), or what stays unjoined."""
    told = [(one.verdict, one.provided, [str(step) for step in one.steps]) for one in match.bindings]
    return told + [(one.verdict, [*map(str, one.ways)]) for one in match.unjoined]


@pytest.mark.parametrize(
    ("outputs", "required", "expected"),
    [
        (["float32[?, 3]", "float32[?, 5]"], "float32[?, 8]", ("adapts", "concat(a, b, axis=1)", ["concat(axis=1)"])),
        (
            ["float32[?, 3]", "float32[?, 3]"],
            "float32[?, 2, 3]",
            ("adapts", "stack(a, b, axis=1)", ["stack(axis=1)"]),
        ),
        (["float32[3]", "float32[5]"], "float32[8]", ("adapts", "concat(a, b, axis=0)", ["concat(axis=0)"])),
        (["uint8[?, 3]", "uint8[?, 5]"], "float32[?, 8]", (
            "adapts",
            "concat(a, b, axis=1)",
            ["concat(axis=1)", "cast(dtype=float32)"],
        )),
        (["float64[?, 3]", "float32[?, 5]"], "float32[?, 8]", (
            "adapts",
            "concat(a, b, axis=1)",
            ["cast(dtype=float32)", "concat(axis=1)"],
        )),
        # One row of [0, 3] has the splits of one row, and the lengths of two.
        (["int32[?]", "int64[?]"], "ragged int32[?, None]", (
            "undecided",
            ["ragged_by_lengths(a, b)", "ragged_by_row_splits(a, b)"],
        )),
        (["int32[?]", "int64[?]", "int64[]"], "ragged int32[?, None]", (
            "guarded",
            "ragged_by_value_rowids(a, b, c)",
            ["ragged_by_value_rowids()"],
        )),
        (["int64[?, 2]", "int32[?]", "int64[2]"], "sparse int32[?, ?]", (
            "guarded",
            "sparse_by_indices(a, b, c)",
            ["sparse_by_indices()"],
        )),
        (["float32[?, 9]", "float32[?, 9]"], "complex64[?, 9]", ("adapts", "complex(a, b)", ["complex()"])),
        # The batch is not joined, nor is one made, unless somebody says so.
        (["float32[?, 3]", "float32[?, 3]"], "float32[?, 3]", ("undecided", ["concat(a, b, axis=0)"])),
        (["float32[3]", "float32[3]"], "float32[?, 3]", ("undecided", ["stack(a, b, axis=0)"])),
        (["float32[?, ?]", "float32[?, ?]"], "float32[?, 8]", (
            "undecided",
            ["concat(a, b, axis=0)", "concat(a, b, axis=1)"],
        )),
        (["float32[?, 2]", "float32[?, 2]"], "float32[?, 2, 2]", (
            "undecided",
            ["stack(a, b, axis=1)", "stack(a, b, axis=2)"],
        )),
        (["float32[?, 3]", "float32[?, 3]"], "float32[?, 9]", ("blocked", [])),
        (["float32[?, 3]", "float32[?, 5]"], "float32[*]", ("undecided", ["concat(a, b, axis=1)"])),
        (["unknown[*]", "float32[?, 5]"], "float32[?, 9]", ("undecided", [])),
        (["string[?, 3]", "float32[?, 5]"], "float32[?, 8]", (
            "blocked", "concat(a, b, axis=1)", ["concat(axis=1)"],
        )),
    ],
)  # fmt: skip
def test_several_outputs_of_one_input(outputs, required, expected):
    assert story(joined(dict(zip("abc", outputs, strict=False)), required)) == [expected]


@pytest.mark.parametrize(
    ("provided", "inputs", "expected"),
    [
        ("float32[?, 8]", ["float32[?, 8]", "float32[?, 8]"], [("fits", "a", []), ("fits", "a", [])]),
        ("float32[?, 8]", ["float32[?, 8]", "float32[?, 1, 8]"], [
            ("fits", "a", []),
            ("adapts", "a", ["expand_dims(axis=1)"]),
        ]),
        ("float32[?, 8]", ["float32[?, 3]", "float64[?, 5]"], [
            ("adapts", "split(a, axis=1)[0]", ["split(axis=1, sizes=[3, 5], index=0)"]),
            ("adapts", "split(a, axis=1)[1]", ["split(axis=1, sizes=[3, 5], index=1)", "cast(dtype=float64)"]),
        ]),
        ("float32[?, 3, 8]", ["float32[?, 8]"] * 3, [("undecided", ["unstack(a, axis=1)", "share(a)"])]),
        ("float32[?, 8]", ["float32[?, 4]", "float32[?, 5]"], [("blocked", "a", []), ("blocked", "a", [])]),
        # Boxes and scores of a detector, behind one another along an axis that comes last in the inputs: to cut what
        # each does not want off the end would make scores of boxes.
        ("float32[1, 84, 400]", ["float32[?, 400, 4]", "float32[?, 400, 80]"], [("undecided", ["split(a, axis=1)"])]),
        ("float32[1, 300, 6]", ["float32[1, 300, 4]", "float32[1, 300]", "float32[1, 300]"], [
            ("undecided", ["split(a, axis=2)"]),
        ]),
    ],
)  # fmt: skip
def test_several_inputs_of_one_output(provided, inputs, expected):
    assert story(parted(provided, dict(zip("xyz", inputs, strict=False)))) == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("concat(b, a, axis=-1)", ("adapts", "concat(b, a, axis=1)", ["concat(axis=1)"])),
        ("concat(a, b, axis=0)", ("blocked", [])),
        ("stack(a, b, axis=0)", ("blocked", [])),
    ],
)
def test_a_junction_that_is_named_is_the_one(how, expected):
    found = joined({"a": "float32[?, 3]", "b": "float32[?, 5]"}, "float32[?, 8]", how=how)
    assert story(found) == [expected]


def test_what_follows_a_named_junction_is_planned():
    (binding,) = joined(
        {"a": "float32[?, 2]", "b": "float32[?, 2]"}, "float32[?, 4, 1]", how="concat(a, b, axis=1)"
    ).bindings
    assert [str(step) for step in binding.steps] == ["concat(axis=1)", "expand_dims(axis=2)"]
    assert str(binding.provided_spec) == "float32[?, 4]"
    assert [str(source) for source in binding.sources] == ["a: float32[?, 2]", "b: float32[?, 2]"]


def test_parts_of_two_encodings_are_converted_before_they_are_joined():
    outputs = {"a": ("uint8[?, 3]", {"range": [0, 255]}), "b": ("float32[?, 5]", {"range": [0, 1]})}
    (binding,) = joined(outputs, ("float32[?, 8]", {"range": [0, 1]})).bindings
    assert [[str(step) for step in part.steps] for part in binding.parts] == [
        ["cast(dtype=float32)", "scale(from=[0, 255], to=[0, 1])"],
        [],
    ]
    assert binding.provided_spec.facts.range == (0, 1)


@pytest.mark.parametrize(
    ("ours", "wanted"),
    [
        ({"meaning": "class_ids"}, {"meaning": "embedding"}),
        ({"normalization": {"mean": 1, "std": 2}}, {"range": [0, 1]}),
        ({"id_count": 50, "meaning": "token_ids"}, {"id_count": 20, "meaning": "token_ids"}),
    ],
)
def test_what_is_known_of_one_part_alone_is_compared(ours, wanted):
    """A fact that the whole cannot have any more must not hide that a part disagrees."""
    dtype = "int32" if "id_count" in ours else "float32"
    (alone,) = feed(ends({"a": (f"{dtype}[?, 3]", ours)}), ends({"x": (f"{dtype}[?, 3]", wanted)})).bindings
    assert alone.verdict == "blocked"
    outputs = {"a": (f"{dtype}[?, 3]", ours), "b": f"{dtype}[?, 5]"}
    (binding,) = joined(outputs, (f"{dtype}[?, 8]", wanted)).bindings
    assert (binding.verdict, binding.plan) == ("blocked", None)
    assert binding.parts[0].verdict == "blocked"


def test_axes_that_are_declared_in_other_orders_are_not_joined():
    outputs = {
        "a": ("float32[?, 4, 4]", {"axes": ["batch", "time", "feature"]}),
        "b": ("float32[?, 4, 4]", {"axes": ["batch", "feature", "time"]}),
    }
    (unjoined,) = joined(outputs, "float32[?, 8, 4]").unjoined
    assert "axis 1 is declared as" in unjoined.problem


def test_a_policy_without_guards_has_no_guarded_junction():
    outputs = {"a": "float32[?, ?, 3]", "b": "float32[?, ?, 5]"}
    assert story(joined(outputs, "float32[?, ?, 8]"))[0][0] == "guarded"
    (unjoined,) = joined(outputs, "float32[?, ?, 8]", Policy(guard=False)).unjoined
    assert unjoined.verdict == "blocked"
    assert "which the policy does not allow" in unjoined.problem


def test_what_the_policy_denies_is_not_joined_so():
    sure = {"a": "float32[?, 3]", "b": "float32[?, 5]"}
    for how in (None, "concat(a, b, axis=1)"):
        (unjoined,) = joined(sure, "float32[?, 8]", Policy(deny=("concat",)), how).unjoined
        assert (unjoined.verdict, unjoined.ways) == ("blocked", ())
        assert unjoined.problem == "concat(a, b, axis=1): the policy denies concat"
    assert story(joined(sure, "float32[?, 8]", Policy(deny=("stack", "split"))))[0][0] == "adapts"


def test_a_way_that_is_denied_does_not_choose_another():
    outputs = {"a": "float32[2, 2]", "b": "float32[2, 2]"}
    assert story(joined(outputs, "float32[*]", Policy(deny=("stack",)))) == [
        ("undecided", ["concat(a, b, axis=0)", "concat(a, b, axis=1)"])
    ]
    pieces = {"x": "float32[?, 2, 1]", "y": "float32[?, 2, 1]"}
    assert story(parted("float32[?, 2, 2]", pieces)) == [
        ("adapts", f"split(a, axis=2)[{at}]", [f"split(axis=2, sizes=[1, 1], index={at})"]) for at in (0, 1)
    ]
    (unjoined,) = parted("float32[?, 2, 2]", pieces, Policy(deny=("split",))).unjoined
    assert (unjoined.verdict, unjoined.problem) == ("blocked", "split(a, axis=2): the policy denies split")


def test_nothing_is_joined_that_is_not_bound_so():
    match = feed(ends({"a": "float32[?, 3]", "b": "float32[?, 5]"}), ends({"x": "float32[?, 8]"}))
    assert not any(binding.junction for binding in match.bindings)
    named = feed(ends({"x": "float32[?, 3]", "b": "float32[?, 5]"}), ends({"x": "float32[?, 8]"}))
    assert not any(binding.junction for binding in named.bindings)


def test_what_is_joined_is_used_and_other_names_are_bound_as_ever():
    outputs = ends({"a": "float32[?, 3]", "b": "float32[?, 5]", "mask": "int32[?]", "rest": "float32[?, 9]"})
    inputs = ends({"x": "float32[?, 8]", "mask": "int32[?]"})
    match = feed(outputs, inputs, {"a": "x", "b": "x"})
    assert [(one.required, one.provided) for one in match.bindings] == [("x", "concat(a, b, axis=1)"), ("mask", "mask")]
    assert [one.name for one in match.unused] == ["rest"]


def test_outputs_that_are_left_over_are_suggested_where_the_sizes_show_it():
    (x,) = ends({"x": "float32[?, 8]"})
    assert [*map(str, suggest(ends({"a": "float32[?, 3]", "b": "float32[?, 5]"}), x, DEFAULT_POLICY))] == [
        "concat(a, b, axis=1)"
    ]
    assert [*suggest(ends({"a": "float32[?, 8]", "b": "float32[?, 8]"}), x, DEFAULT_POLICY)] == []
    assert [*suggest(ends({"a": "string[?, 3]", "b": "float32[?, 5]"}), x, DEFAULT_POLICY)] == []


def test_many_outputs_and_many_inputs_take_bounded_time():
    outputs = ends({f"a{at}": f"float32[?, {at + 1}, 16]" for at in range(500)})
    inputs = ends({f"x{at}": f"float32[?, {at + 2}, 16]" for at in range(500)})
    told = {f"a{at}": f"x{at // 50}" for at in range(500)}
    began = time.process_time()
    feed(outputs, inputs, told)
    assert time.process_time() - began < 20


def test_a_junction_of_as_many_parts_as_there_may_be():
    outputs = ends({f"a{at}": "float32[?, ?, 16]" for at in range(64)})
    began = time.process_time()
    (binding,) = feed(
        outputs, ends({"x": "float32[?, ?, 1024]"}), dict.fromkeys((e.name for e in outputs), "x")
    ).bindings
    assert binding.verdict == "guarded"
    assert time.process_time() - began < 5


def test_parts_are_joined_along_the_axis_that_was_told_of_them():
    """Their axes keep their names: turned for rows that nobody names, examples would be put behind the steps."""
    import sigcheck

    ends = {"axes": ["time", "batch"], "padding": {"value": 0}}
    report = sigcheck.check(
        {"a": "int32[9, ?]", "b": "int32[9, ?]"},
        {"x": "int32[9, ?]"},
        facts={"producer": {"a": ends, "b": ends}, "consumer": {"x": ends}},
        bind={"concat(a, b, axis=1)": "x"},
        verify="typed",
    )
    assert report.verdict == "adapts"
    assert [step.transform for step in report.bindings[0].steps] == ["concat"]
