from __future__ import annotations

import ast
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest

from sigcheck.adapters.numpy_source import write_numpy
from sigcheck.schema.errors import UsageError
from sigcheck.schema.report import Side
from sigcheck.transforms import BY_NAME
from sigcheck.transforms.parts.array import RaggedArray
from sigcheck.verification.comparison import find_difference

SIDE = Side(source="a", reader="signature", key="k")

# What has no arrays in NumPy is said by a plan that ends in one, or begins with one.


def rows(value):
    """A ragged value as nested lists of rows, as clients have them."""
    if not isinstance(value, RaggedArray):
        return value
    nested = list(value.values)
    for splits in reversed(value.row_splits):
        nested = [nested[start:stop] for start, stop in pairwise(splits)]
    return nested


@pytest.mark.filterwarnings("ignore:invalid value|divide by zero|overflow:RuntimeWarning")
@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_each_step_gives_what_its_reference_gives(name, steps_of, expectations):
    compared = refused = 0
    for binding in steps_of(name):
        try:
            source = write_numpy(SIDE, SIDE, [binding])
        except UsageError:
            refused += 1
            continue
        module = {}
        exec(source, module)
        for value, expected, allowed in expectations(binding):
            compared += 1
            if expected is None:
                with pytest.raises(ValueError):
                    module["adapt"]({"a": rows(value)})
                continue
            found = module["adapt"]({"a": rows(value)})["x"]
            assert find_difference(expected, found, allowed) is None, source
    if getattr(BY_NAME[name], "HAS_NUMPY", True):
        assert compared
    else:
        assert refused


def test_the_text_is_plain_and_the_same_everywhere(report):
    found = report(
        {"pixels": ("uint8[?, 8, 8, 3]", {"range": [0, 255], "axes": ["batch", "height", "width", "channel"]})},
        {"x": ("float32[?, 3, 8, 8]", {"range": [0, 1], "axes": ["batch", "channel", "height", "width"]})},
    )
    lines = found.adapter.to_numpy().source.splitlines()
    assert lines[0] == '"""Adapter in NumPy: signature#give -> signature#take. Written by `sigcheck adapt`.'
    assert lines[-6:] == [
        "def adapt(outputs):",
        '    x = np.asarray(outputs["pixels"], np.uint8)',
        "    x = x.transpose([0, 3, 1, 2])",
        '    x = x.astype(np.float32, order="C")',
        "    x /= 255.0",
        '    return {"x": x}',
    ]


def test_rows_become_an_array_without_tensorflow(report, tmp_path):
    found = report(
        {"tokens": "ragged int32[?, None]"}, {"tokens": ("int32[?, 4]", {"padding": {"value": 9, "side": "pre"}})}
    )
    path = tmp_path / "adapter.py"
    path.write_text(found.adapter.to_numpy().source)
    program = (
        "import sys; sys.path.insert(0, '.'); import adapter; "
        "print(adapter.adapt({'tokens': [[1, 2], [], [3, 4, 5, 6]]})['tokens'].tolist()); "
        "print([name for name in ('tensorflow', 'sigcheck', 'keras') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "[[9, 9, 1, 2], [9, 9, 9, 9], [3, 4, 5, 6]]\n[]\n", done.stderr


def test_a_row_that_is_too_long_is_refused(report):
    adapter = report(
        {"tokens": "ragged int32[?, None]"}, {"tokens": ("int32[?, 4]", {"padding": {"value": 0}})}
    ).adapter.to_numpy()
    with pytest.raises(ValueError, match="a row is longer than 4"):
        adapter({"tokens": [[1, 2, 3, 4, 5]]})


def test_several_inputs_keep_their_names_whatever_they_are(report):
    hostile = 'x"; import os  # \\'
    found = report(
        {"a": "float32[?, 3]", hostile: "int64[?]"},
        {"np": "float64[?, 3]", hostile: "int64[?]"},
        bind={"a": "np", hostile: hostile},
    )
    adapter = found.adapter.to_numpy()
    result = adapter({"a": np.ones([2, 3], np.float32), hostile: [1, 2]})
    assert list(result) == ["np", hostile]
    assert result["np"].dtype == np.float64
    assert result[hostile].tolist() == [1, 2]
    assert [node.names[0].name for node in ast.walk(ast.parse(adapter.source)) if isinstance(node, ast.Import)] == [
        "numpy"
    ]


@pytest.mark.parametrize("text", ["", "[PAD]", "é", "int32", "it's"])
def test_texts_that_fill_rows_are_bytes_whatever_they_say(report, text):
    filled = {"padding": {"value": text}}
    adapter = report({"a": "string[?, 1]"}, {"x": ("string[?, 2]", filled)}).adapter.to_numpy()
    assert adapter({"a": [["a"]]})["x"].tolist() == [["a", text.encode()]]


def test_rows_are_filled_with_nan(report):
    old, new = {"padding": {"value": 0}}, {"padding": {"value": float("nan")}}
    adapter = report({"a": ("float32[?, 3]", old)}, {"x": ("float32[?, 3]", new)}).adapter.to_numpy()
    np.testing.assert_array_equal(adapter({"a": [[0, 2, 0]]})["x"], [[0, 2, np.nan]])


def test_whole_numbers_are_compared_as_they_are(report):
    """In double precision these two would be one."""
    found = report(
        {"a": ("int64[?, 2]", {"meaning": "logits"})},
        {"x": ("int64[?]", {"meaning": "class_ids"})},
        policy={"loss": "irreversible"},
    )
    assert found.adapter.to_numpy()({"a": [[2**62, 2**62 + 1]]})["x"].tolist() == [1]


@pytest.mark.parametrize(
    ("provided", "required", "problem"),
    [
        ("bfloat16[?, 3]", "float32[?, 3]", "x: NumPy has no dtype bfloat16, expected"),
        ("ragged float64[?, None]", "ragged float32[?, None]", "x: NumPy has no ragged arrays"),
        ("sparse float64[?, 3]", "sparse float32[?, 3]", "x: NumPy has no arrays for sparse"),
    ],
)
def test_what_numpy_cannot_say_is_refused(report, provided, required, problem):
    with pytest.raises(UsageError, match=problem):
        report({"a": provided}, {"x": required}).adapter.to_numpy()


def test_rows_are_filled_with_what_is_no_number(report):
    found = report(
        {"steps": "ragged float32[?, None]"}, {"x": ("float32[?, 3]", {"padding": {"value": "nan", "side": "post"}})}
    )
    made = found.adapter.to_numpy()({"steps": [[1.0], [2.0, 3.0, 4.0]]})
    np.testing.assert_array_equal(made["x"], np.float32([[1, np.nan, np.nan], [2, 3, 4]]))


def test_a_resize_in_numpy_gives_the_bits_of_tensorflow(report):
    named = {"axes": ["batch", "height", "width", "channel"]}
    random = np.random.default_rng(0)
    for size in ("5, 9", "31, 17"):
        adapter = report(
            {"x": ("float32[?, 13, 11, 3]", named)},
            {"x": (f"float32[?, {size}, 3]", named)},
            policy={"loss": "truncating", "allow": ("resize",)},
        ).adapter
        pictures = random.uniform(0, 255, (2, 13, 11, 3)).astype(np.float32)
        assert np.array_equal(adapter.to_numpy()(pictures), adapter(pictures))
