from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sigcheck.schema.errors import SourceError, UsageError
from sigcheck.schema.policy import Policy
from sigcheck.testing import assert_compatible, assert_incompatible

RANK = Path(__file__).parents[2] / "fixtures" / "rank"

BLOCKED = '''\
p#default cannot feed q#default: no adapter within the policy

q: cast from float32 to int32 truncates, the policy allows rounding [lossy_cast]
  required  q: int32[?, 16]
  provided  p: float32[?, 16]
               ^^^^^^^
  help      cast(dtype=int32) would do it; allow it with policy=Policy(loss="truncating")

q: why not
  the nearest spec reached is int32[?, 16]
  would open a path: policy=Policy(loss="truncating")

the adapter, once the policy allows it:

    """Adapter: p#default -> q#default. Written by `sigcheck adapt`.

    provided  p: float32[?, 16]
    required  q: int32[?, 16]
    steps     cast(dtype=int32)    truncating
    """

    import tensorflow as tf


    def adapt(outputs: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        q = tf.cast(outputs["p"], tf.int32)
        return {"q": q}'''


def failure_of(call, *arguments, **keywords):
    with pytest.raises(AssertionError) as caught:
        call(*arguments, **{"verify": "typed"} | keywords)
    return str(caught.value)


def test_models_that_fit_give_their_adapter():
    adapter = assert_compatible(RANK / "encoder", RANK / "classifier.keras", verify="typed")
    assert "tf.expand_dims" in adapter.source
    assert (adapter.provided, adapter.required) == (("output_0",), ("x",))


def test_what_fits_as_it_is_passes_values_on():
    adapter = assert_compatible({"x": "float32[?, 10]"}, {"x": "float32[?, 10]"}, verify="typed")
    assert 'return {"x": outputs["x"]}' in adapter.source


def test_a_failure_reads_like_this():
    assert failure_of(assert_compatible, {"p": "float32[?, 16]"}, {"q": "int32[?, 16]"}) == BLOCKED


def test_the_cure_that_it_names_cures_it():
    allowed = Policy(loss="truncating")
    assert assert_compatible({"p": "float32[?]"}, {"q": "int32[?]"}, policy=allowed, verify="typed")
    layout = ({"p": "float32[?, 8, 8, 3]"}, {"q": "float32[?, 3, 8, 8]"})
    strict = Policy(assume="error")
    text = failure_of(assert_compatible, *layout, policy=strict)
    assert 'facts={"producer": {"p": {"axes": ["a", "b", "c", "d"]}}} and' in text
    assert "once the errors are settled:" in text
    facts = {"producer": {"p": {"axes": ["a", "b", "c", "d"]}}, "consumer": {"q": {"axes": ["a", "d", "b", "c"]}}}
    assert assert_compatible(*layout, policy=strict, facts=facts, verify="typed")


def test_what_is_undecided_fails_and_shows_the_first_candidate():
    text = failure_of(assert_compatible, {"p": "float32[?, 224, 224, 3]"}, {"q": "float32[?, 299, 299, 3]"})
    assert text.startswith(
        "undecided whether p#default can feed q#default: several plans tie, and nothing declared decides\n"
    )
    assert "                          ^^^\n" in text
    assert "the adapter, if the first candidate is what is meant:" in text
    twins = ({"a": "int8[?]", "b": "int8[?]"}, {"x": "int8[?]"})
    assert 'say which with bind={"a": "x"}' in failure_of(assert_compatible, *twins)
    assert assert_compatible(*twins, bind={"b": "x"}, verify="typed").provided == ("b",)


def test_a_missing_input_has_no_adapter_to_paste():
    text = failure_of(assert_compatible, {"p": "int8[?]"}, {"p": "int8[?]", "q": "bool[?]"})
    assert "q: no output feeds it [missing_input]\n  required  q: bool[?]\n" in text
    assert "the adapter" not in text


def test_several_producers_stand_in_a_list():
    producers = [{"a": "int8[?]"}, {"b": "bool[?]"}]
    assert assert_compatible(producers, {"b": "bool[?]", "a": "int8[?]"}, verify="typed").provided == ("b", "a")


