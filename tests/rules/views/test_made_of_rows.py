from __future__ import annotations

import pytest

import sigcheck

ROWS = {"pieces": "ragged int64[?, None]"}
PADDED = {"padding": {"value": 0}}


def help_of(outputs, name, spec, producer, consumer):
    facts = {"producer": producer, "consumer": {"ids": {**PADDED, "meaning": "token_ids"}, **consumer}}
    report = sigcheck.check(outputs, {"ids": "int64[?, 8]", name: spec}, facts=facts, verify="typed")
    return next(one.help for one in report.findings if one.rule == "missing_input")


@pytest.mark.parametrize(
    ("name", "spec", "producer", "consumer", "told"),
    [
        ("m", "bool[?, 8]", {"meaning": "token_ids"}, {"meaning": "mask"}, "--loss m=irreversible"),
        (
            "m",
            "bool[?, 8]",
            {},
            {"meaning": "mask"},
            "--fact producer.pieces.meaning=token_ids and --loss m=irreversible",
        ),
        (
            "input_mask",
            "int32[?, 8]",
            {"meaning": "token_ids"},
            {},
            "--fact consumer.input_mask.meaning=mask and --loss input_mask=irreversible",
        ),
        ("n", "int32[?]", {"meaning": "token_ids"}, {"meaning": "lengths"}, "--loss n=irreversible"),
    ],
)
def test_what_the_rows_tell_is_shared_with_what_they_feed(name, spec, producer, consumer, told):
    assert help_of(ROWS, name, spec, {"pieces": producer}, {name: consumer}).endswith(
        f"--bind pieces=ids --bind pieces={name} and {told}"
    )


@pytest.mark.parametrize(("name", "spec"), [("flags", "int32[?, 8]"), ("input_mask", "float32[?, 4, 4, 3]")])
def test_nothing_else_is(name, spec):
    assert "of the rows" not in help_of(ROWS, name, spec, {"pieces": {"meaning": "token_ids"}}, {})


@pytest.mark.parametrize(
    ("name", "rows"), [("b_mask", "b"), ("input_mask_a", "a"), ("second_mask", "b"), ("mask", None), ("c_mask", None)]
)
def test_of_several_rows_those_are_meant_that_are_called_like_it(name, rows):
    outputs = {"a": "ragged int64[?, None]", "b": "ragged int64[?, None]"}
    inputs = {"first": "int64[?, 8]", "second": "int64[?, 8]", name: "int32[?, 8]"}
    bind = {"a": "first", "b": "second"}
    facts = {"consumer": {"first": PADDED, "second": PADDED, name: {"meaning": "mask"}}}
    report = sigcheck.check(outputs, inputs, bind=bind, facts=facts, verify="typed")
    told = next(one.help for one in report.findings if one.rule == "missing_input")
    assert [one for one in ("a", "b") if f"the mask of the rows of {one}," in told] == ([] if rows is None else [rows])


def test_what_is_followed_gives_the_mask():
    import tensorflow as tf

    report = sigcheck.check(
        ROWS,
        {"ids": "int64[?, 4]", "m": "int32[?, 4]"},
        bind={"pieces": ["ids", "m"]},
        facts={"producer": {"pieces": {"meaning": "token_ids"}}, "consumer": {"ids": PADDED, "m": {"meaning": "mask"}}},
        policy=sigcheck.Policy(losses=(("m", "irreversible"),)),
        verify="typed",
    )
    made = report.adapter(tf.ragged.constant([[5, 6], [7]], dtype=tf.int64))
    assert made["m"].numpy().tolist() == [[1, 1, 0, 0], [1, 0, 0, 0]]
