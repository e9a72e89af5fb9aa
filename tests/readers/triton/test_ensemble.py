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
    def write(a=A, b=B, config=ENSEMBLE + STEPS, **more):
        for name, text in {"a": a, "b": b, "pipeline": config, **more}.items():
            if text is not None:
                (tmp_path / name).mkdir(exist_ok=True)
                (tmp_path / name / "config.pbtxt").write_text(text)
        return read(tmp_path / "pipeline")

    return write


def test_an_ensemble_whose_tensors_agree(ensemble):
    model = ensemble()
    assert (model.contradictions, told(model)) == ((), [])


def told(model):
    """The notes, but those of models whose files are not here."""
    return [note.message for note in model.notes if "no version" not in note.message]


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
    (note,) = (note for note in model.notes if note.place == "b")
    assert "not compared" in note.message


def test_a_model_is_named_by_no_path(ensemble):
    model = ensemble(config=ENSEMBLE + STEPS.replace('"a"', '"../a"'))
    assert "../a" in [note.place for note in model.notes]


TWICE = 'step { model_name: "a" input_map { key: "a_in" value: "x" } output_map { key: "a_out" value: "between" } } }'
CIRCLE = STEPS.replace('value: "x"', 'value: "y"')


@pytest.mark.parametrize(
    ("changed", "place", "problem"),
    [
        ({"config": ENSEMBLE + STEPS.rstrip()[:-1] + TWICE}, "between", "given by a and by a"),
        ({"config": ENSEMBLE + STEPS.replace('value: "y"', 'value: "x"')}, "x", "given by the ensemble and by b"),
        (
            {"config": ENSEMBLE.replace('"y"', '"between"').replace("INT64 dims: [ 1", "FP32 dims: [ -1, 8") + STEPS},
            "y",
            "given by b, and nothing takes it",
        ),
        ({"config": ENSEMBLE + CIRCLE}, "x", "given by the ensemble, and nothing takes it"),
        ({"config": ENSEMBLE + CIRCLE}, "between", "b takes it, and it never comes: the steps"),
    ],
)
def test_tensors_that_do_not_come_to_their_steps(ensemble, changed, place, problem):
    """What Triton refuses of the steps alone (core, ValidateEnsembleSchedulingConfig)."""
    found = ensemble(**changed).contradictions
    assert [one.place for one in found if problem in one.message] == [place]


def batched(text: str, most: int) -> str:
    return f"max_batch_size: {most} {text}"


@pytest.mark.parametrize(
    ("most", "of_a", "is_told"), [(8, 8, False), (8, 4, True), (4, 8, False), (0, 8, False), (0, 0, False)]
)
def test_batches_that_a_step_does_not_take(ensemble, most, of_a, is_told):
    """Of an ensemble without batches a step may have them: the server adds the axis, and takes it off."""
    text = batched(ENSEMBLE + STEPS, most)
    model = ensemble(a=batched(A, of_a), b=batched(B, most), config=text)
    assert [one.message for one in model.contradictions] == (
        ["takes batches of at most 4, the ensemble of 8"] if is_told else []
    )


def test_a_step_that_takes_one_example_of_a_batch(ensemble):
    """The server sends it only batches of one."""
    model = ensemble(a=batched(A, 8), config=batched(ENSEMBLE + STEPS, 8))
    assert [one.place for one in model.contradictions] == ["between", "y"]


def test_a_model_of_it_that_contradicts_its_own_file(ensemble, tmp_path):
    from tests.readers.triton.test_version import onnx_model

    onnx_model(tmp_path / "a" / "1", a_in=[5])
    found = {(one.place, one.message.partition(":")[0]) for one in ensemble().contradictions}
    assert ("a_in", "a") in found


@pytest.mark.parametrize("name", ["pipeline", "outer"])
def test_an_ensemble_that_runs_itself(ensemble, name):
    outer = ENSEMBLE + 'ensemble_scheduling { step { model_name: "pipeline" input_map { key: "x" value: "x" } '
    outer += 'output_map { key: "y" value: "y" } } }'
    model = ensemble(config=ENSEMBLE + STEPS.replace('"a"', f'"{name}"').replace("a_in", "x"), outer=outer)
    told = "pipeline > outer > pipeline" if name == "outer" else "pipeline > pipeline"
    found = [one.message for one in model.contradictions if "itself" in one.message]
    assert found == [f"an ensemble that runs itself: {told}"]


def test_an_ensemble_inside_of_another(ensemble, tmp_path):
    outer = ENSEMBLE + 'ensemble_scheduling { step { model_name: "pipeline" input_map { key: "x" value: "x" } '
    outer += 'output_map { key: "y" value: "y" } } }'
    ensemble(a=A.replace("-1, 8", "-1, 9"), outer=outer)
    assert [one.message[:10] for one in read(tmp_path / "outer").contradictions] == ["pipeline: "]
