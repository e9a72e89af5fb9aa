"""Real models around adapters: sound ones, and every way in which one can misbehave."""

from __future__ import annotations

from pathlib import Path

import pytest

from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.transforms import BY_NAME
from sigcheck.verification.job import Job, Models, RunnableModel

pytestmark = pytest.mark.tensorflow

ENCODER = "float32[?, 4]"
ADAPTER = 'import tensorflow as tf\ndef adapt(outputs):\n    return {"x": tf.expand_dims(outputs["y"], axis=1)}\n'


@pytest.fixture
def save(tmp_path):
    """Saves a function as a SavedModel whose signature may say something else than the function does."""
    import tensorflow as tf

    def save(name, function, takes, gives, given, *, key="serving_default"):
        spec = parse_spec(takes)
        module = tf.Module()
        body = tf.function(lambda value: {gives: function(value)})
        inputs = tf.TensorSpec(spec.shape, spec.dtype, name="v")
        module.serve = body
        # Variables are saved only with a module that has them.
        module.state = getattr(function, "count", None)
        tf.saved_model.save(module, str(tmp_path / name), signatures={key: body.get_concrete_function(inputs)})
        # What a lambda's argument is called in the file is what its spec is called.
        signature = Signature(
            key=key,
            inputs=(Endpoint(name="v" if name == "producer" else "x", spec=spec, parts=("v",)),),
            outputs=(Endpoint(name=gives, spec=parse_spec(given)),),
        )
        return RunnableModel(
            source=name, path=str(tmp_path / name), reader="saved_model", signature=signature, names=(gives,)
        )

    return save


@pytest.fixture
def run(make, tmp_path, monkeypatch):
    """Proves the adapter between a producer and a consumer, given as functions of one tensor."""
    monkeypatch.chdir(tmp_path)

    def run(producer=lambda v: v * 2.0, consumer=lambda x: x + 1.0, *, adapter=ADAPTER):
        from sigcheck.verification.prove import prove
        from sigcheck.verification.tensorflow_runner import TensorFlowRunner

        return prove(make(producer, consumer, adapter=adapter), "executed", BY_NAME, TensorFlowRunner())

    return run


@pytest.fixture
def make(save):
    """The job of an adapter between a producer and a consumer, given as functions of one tensor."""

    def make(producer=lambda v: v * 2.0, consumer=lambda x: x + 1.0, *, adapter=ADAPTER):
        models = Models(
            producers=(save("producer", producer, ENCODER, "y", "float32[?, 4]"),),
            consumer=save("consumer", consumer, "float32[?, 1, 4]", "z", "float32[?, 1, 4]"),
        )
        provided, required = parse_spec("float32[?, 4]"), parse_spec("float32[?, 1, 4]")
        step = next(step for step in BY_NAME["expand_dims"].propose(provided, required) if step.arguments["axis"] == 1)
        binding = Binding(
            provided="y",
            required="x",
            verdict="adapts",
            provided_spec=provided,
            required_spec=required,
            plan=Plan(steps=(step,)),
        )
        return Job(
            source=adapter,
            provided=(Endpoint(name="y", spec=provided),),
            required=(Endpoint(name="x", spec=required),),
            bindings=(binding,),
            models=models,
        )

    return make


def test_sound_models_are_run_together(run):
    verification = run()
    assert (verification.level, verification.failures, verification.reason) == ("end_to_end", (), None)
    assert verification.cases > 5
    assert verification.sizes["serving_default.v"] == ((1, 4), (2, 4), (3, 4), (7, 4))


def test_a_producer_that_gives_another_type_than_its_signature_says(run):
    import tensorflow as tf

    verification = run(lambda v: tf.concat([v, v], axis=1))
    assert verification.level == "executed"
    assert {(one.subject, one.binding) for one in verification.failures} == {("producer", "y")}
    message = verification.failures[0].message
    assert "the producer gives float32[3, 8]" in message
    assert "its signature says float32[?, 4]" in message


def test_another_dtype_is_told_too(run):
    import tensorflow as tf

    [failure, *_] = run(lambda v: tf.cast(v, tf.float64)).failures
    assert failure.subject == "producer"
    assert "float64" in failure.message


def test_nan_from_the_producer_is_told_and_compared_as_itself(run):
    import tensorflow as tf

    verification = run(lambda v: tf.math.log(v - 10.0))
    assert (verification.level, verification.failures) == ("end_to_end", ())
    assert "the producer gives NaN or infinity in y for v [3, 4]" in verification.reason
    assert "the consumer gives NaN or infinity in z" in verification.reason


def test_a_random_producer_is_never_claimed_to_be_equal(run):
    import tensorflow as tf

    verification = run(lambda v: v + tf.random.uniform(tf.shape(v)))
    assert (verification.level, verification.failures) == ("end_to_end", ())
    assert "the producer gives other values when it is run again on the same input" in verification.reason
    assert "not compared: only types were" in verification.reason


def test_a_random_consumer_is_told_as_itself(run):
    import tensorflow as tf

    verification = run(consumer=lambda x: x + tf.random.uniform(tf.shape(x)))
    assert verification.reason.startswith("the consumer gives other values when it is run again")


def test_a_producer_that_wavers_in_the_last_digits_is_compared_by_tolerance(run):
    import tensorflow as tf

    verification = run(lambda v: v + 2.0 + tf.random.uniform(tf.shape(v)) * 1e-6)
    assert verification.failures == ()
    assert "compared within the rounding of its type" in verification.reason


