"""`--example`: a pair of arrays decides where plans tie."""

from __future__ import annotations

import json

import numpy as np
import pytest


@pytest.fixture
def tied(tmp_path):
    """Two sides between which a guard and a transpose tie."""
    files = []
    for name, end, shape in (("up", "outputs", [None, None, None, 3]), ("down", "inputs", [None, 3, None, None])):
        one = {"key": "k", "inputs": [], "outputs": [], end: [{"name": "x", "dtype": "float32", "shape": shape}]}
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps({"schema_version": 1, "source": name, "reader": "signature", "signatures": [one]}))
        files.append(str(path))
    return files


def save_pair(path, order):
    value = np.arange(2 * 5 * 4 * 3, dtype=np.float32).reshape(2, 5, 4, 3)
    np.savez(path, provided=value, required=value.transpose(order))
    return str(path)


def test_the_example_decides(tied, tmp_path, sigcheck):
    assert sigcheck("check", *tied, "--verify", "typed")[0] == 2
    pair = save_pair(tmp_path / "pair.npz", (0, 3, 1, 2))
    code, out, _ = sigcheck("check", *tied, "--verify", "typed", "--example", pair)
    assert code == 0
    assert "transpose(perm=[0, 3, 1, 2])" in out


def test_an_example_that_no_plan_makes_is_refused(tied, tmp_path, sigcheck):
    path = tmp_path / "pair.npz"
    np.savez(path, provided=np.zeros((1, 2, 2, 3), np.float32), required=np.ones((1, 3, 2, 2), np.float32))
    code, _, err = sigcheck("check", *tied, "--verify", "typed", "--example", str(path))
    assert code == 2
    assert len(err.strip().splitlines()) == 1


def test_a_file_that_is_no_example_is_refused(tied, tmp_path, sigcheck):
    path = tmp_path / "pair.npz"
    path.write_text("no zip")
    code, _, err = sigcheck("check", *tied, "--example", str(path))
    assert code == 2
    assert "no .npz file" in err


def test_a_chain_takes_no_example(tied, tmp_path, sigcheck):
    pair = save_pair(tmp_path / "pair.npz", (0, 3, 1, 2))
    code, _, err = sigcheck("check", *tied, tied[1], "--example", pair)
    assert code == 2
    assert "--example: a chain of links" in err
