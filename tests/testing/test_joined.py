"""The assertions with outputs that are joined and parted."""

from __future__ import annotations

import pytest

from sigcheck.testing import assert_adapter, assert_compatible, assert_incompatible
from tests.junctions.kinds import KINDS, together

TWO = {"a": "float32[?, 2]", "b": "float32[?, 2]"}
BOTH = {"a": "x", "b": "x"}

GUARDED = ("ragged_by_row_splits", "ragged_by_value_rowids", "sparse_by_indices")


@pytest.mark.parametrize("name", KINDS)
def test_models_that_fit_once_they_are_bound_give_their_adapter(name):
    kind = KINDS[name]
    adapter = assert_compatible(*kind.sides(), bind=kind.bind, verify="typed")
    assert set(adapter.required) == set(kind.inputs)


def failure_of(call, *arguments, **keywords):
    with pytest.raises(AssertionError) as caught:
        call(*arguments, **{"verify": "typed"} | keywords)
    return str(caught.value)


def test_a_choice_is_told_with_the_keyword_that_decides_it():
    text = failure_of(assert_compatible, TWO, {"x": "float32[?, 2, 2]"}, bind=BOTH)
    assert "undecided whether" in text
    assert 'bind={"stack(a, b, axis=1)": "x"}' in text
    parted = failure_of(
        assert_compatible,
        {"a": "float32[?, 2, 4]"},
        {"x": "float32[?, 4]", "y": "float32[?, 4]"},
        bind={"a": ["x", "y"]},
    )
    assert 'bind={"unstack(a, axis=1)": ["x", "y"]}' in parted


def test_what_is_not_joined_is_told_with_what_to_do():
    text = failure_of(assert_compatible, TWO, {"x": "float32[?, 9]"}, bind=BOTH)
    assert "no junction of a float32[?, 2], b float32[?, 2] is x float32[?, 9]" in text
    assert "[no_junction]" in text


def test_an_input_that_no_output_is_for_is_told_with_the_keyword_that_gives_it_a_value():
    masked = {"a": "float32[?, 2]", "mask": "bool[?, 2]"}
    assert 'const={"mask": VALUE}' in failure_of(assert_compatible, {"a": "float32[?, 2]"}, masked)
    adapter = assert_compatible({"a": "float32[?, 2]"}, masked, const={"mask": True}, verify="typed")
    assert set(adapter.required) == {"a", "mask"}
    assert_incompatible({"a": "float32[?, 2, 2]"}, masked, const={"mask": True}, rule="unshared_batch")


def test_that_models_do_not_fit_can_be_asserted_too():
    assert_incompatible(TWO, {"x": "float32[?, 9]"}, bind=BOTH, rule="no_junction")
    joined = failure_of(assert_incompatible, TWO, {"x": "float32[?, 4]"}, bind=BOTH, rule="no_junction")
    assert "x" in joined


@pytest.mark.tensorflow
def test_a_function_that_joins_in_another_order_fails():
    import tensorflow as tf

    required = {"x": "float32[?, 4]"}

    def right(outputs):
        return {"x": tf.concat([outputs["a"], outputs["b"]], 1)}

    def turned(outputs):
        return {"x": tf.concat([outputs["b"], outputs["a"]], 1)}

    assert assert_adapter(right, TWO, required, bind=BOTH).cases > 5
    with pytest.raises(AssertionError, match="turned does not turn what is provided into what is required"):
        assert_adapter(turned, TWO, required, bind=BOTH)
    assert assert_adapter(turned, TWO, required, bind={"b": "x", "a": "x"}).cases > 5


@pytest.mark.tensorflow
def test_a_function_that_does_every_kind_is_proved():
    import tensorflow as tf

    # Those of several guards are tried by themselves: written by hand they would be the adapter.
    kind = together(*(one for one in KINDS if one not in GUARDED))

    def by_hand(given):
        pieces, slices = tf.split(given["p"], [3, 5], 1), tf.unstack(given["u"], axis=1)
        lengths = given["lengths"]
        tf.debugging.assert_less_equal(lengths, tf.constant(6, tf.int64))
        tf.debugging.assert_non_negative(lengths)
        tf.debugging.assert_equal(tf.shape(given["user"])[0], tf.shape(given["titles"])[0])
        return {
            "c": tf.concat([tf.cast(given["c1"], tf.float32), given["c2"]], 1),
            "s": tf.stack([given["s2"], given["s1"]], 1),
            "p1": pieces[0],
            "p2": tf.cast(pieces[1], tf.float64),
            "u1": slices[1],
            "u2": slices[0],
            "h1": given["h"],
            "h2": given["h"][:, None],
            "box": tf.stack([tf.cast(given[one], tf.float32) for one in ("top", "left", "bottom", "right")], 2),
            "z": tf.complex(tf.cast(given["real"], tf.float32), given["imaginary"]),
            "r": tf.RaggedTensor.from_tensor(given["rows"], lengths=lengths),
            "like": given["like"],
            "k": tf.fill([tf.shape(given["like"])[0], 2], 7),
            "flag": tf.constant(value=True),
            "boxes": given["boxes"],
            "steps": tf.tile(tf.range(2, dtype=tf.int64)[None], [tf.shape(given["boxes"])[0], 1]),
            "numbers": tf.tile(tf.range(tf.shape(given["boxes"])[0])[:, None], [1, 2])[:, :, None]
            + tf.zeros([4], tf.int32),
            "who": tf.repeat(given["user"][:, None], 3, axis=1),
            "titles": given["titles"],
        }

    assert assert_adapter(by_hand, *kind.sides(), bind=kind.bind).cases > 5
