"""Models that keep states in a row: fused with them, run between them, and refused where no call is the next one."""

from __future__ import annotations

import json

import numpy as np
import pytest

import sigcheck
from sigcheck.cli import run
from sigcheck.schema.errors import UsageError

pytestmark = pytest.mark.tensorflow

STATE = {"h_out": "h"}
START = {"h": 0.5}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Two models of a batch, each of which calls its state the same, one without, and one of an open length."""
    import tensorflow as tf

    folder = tmp_path_factory.mktemp("states")

    def cell(rate, size, given, taken):
        class Cell(tf.Module):
            @tf.function(input_signature=[tf.TensorSpec([None, 4], name=taken), tf.TensorSpec([None, size], name="h")])
            def serve(self, x, h):
                state = rate * h + tf.reduce_sum(x, axis=1, keepdims=True)
                return {given: x + tf.reduce_mean(state, axis=1, keepdims=True), "h_out": state}

        return Cell()

    for name, module in (
        ("first", cell(0.5, 3, "y", "x")),
        ("second", cell(0.25, 3, "z", "y")),
        ("growing", cell(0.25, None, "z", "y")),
    ):
        tf.saved_model.save(module, str(folder / name), signatures=module.serve)
    return folder


def signatures(path):
    import tensorflow as tf

    model = tf.saved_model.load(str(path))
    return model, model.signatures


def test_states_of_one_name_are_those_of_their_models(models, tmp_path):
    result = sigcheck.fuse([models / "first", models / "second"], tmp_path / "fused", state=STATE, const=START)
    assert (result.exit_code, [one.model for one in result.states]) == (0, ["first", "second"])
    shown = sigcheck.read(tmp_path / "fused").signatures[0]
    assert [str(one) for one in (*shown.inputs, *shown.outputs)] == [
        "h: float32[?, 3]",
        "second_h: float32[?, 3]",
        "x: float32[?, 4]",
        "first_h_out: float32[?, 3]",
        "h_out: float32[?, 3]",
        "z: float32[?, 4]",
    ]
    written = json.loads((tmp_path / "fused" / "assets.extra" / "sigcheck.json").read_text())
    assert written["states"] == [
        {"output": "first_h_out", "input": "h", "initial": 0.5},
        {"output": "h_out", "input": "second_h", "initial": 0.5},
    ]
    (_, fused), (_, first), (_, second) = (signatures(path) for path in (tmp_path / "fused", *models_in(models)))
    for batch in (0, 1, 3):
        states = fused["initial_state"](batch_size=np.int32(batch))
        by_hand = {name: np.full((batch, 3), 0.5, np.float32) for name in ("first", "second")}
        for call in range(3):
            x = np.random.default_rng(call).normal(size=(batch, 4)).astype(np.float32)
            given = fused["serving_default"](x=x, **states)
            one = first["serving_default"](x=x, h=by_hand["first"])
            two = second["serving_default"](y=one["y"], h=by_hand["second"])
            np.testing.assert_array_equal(given["z"], two["z"])
            states = {"h": given["first_h_out"], "second_h": given["h_out"]}
            by_hand = {"first": one["h_out"], "second": two["h_out"]}


def models_in(models):
    return models / "first", models / "second"


def test_without_them_the_state_of_one_would_be_the_others(models):
    report = sigcheck.check(*models_in(models), verify="typed")
    assert "h" in {one.required for one in report.bindings}
    told = sigcheck.check(*models_in(models), verify="typed", state=STATE, const=START)
    assert [(one.provided, one.required) for one in told.bindings] == [("y", "y")]
    assert (told.verdict, told.exit_code) == ("fits", 0)
    assert "h_out is h of the next call of second, and 0.5 in the first" in str(told)
    assert [one["model"] for one in json.loads(told.to_json())["states"]] == ["first", "second"]


def test_they_are_run_together_from_what_the_first_call_is_fed(models):
    report = sigcheck.check(*models_in(models), run_models=True, state=STATE, const=START)
    assert (report.exit_code, report.verification.level, report.verification.failures) == (0, "end_to_end", ())
    assert report.verification.cases


def test_clients_of_triton_carry_them(models, tmp_path):
    """The server's backend of SavedModels has no states of its own."""
    sigcheck.fuse(models_in(models), tmp_path / "r", state=STATE, const=START, triton=True, verify="typed")
    shown = sigcheck.read(tmp_path / "r" / "pipeline").signatures[0]
    assert {one.name for one in shown.inputs} == {"h", "x", "second_h"}
    assert {one.name for one in shown.outputs} == {"first_h_out", "h_out", "z"}
    assert sigcheck.read(tmp_path / "r" / "pipeline").contradictions == ()
    (_, first), (_, second) = (
        signatures(tmp_path / "r" / name / "1" / "model.savedmodel") for name in ("first", "second")
    )
    assert set(first["serving_default"].structured_input_signature[1]) == {"x", "h"}
    assert set(second["serving_default"].structured_input_signature[1]) == {"y", "h"}


def test_a_chain_may_hand_a_state_on_beside(models):
    """It stays the state of its model, and is what a later link takes by name."""
    result, _ = sigcheck.check_chain(
        [models / "first", models / "second", models / "first"],
        state={"second.h_out": "second.h"},
        const={"second.h": 0},
        bind={"h_out": "first_2.h", "z": "first_2.x"},
        verify="typed",
    )
    assert [{one.required: one.provided for one in link.bindings} for link in result.links] == [
        {"y": "y"},
        {"x": "z", "h": "h_out"},
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--state", "h_out"], "--state: found 'h_out', expected OUT=IN. Write it like --state state_out=state_in."),
        (["--state", "y=h", "--const", "h=0"], "state y=h: float32[?, 4] is given, and the next call takes "),
        (["--state", "h_out=h"], "state h: nothing says what the first call is fed, expected a constant. "),
        (["--state", "h_out=h", "--const", "h=true"], "bind constant(true, h_out)=h: True is no value of float32"),
        (["--state", "h_out=h", "--state", "h_out=x"], "--state: 'h_out' stands twice, expected once. "),
        (["--state", "h_out=h", "--const", "h=0", "--map"], "map: h_out is h of the next call of second, and row by "),
    ],
)
def test_what_is_no_state_ends_with_two(models, arguments, said, tmp_path, capsys):
    sources = [str(one) for one in models_in(models)]
    assert run(["fuse", *sources, "-o", str(tmp_path / "fused"), "--verify", "typed", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.removeprefix("sigcheck: ").startswith(said)
    assert not (tmp_path / "fused").exists()


def test_a_state_of_which_nothing_says_how_large_it_begins_is_refused(models, tmp_path):
    sources = [models / "first", models / "growing"]
    with pytest.raises(UsageError, match=r"state h: float32\[\?, \?\], of which nothing says how long axis 1 is"):
        sigcheck.fuse(sources, tmp_path / "fused", state={"growing.h_out": "growing.h"}, const={"h": 0}, verify="typed")


def test_loop_is_of_one_model(models):
    with pytest.raises(UsageError, match="given with loop"):
        sigcheck.check(models / "first", models / "first", loop=True, state=STATE, const=START)
