"""What every junction must have and be: the spec it declares, its code and its reference agree."""

from __future__ import annotations

import doctest
import importlib
import inspect
import json
import re
import shlex

import pytest

from sigcheck.cli import run
from sigcheck.junctions import JUNCTIONS
from sigcheck.schema.junction import FAN_IN, FAN_OUT, MOST_PARTS, Junction
from sigcheck.schema.junction_text import parse_junction
from sigcheck.transforms import BY_NAME

# What only somebody can say, and no sizes show.
TOLD = {"constant", "range", "boxes", "broadcast", "scale_boxes", "serialize_examples", "parse_examples", "csv_columns"}
# A page alone: to share an output no step is needed.
PAGES = {"share"}
HEADINGS = ["## What it does", "## Example", "## What it loses or assumes"]


def test_every_entry_can_be_written():
    assert {*JUNCTIONS, *PAGES} == {*FAN_IN, *FAN_OUT}
    assert all(name == JUNCTIONS[name].NAME for name in JUNCTIONS)


@pytest.mark.parametrize("name", [*JUNCTIONS, *sorted(PAGES)])
def test_a_help_page_has_a_summary_its_headings_and_an_example_of_specs(name):
    page = inspect.getdoc(importlib.import_module(f"sigcheck.junctions.{'parts.' if name in PAGES else ''}{name}"))
    assert page.lower().startswith(f"{name.replace('_', ' ')}: ")
    assert re.findall(r"^## .*$", page, re.MULTILINE) == HEADINGS
    example = page.partition("## Example\n")[2].partition("##")[0]
    assert re.search(r"\w\[.*\].* -> .*\w\[.*\]", example)


# What the options in the examples of the pages are asked of: outputs, inputs, and facts that the pages tell in words.
ROWS = {"values": "int32[?]", "lengths": "int64[?]", "splits": "int64[?]", "rowids": "int64[?]", "rows": "int64[]"}
RAGGED = {"x": "ragged int32[?, None]"}
IMAGE_AXES = "producer.image.axes=batch,height,width,channel"
EXAMPLES = {
    "boxes": (
        dict.fromkeys(("ymin", "xmin", "ymax", "xmax"), "float32[?, 100]"),
        {"x": "float32[?, 100, 4]"},
        ["consumer.x.boxes=yxyx"],
    ),
    "broadcast": ({"user": "string[?]", "titles": "string[?, 3]"}, {"x": "string[?, 3]"}, []),
    "complex": (dict.fromkeys(("real", "imaginary"), "float32[?, 257]"), {"x": "complex64[?, 257]"}, []),
    "concat": ({"a": "float32[?, 3]", "b": "float32[?, 5]"}, {"x": "float32[?, 8]"}, []),
    "constant": ({"ids": "int64[?, ?]"}, {"ids": "int64[?, ?]", "x": "int32[?, ?]"}, []),
    "csv_columns": ({"line": "string[?]"}, {"age": "int64[?]", "fare": "float32[?]", "name": "string[?]"}, []),
    "parse_examples": (
        {"examples": "string[?]"},
        {"age": "float32[?, 3]", "ids": "ragged int64[?, None]"},
        [],
    ),
    "ragged_by_lengths": (ROWS, RAGGED, []),
    "ragged_by_row_splits": (ROWS, RAGGED, []),
    "ragged_by_value_rowids": (ROWS, RAGGED, []),
    "range": ({"boxes": "float32[?, 4]"}, {"x": "int32[?]"}, []),
    "scale_boxes": (
        {"boxes": "float32[?, 4]", "image": "uint8[?, ?, ?, 3]"},
        {"x": "float32[?, 4]"},
        ["producer.boxes.boxes=yxyx normalized", IMAGE_AXES, "consumer.x.boxes=yxyx pixels"],
    ),
    "serialize_examples": ({"age": "float32[?, 3]", "ids": "ragged int64[?, None]"}, {"examples": "string[?]"}, []),
    "share": ({"a": "float32[?, 8]"}, dict.fromkeys("xy", "float32[?, 8]"), []),
    "sparse_by_indices": (
        {"indices": "int64[?, 2]", "values": "int32[?]", "dense_shape": "int64[2]"},
        {"x": "sparse int32[?, ?]"},
        [],
    ),
    "split": ({"a": "float32[?, 8]"}, {"x": "float32[?, 3]", "y": "float32[?, 5]"}, []),
    "stack": (dict.fromkeys("ab", "float32[?, 8]"), {"x": "float32[?, 2, 8]"}, []),
    "unstack": ({"a": "float32[?, 2, 8]"}, dict.fromkeys("xy", "float32[?, 8]"), []),
}


