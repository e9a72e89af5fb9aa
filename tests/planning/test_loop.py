"""States: outputs that are the next call's inputs, of one model and its own."""

from __future__ import annotations

import json

import pytest

import sigcheck
from sigcheck.cli import run
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Signature

STATE = "float32[1, 2, 128, 2]"
INPUTS = {"mag": "float32[1, 1, 257]", "state_in": STATE}
OUTPUTS = {"mask": "float32[1, 1, 257]", "state_out": STATE}


def model(inputs=INPUTS, outputs=OUTPUTS, name="dtln_1"):
    sides = [tuple(Endpoint(name=n, spec=parse_spec(s)) for n, s in side.items()) for side in (inputs, outputs)]
    return Model(source=name, reader="test", signatures=(Signature(inputs=sides[0], outputs=sides[1]),))


def looped(one, **options):
    return sigcheck.check(one, one, loop=True, verify="typed", **options)


def test_a_model_fits_itself():
    report = looped(model(), bind={"state_out": "state_in"}, const={"state_in": 0})
    assert (report.verdict, report.exit_code, report.findings) == ("fits", 0, ())
    assert [(one.provided, one.required) for one in report.bindings] == [("state_out", "state_in")]


def test_what_is_called_the_same_is_a_state():
    one = model({"x": "float32[?, 4]", "h": "float32[?, 8]"}, {"y": "float32[?, 4]", "h": "float32[?, 8]"})
    assert [binding.required for binding in looped(one, const={"h": 0}).bindings] == ["h"]


def test_states_of_one_spec_are_told_apart_by_what_is_bound():
    """By position the two would be swapped; and nothing is bound by its spec."""
    one = model({"x": "float32[1]", "h": STATE, "c": STATE}, {"c_out": STATE, "h_out": STATE})
    report = looped(one, bind={"h_out": "h", "c_out": "c"}, const={"h": 0, "c": 0})
    assert {one.required: one.provided for one in report.bindings} == {"h": "h_out", "c": "c_out"}
    with pytest.raises(UsageError, match="expected a state"):
        looped(one, const={"h": 0, "c": 0})


@pytest.mark.parametrize(
    ("bind", "const", "said"),
    [
        (
            {},
            {},
            "loop: no output of mask, state_out is called as an input is, expected a state. ",
        ),
        (
            {"state_out": "state_in"},
            {},
            "state state_in: nothing says what the first call is fed, expected a constant. Tell it, as with ",
        ),
        (
            {"mask": "state_in"},
            {"state_in": 0},
            "state mask=state_in: float32[1, 1, 257] is given, and the next call takes float32[1, 2, 128, 2]. ",
        ),
        (
            {"state_out": "state_in"},
            {"state_in": False},
            "bind constant(false, state_out)=state_in: False is no value of float32, expected one. Tell another value.",
        ),
        (
            {"state_out": "state_in"},
            {"state_in": 0, "mag": 0},
            "const mag: no state, expected one. Feed it in each call, or bind it.",
        ),
        (
            {"state_out": "state"},
            {},
            "bind state_out=state: the consumer has no input 'state'; did you mean 'state_in'?",
        ),
    ],
)
def test_what_is_no_state_is_one_line(bind, const, said):
    with pytest.raises(UsageError) as caught:
        looped(model(), bind=bind, const=const)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("given", "taken", "fits"),
    [
        ("float32[?, 8]", "float32[?, 8]", True),
        # Of the same batch as the call before.
        ("float32[?, 8]", "float32[1, 8]", True),
        ("float32[1, 8]", "float32[?, 8]", True),
        ("float64[?, 8]", "float32[?, 8]", False),
        ("float32[?, ?]", "float32[?, 8]", False),
        ("float32[?, 8, 1]", "float32[?, 8]", False),
    ],
)
def test_a_state_is_taken_as_it_is_given(given, taken, fits):
    one = model({"x": "float32[1]", "h": taken}, {"h": given})
    if fits:
        assert looped(one, const={"h": 0}).exit_code == 0
        return
    with pytest.raises(UsageError, match="the next call takes"):
        looped(one, const={"h": 0})


def test_two_models_are_no_loop():
    with pytest.raises(UsageError, match="expected one model that feeds itself"):
        sigcheck.check(model(), model(name="dtln_2"), loop=True, verify="typed")


def test_the_command_ends_with_two_where_a_state_has_another_shape(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "m.json").write_text(json.dumps({"inputs": INPUTS, "outputs": OUTPUTS}))
    loop = ["check", "m.json", "m.json", "--loop", "--verify", "typed"]
    assert run([*loop, "--bind", "state_out=state_in", "--const", "state_in=0"]) == 0
    assert run([*loop, "--bind", "mask=state_in", "--const", "state_in=0"]) == 2
    assert run([*loop, "--run-models"]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[2].partition(":")[0] for line in errors] == [" state mask=state_in", " --loop"]
