from __future__ import annotations

import pytest

from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.testing import assert_adapter

pytestmark = pytest.mark.tensorflow

PROVIDED = {"features": "float32[?, 10]"}
REQUIRED = {"x": "float32[?, 1, 10]"}

OTHER_VALUES = """\
negated does not turn what is provided into what is required

  provided  features: float32[?, 10]
  required  x: float32[?, 1, 10]
"""


def negated(features):
    import tensorflow as tf

    return tf.expand_dims(-features, 1)


def by_name(outputs):
    import tensorflow as tf

    return {"x": tf.reshape(outputs["features"], [-1, 1, 10])}


def failure_of(*arguments, **keywords):
    with pytest.raises(AssertionError) as caught:
        assert_adapter(*arguments, **keywords)
    return str(caught.value)


def test_a_function_of_names_is_proved():
    proof = assert_adapter(by_name, PROVIDED, REQUIRED)
    assert proof.level == "executed"
    assert proof.cases > 5


def test_a_function_of_bare_tensors_is_proved():
    import tensorflow as tf

    assert assert_adapter(lambda value: tf.expand_dims(value, 1), PROVIDED, REQUIRED).cases > 5
    assert assert_adapter(lambda value: value, PROVIDED, {"x": "float32[?, 10]"}).cases > 5


def test_other_values_fail_and_say_how_to_mean_them():
    text = failure_of(negated, PROVIDED, REQUIRED)
    assert text.startswith(OTHER_VALUES)
    assert "expected" in text
    assert "case  features: " in text
    assert "smallest  features = [[" in text
    assert "again     negated(" in text
    assert text.endswith("values=False compares types only:\n  x: expand_dims(axis=1)")
    assert assert_adapter(negated, PROVIDED, REQUIRED, values=False).level == "executed"


def test_another_shape_fails_before_it_is_run():
    import tensorflow as tf

    text = failure_of(lambda value: tf.expand_dims(value, 2), PROVIDED, REQUIRED)
    assert "1 failure, traced:\n  x: it gives float32[?, 10, 1], expected" in text


def test_a_fixed_batch_fails():
    import tensorflow as tf

    assert "x: " in failure_of(lambda value: tf.reshape(value, [32, 1, 10]), PROVIDED, REQUIRED)


def test_what_raises_fails_with_its_words():
    def broken(outputs):
        raise KeyError("lost")

    assert "lost" in failure_of(broken, PROVIDED, REQUIRED)


def test_an_undecided_pair_is_proved_by_type_and_by_running():
    import tensorflow as tf

    def joined(outputs):
        return {"x": tf.concat([outputs["a"], outputs["b"]], axis=-1)}

    two = {"a": "float32[?, 4]", "b": "float32[?, 6]"}
    assert assert_adapter(joined, two, {"x": "float32[?, 10]"}, values=False).cases > 5


def test_an_assumption_of_the_plan_binds_nobody():
    import tensorflow as tf

    pixels, planes = {"p": "float32[?, 8, 8, 3]"}, {"q": "float32[?, 3, 8, 8]"}
    assert assert_adapter(lambda value: tf.transpose(value, [0, 3, 2, 1]), pixels, planes).level == "executed"
    facts = {"producer": {"p": {"axes": ["n", "h", "w", "c"]}}, "consumer": {"q": {"axes": ["n", "c", "h", "w"]}}}
    failure_of(lambda value: tf.transpose(value, [0, 3, 2, 1]), pixels, planes, facts=facts)


def test_a_file_is_proved_in_a_process_of_its_own(tmp_path):
    file = tmp_path / "adapter.py"
    file.write_text("import tensorflow as tf\n\ndef adapt(o):\n    return {'x': tf.expand_dims(o['features'], 1)}\n")
    assert assert_adapter(file, PROVIDED, REQUIRED, run_adapter=True).level == "executed"
    file.write_text("import os\n\ndef adapt(o):\n    os._exit(7)\n")
    assert "did not survive" in failure_of(str(file), PROVIDED, REQUIRED, run_adapter=True)


def test_a_file_that_sigcheck_did_not_write_is_run_where_asked_only(tmp_path):
    file = tmp_path / "adapter.py"
    file.write_text("raise SystemExit('it was run')")
    with pytest.raises(UsageError, match=r"somebody's program\. Run it with run_adapter=True"):
        assert_adapter(file, PROVIDED, REQUIRED)


def test_a_file_that_sigcheck_wrote_is_run(tmp_path):
    import sigcheck

    file = tmp_path / "adapter.py"
    file.write_text(sigcheck.check(PROVIDED, REQUIRED, verify="typed").adapter.source)
    assert assert_adapter(file, PROVIDED, REQUIRED).level == "executed"


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        assert_adapter(tmp_path / "lost.py", PROVIDED, REQUIRED)
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe")
    with pytest.raises(SourceError, match="not UTF-8"):
        assert_adapter(tmp_path / "binary.py", PROVIDED, REQUIRED)
