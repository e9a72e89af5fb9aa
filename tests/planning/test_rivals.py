from __future__ import annotations

import resource
from time import process_time

import numpy as np
import pytest

from sigcheck.planning.rivals import give_equal_values
from sigcheck.planning.search import search
from sigcheck.schema.facts import Facts, Padding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.policy import Policy
from sigcheck.transforms import BY_NAME


class Clip:
    """A transform that only values beyond two ends show."""

    @staticmethod
    def reference(spec, step, value):
        return np.clip(value, step.arguments["low"], step.arguments["high"]).astype(value.dtype)


def max_rss():
    """The most memory that this process had, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


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


@pytest.mark.parametrize("required", ["int32[?, 0]", "int16[?, 0]", "string[?, 0]"])
def test_rows_of_no_entry_are_one_however_they_are_filled(required):
    facts = Facts(meaning="class_ids", id_count=300, axes=("batch", "time"), padding=Padding(value=0))
    filler = "" if required.startswith("string") else -1
    wanted = Facts(meaning="class_ids", axes=("batch", "time"), padding=Padding(value=filler))
    found = search(parse_spec("int16[?, ?]").replace(facts=facts), parse_spec(required).replace(facts=wanted))
    assert found.verdict == "guarded"


def test_an_axis_of_no_entry_is_no_other_axis():
    """With no examples a guard passes that stands against all others."""
    found = search(parse_spec("float32[?, 0]"), parse_spec("float32[0, ?]"))
    assert found.verdict == "undecided"
    assert [plan.steps[0].transform for plan in found.candidates] == ["ensure_shape", "transpose"]


@pytest.mark.parametrize(
    ("meaning", "goal", "decode"),
    [
        ("wav", "float32[?, ?, 2]", "decode_wav"),
        ("wav", "float32[?, ?, ?]", "decode_wav"),
        ("raw_int16_be", "int16[?, 28]", "decode_raw"),
        ("serialized_tensor", "float32[?, ?, 3]", "parse_tensor"),
        ("encoded_image", "uint8[?, ?, ?, 3]", "decode_image"),
        ("base64", "string[?]", "decode_base64"),
    ],
)
def test_strings_hold_what_the_steps_read(meaning, goal, decode):
    texts = parse_spec("string[]").replace(facts=Facts(meaning=meaning))
    text, rows = (parse_spec(goal.replace("[?, ", "[", 1).replace("[?]", "[]")), parse_spec(goal))
    wanted = Facts(meaning="bytes") if decode == "decode_base64" else Facts()
    text, rows = text.replace(facts=wanted), rows.replace(facts=wanted)

    def led(*named):
        spec, steps = texts, []
        for name, required in named:
            steps.append(next(iter(BY_NAME[name].propose(spec, required))))
            spec = steps[-1].result
        return Plan(steps=tuple(steps))

    before, behind = led(("expand_dims", rows), (decode, rows)), led((decode, text), ("expand_dims", rows))
    assert give_equal_values(texts, before, behind)
    assert not give_equal_values(texts, before, led((decode, text)))


def test_padding_and_resizing_differ():
    start, goal = "float32[?, 8, 8, 3]", "float32[?, 9, 9, 3]"
    assert not give_equal_values(parse_spec(start), plan(start, ("pad", goal)), plan(start, ("resize", goal)))


def test_what_cannot_be_compared_counts_as_different():
    assert not give_equal_values(parse_spec("float32[*]"), Plan(), Plan())
    assert not give_equal_values(parse_spec("sparse float32[?, 3]"), Plan(), Plan())
    assert not give_equal_values(parse_spec("variant[3]"), Plan(), Plan())
    assert not give_equal_values(parse_spec("int8[2, 9223372036854775807]"), Plan(), Plan())


@pytest.mark.parametrize("size", ["?", "2", "97", "500", "1000000", "9223372036854775807"])
@pytest.mark.parametrize("dtype", ["uint8", "int8", "float32", "float16", "bool"])
def test_the_batch_size_decides_nothing(dtype, size):
    start = f"{dtype}[{size}, 1, 8]"
    squeezed = plan(start, ("squeeze", f"{dtype}[{size}, 8]"), ("expand_dims", f"{dtype}[5, 8, 1]"))
    moved = plan(start, ("transpose", f"{dtype}[{size}, 8, 1]"))
    assert give_equal_values(parse_spec(start), squeezed, moved)
    square = f"{dtype}[{size}, 8, 8]"
    turned = plan(square, ("transpose", f"{dtype}[8, 8, {size}]"))
    assert not give_equal_values(parse_spec(square), Plan(), turned)


@pytest.mark.parametrize("count", [2, 97, 500])
def test_more_examples_need_no_other_values(count):
    """Where values were drawn up to how many there are, guards refused those of a large tensor."""
    outcome = search(parse_spec(f"int64[{count}, 1, 2]"), parse_spec(f"uint8[{count}, 2, 1]"))
    assert outcome.verdict == "guarded"


@pytest.mark.parametrize(
    ("dtype", "ends"),
    [
        ("float32", {"low": 0.0, "high": 3e38}),
        ("float32", {"low": -3e38, "high": 50.0}),
        ("int32", {"low": -(2**31), "high": 2**20}),
    ],
)
def test_a_difference_at_negative_or_large_values_only_is_seen(dtype, ends, monkeypatch):
    """Two plans that agree on small numbers."""
    spec = parse_spec(f"{dtype}[?, 3]")
    step = Step(transform="clip", arguments=ends, result=spec, loss="truncating", reach="element")
    monkeypatch.setitem(BY_NAME, "clip", Clip)
    assert not give_equal_values(spec, Plan(), Plan(steps=(step,)))


def test_a_difference_of_fractions_only_is_seen():
    start = "float32[?, 3]"
    cut = plan(start, ("cast", "int32[?, 3]"), ("cast", "float32[?, 3]"))
    assert not give_equal_values(parse_spec(start), Plan(), cut)


def test_a_limit_of_memory_is_no_equality():
    start, goal = "float32[?, 7000, 7000]", "float32[?, 8000, 8000]"
    pad = plan(start, ("pad", goal))
    before = max_rss()
    assert not give_equal_values(parse_spec(start), pad, pad)
    assert max_rss() - before < 300_000


def test_scales_of_each_entry_are_tried_on_as_many_entries():
    axes = {"axes": ["time", "height", "width", "channel"], "range": [-128, 127]}
    scales = {"scale": [1.5, 2, 2.5, 3], "zero_point": [128, 103, 90, 65], "axis": 0}
    given = parse_spec("int16[4, 2, 1, 1]").replace(facts=Facts.model_validate(axes))
    facts = {"axes": ["time", "channel", "height"], "range": [-128, 127], "quantization": scales}
    wanted = parse_spec("uint8[4, 1, 2]").replace(facts=Facts.model_validate(facts))
    assert search(given, wanted).plan is not None


def test_more_axes_than_an_array_has_are_not_compared():
    start = f"float32[?, 3, 3{', 1' * 70}]"
    moved = plan(start, ("transpose", f"float32[3, 3, ?{', 1' * 70}]"))
    assert not give_equal_values(parse_spec(start), Plan(), moved)


def test_gray_files_are_compared_as_such():
    """A plan that decodes them to one channel is not tried on colours, which it has no place for."""
    files = parse_spec("string[?]").replace(facts=Facts(meaning="encoded_image", channel_order="GRAY"))
    wanted = parse_spec("int32[?, 1, 4, 4]").replace(facts=Facts(range=(0, 1), padding=Padding(value=1)))
    assert search(files, wanted, Policy(loss="irreversible", deny=("pad",))).verdict == "undecided"


def test_a_difference_in_the_last_of_several_parts_is_seen(monkeypatch):
    monkeypatch.setattr("sigcheck.planning.rivals.MOST_AT_ONCE", 4)
    start = parse_spec("float32[3, 7]")
    monkeypatch.setitem(BY_NAME, "last_only", LastOnly())
    changed = Plan(steps=(Step(transform="last_only", result=start),))
    assert not give_equal_values(start, Plan(), changed)
    assert give_equal_values(start, changed, changed)


class LastOnly:
    """A transform that changes the last value, whatever it is."""

    @staticmethod
    def reference(spec, step, value):
        made = value.copy()
        made[-1, -1] += 1
        return made


class Counted:
    """A transform that counts how often it is run, and changes nothing."""

    def __init__(self):
        self.runs = 0

    def reference(self, spec, step, value):
        self.runs += 1
        return value


def test_many_numbers_of_one_shape_are_compared_once_for_each_kind_of_values(monkeypatch):
    runs = {}
    for size in (2, 200):
        monkeypatch.setitem(BY_NAME, "counted", counted := Counted())
        start = parse_spec(f"bool[{size}, {size}]")
        changed = Plan(steps=(Step(transform="counted", result=start),))
        assert give_equal_values(start, Plan(), changed)
        runs[size] = counted.runs
    assert runs == {2: 8, 200: 1}


class Entry:
    """A transform that gives one of many values."""

    @staticmethod
    def reference(spec, step, value):
        return value.reshape(-1)[step.arguments["at"]].reshape(1)


def test_few_results_of_many_numbers_are_compared_more_than_once(monkeypatch):
    monkeypatch.setitem(BY_NAME, "entry", Entry)
    start, made = parse_spec("bool[100, 100]"), parse_spec("bool[1]")
    plans = [Plan(steps=(Step(transform="entry", arguments={"at": at}, result=made),)) for at in range(12)]
    assert not [at for at, other in enumerate(plans[1:], start=1) if give_equal_values(start, plans[0], other)]


def test_rows_without_elements_take_memory_too():
    start = f"float32[{2**31}, ?, 0]"
    rows = plan(start, ("dense_to_ragged", f"ragged float32[{2**31}, None, 0]"))
    before = max_rss()
    assert not give_equal_values(parse_spec(start), rows, rows)
    assert max_rss() - before < 1_000_000


@pytest.mark.parametrize(
    ("start", "facts", "goal"),
    [
        # Half a million strings, each written and read by itself; and few, each of a billion numbers.
        ("string[?, 700, 700]", Facts(meaning="base64"), "string[700, ?, 700]"),
        ("string[?, 3]", Facts(meaning="raw_int16"), "float32[3, ?, 1000000000]"),
    ],
)
def test_strings_that_hold_too_much_are_not_made_to_compare_plans(start, facts, goal):
    spec = parse_spec(start).replace(facts=facts)
    before, started = max_rss(), process_time()
    assert search(spec, parse_spec(goal)).verdict == "undecided"
    assert process_time() - started < 5
    assert max_rss() - before < 500_000


def test_masks_are_tried_whose_ones_stand_in_front():
    """Drawn at random they pass no guard, and nothing was compared."""
    start = parse_spec("bool[?, 40]").replace(facts=Facts(meaning="mask"))
    goal = parse_spec("int32[?]").replace(facts=Facts(meaning="lengths"))
    (direct,) = BY_NAME["mask_to_lengths"].propose(start, goal)
    (cast,) = BY_NAME["cast"].propose(start, goal)
    (counted,) = BY_NAME["mask_to_lengths"].propose(cast.result, goal)
    assert give_equal_values(start, Plan(steps=(direct,)), Plan(steps=(cast, counted)))


def test_no_mask_is_made_that_is_as_long_as_a_length_may_be():
    """Of int32 lengths that are drawn some are beyond a thousand million."""
    lengths = parse_spec("int32[?]").replace(facts=Facts(axes=("batch",), meaning="lengths"))
    mask = parse_spec("int64[1, ?, 1, 1]").replace(
        facts=Facts(axes=("feature", "batch", "time", "height"), meaning="mask", range=(0, 1))
    )
    before, start = max_rss(), process_time()
    search(lengths, mask, Policy(loss="irreversible"))
    assert max_rss() - before < 300_000
    assert process_time() - start < 5


def test_pictures_have_the_size_that_is_asserted():
    """Of any other size they are refused, and nothing was compared."""
    told = Facts(meaning="encoded_image", channel_order="GRAY")
    files, goal = parse_spec("string[?]").replace(facts=told), parse_spec("uint8[?, 1, 8, 6]")
    outcome = search(files, goal)
    assert (outcome.verdict, outcome.candidates) == ("guarded", ())
