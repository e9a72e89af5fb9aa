from __future__ import annotations

import tracemalloc

import pytest

from sigcheck.schema.signature import Endpoint
from sigcheck.transforms import BY_NAME

pytestmark = pytest.mark.tensorflow


@pytest.fixture
def prove(tmp_path, monkeypatch):
    from sigcheck.verification.prove import prove
    from sigcheck.verification.tensorflow_runner import TensorFlowRunner

    # The worker runs in a folder of its own, where it writes what it loads.
    monkeypatch.chdir(tmp_path)
    return lambda job, level="executed": prove(job, level, BY_NAME, TensorFlowRunner())


UNIT = {"required_facts": {"range": (0, 1)}}
PRESSURE = {"provided_facts": {"range": (30_000, 110_000)}, **UNIT}
ROWS = {"required_facts": {"padding": {"value": 0.0, "side": "post"}}}

SOUND = {
    "expand_dims": ("float32[?, 10]", "float32[?, 1, 10]", [("expand_dims", {"axis": 1})], {}),
    "squeeze": ("float32[?, 8, 8, 1]", "float32[?, 8, 8]", [("squeeze", {})], {}),
    "merge": ("float32[?, 4, 4, 8]", "float32[?, 128]", [("reshape", {})], {}),
    "transpose": ("float32[?, 8, 8, 3]", "float32[?, 3, 8, 8]", [("transpose", {})], {}),
    "cast": ("float64[?, 16]", "float32[?, 16]", [("cast", {})], {}),
    "cast to bfloat16": ("float32[?, 16]", "bfloat16[?, 16]", [("cast", {})], {}),
    "cast behind a guard": ("int64[?, 16]", "int32[?, 16]", [("cast", {})], {}),
    "scale, then cast": ("float32[?, 16]", "float16[?, 16]", [("scale", {}), ("cast", {})], PRESSURE),
    "guard of a size": ("int32[?, ?]", "int32[?, 128]", [("ensure_shape", {})], {}),
    "guard of the rank": ("float32[*]", "float32[?, 16]", [("ensure_shape", {})], {}),
    "rows": ("ragged int32[?, None]", "int32[?, 12]", [("ragged_to_dense", {})], ROWS),
    "nothing to do": ("string[?]", "string[?]", [], {}),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_adapter_is_proved(prove, make_job, name):
    provided, required, steps, facts = SOUND[name]
    verification = prove(make_job(provided, required, steps, **facts))
    assert verification.level == "executed"
    assert verification.failures == ()
    assert verification.reason is None
    assert verification.cases >= 3


def test_a_guard_is_run_on_both_sides(prove, make_job):
    rows = make_job("ragged int32[?, None]", "int32[?, 12]", [("ragged_to_dense", {})], **ROWS)
    bare = prove(rows.model_copy(update={"source": CUT_ROWS}))
    assert {failure.message for failure in bare.failures} == {"let through, though a guard of the plan does not hold"}
    assert "13 long" in bare.failures[0].case


CUT_ROWS = """
def adapt(outputs):
    return {"x": outputs["a"].to_tensor(shape=[None, 12])}
"""

UNSOUND = {
    "other values": (["v = tf.expand_dims(v + 1, 1)"], "expected"),
    "swapped rows": (["v = tf.expand_dims(tf.reverse(v, [0]), 1)"], "expected"),
    "NaN cleaned away": (["v = tf.expand_dims(tf.where(tf.math.is_nan(v), 0., v), 1)"], "expected nan"),
    "the sign of zero lost": (["v = tf.expand_dims(tf.where(v == 0., 0., v), 1)"], "0.0 at [0, 0, 3], expected -0.0"),
    "a fixed batch": (
        ["v = tf.ensure_shape(tf.expand_dims(v, 1), [3, 1, 10])"],
        "refused, though every guard of the plan holds: InvalidArgumentError: Shape of tensor",
    ),
    "fails on an empty batch": (["v = tf.expand_dims(v + 0. * v[0], 1)"], "InvalidArgumentError: slice index 0"),
    "reads a file": (["v = tf.expand_dims(v + tf.strings.to_number(tf.io.read_file('missing')), 1)"], "NotFoundError"),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_an_unsound_adapter_fails_with_its_case(prove, make_job, name):
    body, words = UNSOUND[name]
    job = make_job("float32[?, 10]", "float32[?, 1, 10]", [("expand_dims", {"axis": 1})], body=body)
    verification = prove(job)
    assert verification.level == "executed"
    assert any(words in failure.message for failure in verification.failures), verification.failures
    assert {failure.binding for failure in verification.failures} == {"x"}
    assert all(failure.case.startswith("a: ") for failure in verification.failures)
    assert not any("File" in failure.message or "[[" in failure.message for failure in verification.failures)


MISTYPED = {
    "other dtype": (["v = tf.cast(tf.expand_dims(v, 1), tf.float16)"], "traced", "it gives float16[?, 1, 10]"),
    "other rank": (["v = v"], "traced", "it gives float32[?, 10], expected float32[?, 1, 10]"),
    "a size forgotten": (
        ["v = tf.reshape(v, tf.concat([tf.shape(v)[:1], [1, -1]], 0))"],
        "traced",
        "it gives float32[?, 1, ?]",
    ),
    "no tensor": (["v = 'text'"], "traced", "expected"),
    "does not parse": (["v = ("], "typed", "its source does not run: SyntaxError"),
    "raises": (["raise ValueError('out of the question')"], "typed", "ValueError: out of the question"),
    "reads the input": (["v = input()"], "typed", "cannot trace it"),
}


@pytest.mark.parametrize("name", MISTYPED)
def test_an_adapter_of_the_wrong_type_fails_before_it_is_run(prove, make_job, name):
    body, level, words = MISTYPED[name]
    verification = prove(make_job("float32[?, 10]", "float32[?, 1, 10]", body=body))
    assert verification.level == level
    assert verification.cases == 0
    assert words in verification.failures[0].message


def test_a_missing_and_an_unknown_name_are_told(prove, make_job):
    job = make_job("float32[?]", "float32[?]", gives="y")
    messages = {failure.binding: failure.message for failure in prove(job).failures}
    assert messages == {"x": "it gives no 'x'", "y": "it gives 'y', which is no input of the consumer"}


def test_an_optional_input_may_be_left_unfed(prove, make_job):
    job = make_job("float32[?]", "float32[?]")
    extra = Endpoint(name="mask", spec=job.required[0].spec, optional=True)
    assert prove(job.model_copy(update={"required": (*job.required, extra)})).failures == ()


def test_no_function_adapt_is_told(prove, make_job):
    job = make_job("float32[?]", "float32[?]").model_copy(update={"source": "ADAPT = 1\n"})
    assert prove(job).failures[0].message == "its source defines no function 'adapt'"


def test_tracing_alone_runs_nothing(prove, make_job):
    verification = prove(make_job("float32[?]", "float32[?]", body=["v = v + 1."]), "traced")
    assert verification.level == "traced"
    assert (verification.cases, verification.failures) == (0, ())


def test_a_dtype_without_values_is_traced_and_says_so(prove, make_job):
    verification = prove(make_job("variant[]", "variant[]"))
    assert verification.level == "traced"
    assert verification.reason == "not executed: no values of dtype variant can be made"


def test_several_bindings_are_run_together_and_one_refusal_at_a_time(prove, make_job):
    ids = make_job("int64[?, 4]", "int32[?, 4]", [("cast", {})])
    size = make_job("float32[?, ?]", "float32[?, 6]", [("ensure_shape", {})])
    [size_binding] = size.bindings
    job = ids.model_copy(
        update={
            "provided": (*ids.provided, Endpoint(name="b", spec=size_binding.provided_spec)),
            "required": (*ids.required, Endpoint(name="y", spec=size_binding.required_spec)),
            "bindings": (*ids.bindings, size_binding.model_copy(update={"provided": "b", "required": "y"})),
            "source": TWO_GUARDS,
        }
    )
    sound = prove(job)
    assert (sound.level, sound.failures, sound.reason) == ("executed", (), None)
    unguarded = job.source.replace("tf.debugging.assert_less_equal(v, tf.constant(2**31 - 1, tf.int64))", "pass")
    failures = prove(job.model_copy(update={"source": unguarded})).failures
    assert {failure.message for failure in failures} == {"let through, though a guard of the plan does not hold"}
    # Other values trip the lower guard as well: only these show that the upper one is gone.
    assert f"a: every value {2**31} [3, 4]; b: ordinary values [3, 6]" in {failure.case for failure in failures}


TWO_GUARDS = """
import tensorflow as tf

def adapt(outputs):
    v = outputs["a"]
    tf.debugging.assert_less_equal(v, tf.constant(2**31 - 1, tf.int64))
    tf.debugging.assert_greater_equal(v, tf.constant(-(2**31), tf.int64))
    return {"x": tf.cast(v, tf.int32), "y": tf.ensure_shape(outputs["b"], [None, 6])}
"""


def test_adapters_of_one_process_do_not_mix(prove, make_job):
    bad = make_job("float32[?]", "float32[?]", body=["v = outputs['a'] + 1"])
    good = make_job("float32[?]", "float32[?]", body=["v = outputs['a'] * 1"])
    assert [bool(prove(job).failures) for job in (good, bad, good, bad)] == [False, True, False, True]


SIGNED = {
    "int16 to [-1, 1]": ("int16[?, 8]", (-32768, 32767), "float32[?, 8]", (-1, 1)),
    "int8 to [-1, 1]": ("int8[?, 8]", (-128, 127), "float32[?, 8]", (-1, 1)),
    "[-1, 1] to 16 bits": ("float32[?, 8]", (-1, 1), "float32[?, 8]", (-32768, 32767)),
    "[-1, 1] to 8 bits": ("float32[?, 8]", (-1, 1), "float32[?, 8]", (-128, 127)),
    "a range of another middle": ("float32[?, 8]", (-5, 3), "float32[?, 8]", (-1, 1)),
}


@pytest.mark.parametrize("name", SIGNED)
def test_a_signed_range_is_scaled_onto_a_signed_range(prove, make_job, name):
    provided, ours, required, theirs = SIGNED[name]
    steps = [("cast", {})] if provided.startswith("int") else []
    facts = {"provided_facts": {"range": ours}, "required_facts": {"range": theirs}}
    job = make_job(provided, required, [*steps, ("scale", {})], **facts)
    assert prove(job).failures == ()
    # What is allowed is rounding, and no other end of the range.
    wrong = job.source.replace("return", "v = v + (tf.reduce_max(tf.abs(v)) + 1.0) * 1e-5\n    return")
    assert prove(job.model_copy(update={"source": wrong})).failures


def padding(provided, required):
    return provided, required, [("pad", {})], {"required_facts": {"padding": {"value": 0.0, "side": "post"}}}


def test_a_pad_to_many_is_run_on_few(prove, make_job, monkeypatch):
    provided, required, steps, facts = padding("float32[?, 4]", "float32[?, 144000]")
    job = make_job(provided, required, steps, **facts)
    tracemalloc.start()
    verification = prove(job)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (verification.level, verification.failures) == ("executed", ())
    assert max(rows for rows, _ in verification.sizes["a"]) < 60
    assert "more cases were not run: their results are too large together" in verification.reason
    assert most < 300 * 2**20


def test_results_that_are_all_too_large_are_not_run_and_that_is_said(prove, make_job):
    provided, required, steps, facts = padding("float32[?, 4, 4]", "float32[?, 8000, 8000]")
    verification = prove(make_job(provided, required, steps, **facts))
    assert (verification.level, verification.failures) == ("traced", ())
    assert verification.reason == "not executed: every result has more than 16777216 values"


def test_ids_that_are_only_too_large_are_among_the_cases(prove, make_job):
    for facts in ({"id_count": 50_000}, {"id_count": 100_000, "meaning": "token_ids"}):
        job = make_job(
            "int64[?, 4]", "int64[?, 4]", [("guard_ids", {})], provided_facts=facts, required_facts={"id_count": 30_522}
        )
        for assertion in ("assert_non_negative", "assert_less"):
            lines = [line for line in job.source.split("\n") if f"{assertion}(" not in line]
            failures = prove(job.model_copy(update={"source": "\n".join(lines)})).failures
            assert {one.message for one in failures} == {"let through, though a guard of the plan does not hold"}


def test_an_adapter_that_traces_as_one_thing_and_gives_another_is_found(make_job):
    import numpy as np

    from sigcheck.verification.prove import prove
    from sigcheck.verification.runner import Traced, TracedOutput

    job = make_job("float32[?, 2]", "float32[?, 2]")

    class Lying:
        """What code in the worker may answer for itself."""

        def trace(self, job):
            return Traced(outputs={"x": TracedOutput(spec=job.required[0].spec)})

        def run(self, values):
            return {"x": np.zeros(values["a"].shape, np.float64)}

    messages = {failure.message for failure in prove(job, "executed", BY_NAME, Lying()).failures}
    assert "it gives float64[3, 2], expected float32[?, 2]" in messages


def test_inputs_that_get_other_numbers_of_examples_fail_together(prove):
    """Each plan alone is right; of one batch the consumer would get six titles and two users."""
    from sigcheck.adapters.python_source import write_python
    from sigcheck.planning.matching import feed
    from sigcheck.schema.notation import parse_spec
    from sigcheck.schema.plan import Plan
    from sigcheck.schema.policy import Policy
    from sigcheck.schema.report import Side
    from sigcheck.verification.job import Job

    outputs, inputs = (
        tuple(Endpoint(name=name, spec=parse_spec(text)) for name, text in specs.items())
        for specs in ({"titles": "string[?, 3]", "user": "string[?]"}, {"title": "string[?]", "user_id": "string[?]"})
    )
    match = feed(outputs, inputs, {"titles": "title", "user": "user_id"}, Policy(assume="warn"))
    bindings = tuple(
        one if one.plan else one.model_copy(update={"plan": one.candidates[0], "candidates": (), "verdict": "adapts"})
        for one in match.bindings
    )
    assert all(isinstance(one.plan, Plan) for one in bindings)
    side = Side(source="m", reader="signature", key="k")
    source = write_python(side, side, bindings, None)
    verification = prove(Job(source=source, provided=outputs, required=inputs, bindings=bindings))
    assert "of one batch the inputs get different numbers of examples: title 6, user_id 2" in {
        failure.message for failure in verification.failures
    }