@pytest.mark.parametrize("name", [*JUNCTIONS, *sorted(PAGES)])
def test_what_the_example_of_a_page_asks_for_is_what_is_planned(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    page = inspect.getdoc(importlib.import_module(f"sigcheck.junctions.{'parts.' if name in PAGES else ''}{name}"))
    example = page.partition("## Example\n")[2].partition("##")[0]
    asked = shlex.split(" ".join(re.findall(r"--(?:bind|const|fact) (?:'[^']*'|\S+)", example)))
    outputs, inputs, facts = EXAMPLES[name]
    for side, ends, file in (("outputs", outputs, "a.json"), ("inputs", inputs, "b.json")):
        (tmp_path / file).write_text(json.dumps({side: ends}))
    told = [word for fact in facts for word in ("--fact", fact)]
    code = run(["check", "a.json", "b.json", *asked, *told, "--verify", "typed", "--format", "json"])
    result = json.loads(capsys.readouterr().out)
    assert (code, [one for one in result["findings"] if one["level"] == "error"]) == (0, [])
    made = {one["provided"].partition("(")[0] for one in result["bindings"]}
    assert (name if name not in PAGES else "a") in made


@pytest.mark.parametrize("name", JUNCTIONS)
def test_the_examples_run(name):
    result = doctest.testmod(JUNCTIONS[name])
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", JUNCTIONS)
def test_a_cost_says_what_the_step_says(found, name):
    for case in found(name):
        for step in case.steps:
            loss = "rounding" if step.cost.rounding else "exact"
            assert (step.loss, step.assumption, step.cost.assumptions) == (loss, None, 0)
            assert (step.guard is None) == (step.cost.guards == 0), step
            assert step.cost.steps == 1
            assert type(step).model_validate(step.model_dump(mode="json")) == step


@pytest.mark.parametrize("name", sorted({*JUNCTIONS} - TOLD))
def test_what_a_junction_makes_is_a_way_to_it(found, name):
    for case in found(name):
        made = [step.result for step in case.steps]
        axis = case.steps[0].arguments.get("axis")
        assert axis in JUNCTIONS[name].ways(case.parts, made), case


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", JUNCTIONS)
def test_the_code_gives_the_declared_spec_and_the_values_of_the_reference(found, make_job, name, tmp_path, monkeypatch):
    from sigcheck.verification.prove import prove
    from sigcheck.verification.tensorflow_runner import TensorFlowRunner

    monkeypatch.chdir(tmp_path)
    cases = found(name)
    guarded, free = ([one for one in cases if bool(one.steps[0].guard) is has] for has in (True, False))
    # A guard that refuses stops all that run with it.
    for batch in filter(None, (free, *([one] for one in guarded))):
        proof = prove(make_job(batch), "executed", BY_NAME, TensorFlowRunner())
        assert [(failure, *map(str, batch)) for failure in proof.failures] == []
        assert (proof.level, proof.reason) == ("executed", None), batch


# What TensorFlow, or the guards beside it, refuse too: the guard is there for what overflows.
REPEATED = (
    "there are not as many lengths as rows",
    'tf.shape(outputs["a0_0"], tf.int64)[0], "a length is beyond',
    # What TensorFlow counts the rows with refuses it too, of most types.
    "a row number is negative",
    # Without it there is no memory for the rows.
    "the count of rows is too large",
)


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", JUNCTIONS)
def test_no_guard_of_the_code_can_be_left_out_unseen(found, make_job, name, tmp_path, monkeypatch):
    from sigcheck.verification.prove import prove
    from sigcheck.verification.tensorflow_runner import TensorFlowRunner

    monkeypatch.chdir(tmp_path)
    unseen = []
    for case in [one for one in found(name) if one.steps[0].guard]:
        job = make_job([case])
        lines = job.source.split("\n")
        for at, line in enumerate(lines):
            if "tf.debugging.assert" not in line or any(words in line for words in REPEATED):
                continue
            source = re.sub(
                r"(from_row_lengths\(.*)\)", r"\1, validate=False)", "\n".join(lines[:at] + lines[at + 1 :])
            )
            if not prove(job.model_copy(update={"source": source}), "executed", BY_NAME, TensorFlowRunner()).failures:
                unseen.append(f"{case.parts} {case.steps[0]}: {line.strip()}")
    assert unseen == [], "\n".join(unseen)


@pytest.mark.parametrize(
    "junction",
    [
        Junction(kind="concat", outputs=("a", "b"), axis=1),
        Junction(kind="stack", outputs=("a, b", 'say "x"', "c\\d", " e ", "axis=1"), axis=-2),
        Junction(kind="ragged_by_lengths", outputs=("model.values", "lengths:0")),
        Junction(kind="split", outputs=("a (1)",), axis=0),
        Junction(kind="constant", outputs=(), value=0),
        Junction(kind="constant", outputs=("a, b",), value='say "x", c'),
        Junction(kind="constant", outputs=("a",), value=False),
        Junction(kind="range", outputs=("a",), axis=0),
        Junction(kind="serialize_examples", outputs=("a", "b")),
        Junction(kind="serialize_examples", outputs=("a", "b, c"), names=("a", 'say "x"=y')),
        Junction(kind="parse_examples", outputs=("examples",)),
        Junction(kind="parse_examples", outputs=("examples",), names=("examples",)),
        Junction(kind="concat", outputs=tuple(map(str, range(MOST_PARTS))), axis=0),
    ],
    ids=str,
)
def test_what_is_written_is_read_again(junction):
    assert parse_junction(str(junction)) == junction
