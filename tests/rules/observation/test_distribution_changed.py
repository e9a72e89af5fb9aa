from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sigcheck
from sigcheck.rules.observation import distribution_changed
from sigcheck.rules.views.observations import ObservationsView
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.observation import NumbersObserved, TensorObserved, TextsObserved


def seen(values, **options):
    return sigcheck.observe([{"x": values}], **options).tensors[0]


def told(old, new):
    return [one.message for one in distribution_changed.find(ObservationsView(old, new))]


RANDOM = np.random.default_rng(0)
NORMAL = RANDOM.normal(size=5000).astype(np.float32)


@given(st.integers(0, 2**32), st.sampled_from([30, 300, 3000]), st.sampled_from(["normal", "poisson", "few"]))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_two_draws_of_one_distribution_are_silent(seed, count, kind):
    random = np.random.default_rng(seed)
    draw = {
        "normal": lambda: np.clip(random.normal(size=count), -3, 3).astype(np.float32),
        "poisson": lambda: np.minimum(random.poisson(3, count), 6).astype(np.int64),
        "few": lambda: random.integers(0, 3, count).astype(np.int32),
    }[kind]
    old, new = (
        seen(np.append(draw(), [-3, 6]).astype(draw().dtype)),
        seen(np.append(draw(), [-3, 6]).astype(draw().dtype)),
    )
    assert [one for one in told(old, new) if "quantiles" in one or "mean" in one] == []


def test_a_shift_a_stretch_and_other_ends():
    (moved,) = told(seen(NORMAL), seen(NORMAL + 1))
    assert "the mean is 0.99" in moved
    assert "quantiles differ" in moved
    (wider,) = told(seen(NORMAL), seen(NORMAL * 4))
    assert "values in" in wider
    assert "the mean" not in wider
    (scaled,) = told(seen(np.float32([0, 100, 255])), seen(np.float32([0, 0.5, 1])))
    assert "values are not all whole any more" in scaled


def test_missing_nan_and_zeros():
    holes = NORMAL.copy()
    holes[:1000] = np.nan
    assert told(seen(NORMAL), seen(holes)) == ["20.0% NaN, and were 0.0%"]
    holes[:1000] = 0
    assert "20.0% zeros, and were 0.0%" in told(seen(NORMAL), seen(holes))[0]


def test_lengths_texts_and_distributions():
    short, long = (np.where(np.arange(20) < n + (np.arange(100) % 2)[:, None], 5, 0) for n in (4, 15))
    assert "lengths of rows differ" in told(seen(short), seen(long))[0]
    rows = short * np.arange(1, 21)
    assert told(seen(rows), seen(rows[:, ::-1].copy())) == [
        "rows are filled with 0 at the begin, and were with 0 at the end"
    ]
    jpeg, text = np.array([b"\xff\xd8\xff"] * 50, object), np.array([b"abc"] * 50, object)
    assert "100.0% strings like utf-8, and were 0.0%" in told(seen(jpeg), seen(text))[0]
    shares = np.full((50, 4), 0.25, np.float32)
    assert "rows do not sum to one any more" in told(seen(shares), seen(shares * 2))[0]


def test_counts_of_entries():
    few, many = (seen(NORMAL).model_copy(update={"entries": ((count, 5000),)}) for count in (3, 9))
    assert told(few, few) == []
    assert told(few, many) == ["counts of entries differ: the shares of the rows up to one of them by 100%"]


def test_another_spec_and_what_is_gone_or_new():
    assert told(seen(NORMAL), seen(NORMAL.astype(np.float64))) == ["it is float64[?], and was float32[?]"]
    assert told(seen(NORMAL), None) == ["the data has it no more"]
    assert told(None, seen(NORMAL)) == ["the data has it now, and had not"]
    assert "sizes of axis 1 from 5 to 5" in told(seen(np.ones((9, 4))), seen(np.ones((9, 5))))[0]


@pytest.fixture
def observed(tmp_path, capsys):
    from sigcheck.cli import run

    def write(name, values):
        np.save(tmp_path / f"{name}.npy", values)
        assert run(["observe", str(tmp_path / f"{name}.npy"), "--name", "x", "--format", "json"]) == 0
        (tmp_path / f"{name}.json").write_text(capsys.readouterr().out)
        return str(tmp_path / f"{name}.json")

    return write


def test_two_files_are_compared_on_the_command_line(observed, capsys):
    from sigcheck.cli import run

    old, same, new = observed("old", NORMAL), observed("same", NORMAL), observed("new", NORMAL + 2)
    assert run(["diff", old, same, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"] == []
    assert run(["diff", old, new]) == 0
    assert "warning[distribution_changed]" in capsys.readouterr().out


def test_a_broken_observation_is_one_line(observed, tmp_path, capsys):
    from sigcheck.cli import run

    (tmp_path / "bad.json").write_text('{"files": [], "tensors": [3]}')
    assert run(["diff", observed("old", NORMAL), str(tmp_path / "bad.json")]) == 2
    assert "no observation, expected" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("place", "value"), [("quantiles", [[0.5, "nan"]]), ("count", -1), ("nan", 10**30), ("zeros", -(2**63))]
)
def test_numbers_that_no_data_has_are_no_observation(observed, capsys, place, value):
    from sigcheck.cli import run

    old, edited = observed("old", NORMAL), observed("edited", NORMAL)
    written = json.loads(Path(edited).read_text())
    written["tensors"][0]["numbers"][place] = value
    Path(edited).write_text(json.dumps(written))
    assert run(["diff", old, edited]) == 2
    assert "no observation, expected" in capsys.readouterr().err


def test_more_of_one_than_of_all_and_rows_of_no_length_are_compared():
    texts = TextsObserved(count=3, least_bytes=1, greatest_bytes=2, forms={"jpeg": 9})
    numbers = NumbersObserved(count=3, nan=5, infinite=4, least=0.0, greatest=1.0, mean=0.5, std=0.0)
    spec = parse_spec("float32[?]")
    edited = TensorObserved(name="x", spec=spec, rows=40, numbers=numbers, texts=texts, lengths=((1, 0),))
    assert told(edited, edited) == []
    assert told(edited, edited.model_copy(update={"missing": 40}))


WHOLE = [str(at % 50) for at in range(1000)]


@pytest.mark.parametrize("last", ["", "7.5"])
def test_numbers_of_text_have_no_dtype_that_changes(tmp_path, capsys, last):
    """One cell in a thousand that lacks makes float64 of int64, which is no other distribution."""
    from sigcheck.cli import run

    for name, cells in (("old", WHOLE), ("new", [*WHOLE, last])):
        (tmp_path / f"{name}.csv").write_text("\n".join(["x,t", *(f"{cell},a" for cell in cells)]))
        assert run(["observe", str(tmp_path / f"{name}.csv"), "--format", "json"]) == 0
        (tmp_path / f"{name}.json").write_text(capsys.readouterr().out)
    run(["diff", str(tmp_path / "old.json"), str(tmp_path / "new.json"), "--format", "json"])
    messages = [one["message"] for one in json.loads(capsys.readouterr().out)["findings"]]
    assert messages == (["values are not all whole any more"] if last else [])


def test_another_dtype_of_arrays_is_told():
    assert told(seen(np.arange(9)), seen(np.arange(9.0))) == ["it is float64[?], and was int64[?]"]
