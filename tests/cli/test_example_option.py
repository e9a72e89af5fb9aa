"""`--example`: a pair of arrays decides where plans tie."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tests.junctions.kinds import Kind


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


def test_the_certificate_repeats_what_the_example_decided(tied, tmp_path, sigcheck, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pair = save_pair(tmp_path / "pair.npz", (0, 3, 1, 2))
    assert sigcheck("adapt", *tied, "--verify", "typed", "--example", pair, "-q", "-o", "adapter.py")[0] == 0
    certificate = json.loads((tmp_path / "adapter.certificate.json").read_text())
    assert certificate["plans"] == {"x": "transpose(perm=[0, 3, 1, 2])"}
    (tmp_path / "pair.npz").unlink()
    assert sigcheck("verify", "adapter.py")[0] == 0
    # Without what was decided the plans tie, and nothing holds.
    (tmp_path / "adapter.certificate.json").write_text(json.dumps(certificate | {"plans": {}}))
    code, out, _ = sigcheck("verify", "adapter.py")
    assert code == 1
    assert "they no longer fit: undecided" in out
    (tmp_path / "adapter.certificate.json").write_text(json.dumps(certificate | {"plans": {"x": "no such steps"}}))
    assert sigcheck("verify", "adapter.py")[0] == 1


@pytest.mark.parametrize(
    ("outputs", "inputs", "bind", "required", "pinned"),
    [
        (
            {"a": "float32[?, 2]", "b": "float32[?, 2]"},
            {"x": "float32[?, 2, 2]"},
            ["b=x", "a=x"],
            lambda given: {"x": np.stack([given["b"], given["a"]], 2)},
            {"stack(b, a, axis=2)": "x"},
        ),
        (
            {"a": "float32[?, 2, 2]"},
            {"x": "float32[?, 2]", "y": "float32[?, 2]"},
            ["a=y", "a=x"],
            lambda given: {"y": given["a"][:, 0], "x": given["a"][:, 1]},
            {"unstack(a, axis=1)": ["y", "x"]},
        ),
        (
            {"a": "float32[?, 2, 2]"},
            {"x": "float32[?, 2]", "y": "float32[?, 2]"},
            ["a=y", "a=x"],
            lambda given: dict.fromkeys("xy", given["a"].reshape(-1, 2)),
            {"share(a)": ["y", "x"]},
        ),
    ],
)
def test_the_certificate_names_the_way_that_the_example_decided(
    tmp_path, sigcheck, monkeypatch, outputs, inputs, bind, required, pinned
):
    monkeypatch.chdir(tmp_path)
    kind = Kind(outputs, inputs, {}, {}, ())
    give, take = kind.write(tmp_path)
    given = kind.given(4)
    arrays = {f"provided.{name}": value for name, value in given.items()}
    np.savez("pair.npz", **arrays, **{f"required.{name}": value for name, value in required(given).items()})
    told = [option for pair in bind for option in ("--bind", pair)]
    assert sigcheck("check", give, take, *told, "--verify", "typed")[0] == 2
    code, _, err = sigcheck(
        "adapt", give, take, *told, "--verify", "typed", "--example", "pair.npz", "-o", "adapter.py"
    )
    assert code == 0, err
    assert json.loads((tmp_path / "adapter.certificate.json").read_text())["bind"] == pinned
    (tmp_path / "pair.npz").unlink()
    code, out, _ = sigcheck("verify", "adapter.py")
    assert code == 0, out
