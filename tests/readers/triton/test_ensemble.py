"""Ensembles, whose tensors are held against the models that give and take them."""

from __future__ import annotations

import pytest

from sigcheck.readers import read


def tensors(name: str, dtype: str, dims: str, given: str, gives: str, sizes: str) -> str:
    taken = f'input {{ name: "{name}" data_type: TYPE_{dtype} dims: [ {dims} ] }}'
    return f'{taken} output {{ name: "{given}" data_type: TYPE_{gives} dims: [ {sizes} ] }}'


A = tensors("a_in", "FP32", "4", "a_out", "FP32", "-1, 8")
B = tensors("b_in", "FP32", "2, 8", "b_out", "INT64", "1")
ENSEMBLE = tensors("x", "FP32", "4", "y", "INT64", "1")
STEPS = """
ensemble_scheduling {
  step { model_name: "b" input_map { key: "b_in" value: "between" } output_map { key: "b_out" value: "y" } }
  step { model_name: "a" input_map { key: "a_in" value: "x" } output_map { key: "a_out" value: "between" } }
}
"""


@pytest.fixture
def ensemble(tmp_path):
    def write(a=A, b=B, config=ENSEMBLE + STEPS):
        for name, text in (("a", a), ("b", b), ("pipeline", config)):
            if text is not None:
                (tmp_path / name).mkdir()
                (tmp_path / name / "config.pbtxt").write_text(text)
        return read(tmp_path / "pipeline")

    return write


def test_an_ensemble_whose_tensors_agree(ensemble):
    model = ensemble()
    assert (model.contradictions, model.notes) == ((), ())


@pytest.mark.parametrize(
    ("changed", "place", "problem"),
    [
        ({"a": A.replace("-1, 8", "-1, 9")}, "between", "float32[?, 9] goes on, b takes it as b_in with float32[2, 8]"),
        ({"a": A.replace("FP32 dims: [ -1", "FP16 dims: [ -1")}, "between", "float16[?, 8] goes on"),
        ({"a": A.replace('"a_in"', '"other"')}, "x", "goes into a as a_in, which has no input of this name"),
        ({"a": A.replace('"a_in"', '"other"')}, "other", "the ensemble feeds nothing to it"),
        ({"a": A.replace('"a_out"', '"other"')}, "between", "comes out of a as a_out, which has no output"),
        ({"config": ENSEMBLE + STEPS.replace('"between" } output', '"elsewhere" } output')}, "elsewhere", "no step"),
        ({"config": ENSEMBLE.replace('"y"', '"z"') + STEPS}, "z", "the ensemble gives it, and no step gives it"),
        ({"config": ENSEMBLE.replace("INT64", "INT32") + STEPS}, "y", "int64[1] goes on, the ensemble gives it with"),
        ({"config": ENSEMBLE.replace("[ 4 ]", "[ 5 ]") + STEPS}, "x", "float32[5] goes on, a takes it as a_in"),
    ],
)
def test_what_does_not_go_on_is_told(ensemble, changed, place, problem):
    found = ensemble(**changed).contradictions
    assert [one.place for one in found if problem in one.message] == [place]


def test_an_input_that_may_be_left_out(ensemble):
    more = 'input { name: "extra" data_type: TYPE_FP32 dims: [ 1 ] optional: true }'
    assert ensemble(a=A + more).contradictions == ()


@pytest.mark.parametrize("b", [None, "input {"])
def test_a_model_that_is_not_there_is_a_note(ensemble, b):
    model = ensemble(b=b)
    assert model.contradictions == ()
    assert [note.place for note in model.notes] == ["b"]
    assert "not compared" in model.notes[0].message


def test_a_model_is_named_by_no_path(ensemble):
    model = ensemble(config=ENSEMBLE + STEPS.replace('"a"', '"../a"'))
    assert [note.place for note in model.notes] == ["../a"]