def test_a_consumer_that_fails_on_what_it_is_fed(run):
    import tensorflow as tf

    def refuse(x):
        with tf.control_dependencies([tf.debugging.assert_less(tf.shape(x)[0], 2, "one at a time")]):
            return tf.identity(x)

    verification = run(consumer=refuse)
    assert {one.subject for one in verification.failures} == {"consumer"}
    assert "one at a time" in verification.failures[0].message


def test_a_producer_that_fails_the_second_time_has_failed(run):
    import tensorflow as tf

    count = tf.Variable(0)

    def once(v):
        with tf.control_dependencies([tf.debugging.assert_equal(count.assign_add(1) % 2, 1, "only once")]):
            return tf.identity(v)

    once.count = count
    verification = run(once)
    assert {one.subject for one in verification.failures} == {"producer"}
    assert "only once" in verification.failures[0].message


def test_inputs_that_the_producer_refuses_are_counted(run):
    import tensorflow as tf

    def picky(v):
        with tf.control_dependencies([tf.debugging.assert_less(tf.shape(v)[0], 3, "two at most")]):
            return tf.identity(v)

    verification = run(picky)
    assert (verification.level, verification.failures) == ("end_to_end", ())
    assert "the producer refused 2 of 5 generated inputs, first v [3, 4]: InvalidArgumentError" in verification.reason


def test_where_all_are_refused_nothing_is_claimed(run):
    import tensorflow as tf

    def never(v):
        with tf.control_dependencies([tf.debugging.assert_less(tf.shape(v)[0], 0, "never")]):
            return tf.identity(v)

    verification = run(never)
    assert (verification.level, verification.failures) == ("executed", ())
    assert verification.reason.startswith("not run end to end: the producer refused 5 of 5 generated inputs")


def test_a_model_that_cannot_be_loaded_leaves_the_level(run, save, tmp_path, monkeypatch):
    import tensorflow as tf

    def broken(*_, **__):
        raise OSError("variables are missing")

    monkeypatch.setattr(tf.saved_model, "load", broken)
    verification = run()
    assert (verification.level, verification.failures) == ("executed", ())
    said = "producer cannot be loaded: OSError: variables are missing. Load it in Python to see more."
    assert verification.reason == f"not run end to end: {said}"


def test_an_adapter_that_fails_on_what_the_producer_really_gives(run):
    body = "tf.expand_dims(outputs['y'], axis=1)"
    guarded = f"tf.where(tf.reduce_all(tf.abs({body}) == 0.125), {body} + 1., {body})"
    adapter = f'import tensorflow as tf\ndef adapt(outputs):\n    return {{"x": {guarded}}}\n'
    verification = run(lambda v: v * 0.0 + 0.125, adapter=adapter)
    assert verification.level == "executed"
    [failure, *_] = verification.failures
    assert (failure.subject, failure.binding) == ("adapter", "x")
    assert failure.case.startswith("what the producer gives for v [3, 4]")
    assert failure.counterexample.tensors["y"].startswith("[[0.125, 0.125")


def test_hostile_models_become_failures_and_the_next_job_goes_on(make, tmp_path):
    """In a real worker: an endless loop, 100 GB, a crash between the models, and code in a Keras file."""
    import keras
    import tensorflow as tf

    from sigcheck.verification.verify import verify

    def endless(v):
        return v + tf.while_loop(lambda i: True, lambda i: [i + 1], [tf.constant(0.0)])[0]

    def huge(v):
        return v + tf.reduce_sum(tf.zeros([100_000, 250_000 + tf.size(v)]))

    def moved(job, name):
        """The job with its models in a folder of their own, so that the next are saved beside them."""
        models = []
        for model in (*job.models.producers, job.models.consumer):
            target = tmp_path / name / model.source
            target.parent.mkdir(exist_ok=True)
            Path(model.path).rename(target)
            models.append(model.model_copy(update={"path": str(target)}))
        return job.model_copy(update={"models": Models(producers=models[:1], consumer=models[1])})

    code = keras.Sequential([keras.Input((4,)), keras.layers.Lambda(lambda v: v)])
    code.save(tmp_path / "code.keras")
    sound = moved(make(), "sound")
    lambdas = sound.models.producers[0].model_copy(
        update={"path": str(tmp_path / "code.keras"), "reader": "keras", "source": "code.keras"}
    )
    exits = ADAPTER.replace("    return", "    tf.py_function(lambda: __import__('os')._exit(7), [], [])\n    return")
    jobs = {
        "endless": moved(make(endless), "endless"),
        "huge": moved(make(huge), "huge"),
        "code": sound.model_copy(update={"models": sound.models.model_copy(update={"producers": (lambdas,)})}),
        "exits": sound.model_copy(update={"source": exits}),
        "sound": sound,
    }
    proofs = dict(zip(jobs, verify(list(jobs.values()), "executed", 400.0, model_timeout=8.0), strict=True))
    [failure] = proofs["endless"].failures
    assert (proofs["endless"].level, failure.subject) == ("executed", "producer")
    assert failure.message.startswith("not finished within 8 s")
    assert failure.case == "running the producer on v [3, 4]"
    assert proofs["huge"].level == "executed"
    assert "OOM" in proofs["huge"].reason
    assert proofs["code"].level == "executed"
    assert "code.keras cannot be loaded" in proofs["code"].reason
    assert "exited with code 7" in proofs["exits"].failures[0].message
    assert (proofs["sound"].level, proofs["sound"].failures) == ("end_to_end", ())