def test_names_are_printed_safely():
    text = failure_of(assert_compatible, {"\x1b[2J": "float32[?]"}, {"q": "int32[?]"})
    assert "\x1b" not in text


def test_what_cannot_be_read_is_no_failed_assertion(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        assert_compatible(tmp_path / "lost", {"x": "int8[?]"})
    with pytest.raises(UsageError, match="is no spec"):
        assert_compatible({"x": "int8"}, {"x": "int8[?]"})
    with pytest.raises(SourceError):
        assert_compatible({}, {"x": "int8[?]"})


@pytest.fixture
def pair(tmp_path):
    """A pair of arrays by which pictures are turned, and neither cut nor checked."""
    image = np.arange(2 * 5 * 4 * 3, dtype=np.float32).reshape(2, 5, 4, 3)
    np.savez(tmp_path / "pair.npz", provided=image, required=image.transpose(0, 3, 1, 2))
    return tmp_path / "pair.npz"


def test_an_example_decides_where_plans_tie(pair):
    tied = ({"p": "float32[?, ?, ?, 3]"}, {"q": "float32[?, 3, ?, ?]"})
    assert failure_of(assert_compatible, *tied).startswith("undecided whether")
    assert "tf.transpose" in assert_compatible(*tied, example=pair, verify="typed").source
    assert_incompatible(*tied, rule="ambiguous_plan")
    assert "p#default can feed q#default" in failure_of(assert_incompatible, *tied, example=pair)
    with pytest.raises(UsageError, match="no such file"):
        assert_compatible(*tied, example=pair.with_name("lost.npz"), verify="typed")


def test_the_help_names_the_keyword_of_the_example():
    sizes = ({"p": "float32[?, 12, 16, 3]"}, {"q": "float32[?, 8, 8, 3]"})
    assert 'with example="PAIR.npz"' in failure_of(assert_compatible, *sizes, policy=Policy(loss="truncating"))


class TestIncompatible:
    def test_what_is_blocked_passes_and_its_rule_is_found(self):
        assert_incompatible({"p": "float32[?]"}, {"q": "int32[?]"})
        assert_incompatible({"p": "float32[?]"}, {"q": "int32[?]"}, rule="lossy_cast")

    def test_what_fits_by_an_adapter_is_compatible(self):
        text = failure_of(assert_incompatible, {"p": "float32[?, 10]"}, {"q": "float32[?, 1, 10]"})
        assert text == "p#default can feed q#default\n\n  q from p: adapts, expand_dims(axis=1)"

    def test_another_rule_fails_and_is_named(self):
        text = failure_of(assert_incompatible, {"p": "float32[?]"}, {"q": "int32[?]"}, rule="rank_mismatch")
        assert "but not by rank_mismatch: the errors are of lossy_cast" in text

    def test_undecided_is_not_incompatible_unless_its_rule_is_named(self):
        twins = ({"a": "int8[?]", "b": "int8[?]"}, {"x": "int8[?]"})
        assert "undecided whether" in failure_of(assert_incompatible, *twins)
        assert_incompatible(*twins, rule="ambiguous_binding")

    def test_an_unknown_rule_is_a_wrong_call(self):
        with pytest.raises(UsageError, match="Did you mean 'rank_mismatch'"):
            assert_incompatible({"p": "int8[?]"}, {"q": "int8[?]"}, rule="rank_mismatc")


@pytest.mark.tensorflow
class TestLive:
    def test_type_specs_and_functions_are_sources(self):
        import tensorflow as tf

        @tf.function(input_signature=[tf.TensorSpec([None, 1, 10], tf.float32, name="x")])
        def classifier(x):
            return {"scores": x}

        specs = {"features": tf.TensorSpec([None, 10], tf.float32)}
        adapter = assert_compatible(specs, classifier, verify="typed")
        adapted = adapter({"features": tf.zeros([2, 10])})
        assert classifier(**adapted)["scores"].shape == (2, 1, 10)

    def test_it_is_proved_where_it_is_asked_for(self):
        adapter = assert_compatible({"p": "float32[?, 4]"}, {"q": "float32[?, 1, 4]"}, verify="executed")
        assert "verified: executed" in adapter.source
