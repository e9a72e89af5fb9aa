"""`A B -- C`: outputs of several models that are joined for one input, from the shell and in Python."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sigcheck import api
from sigcheck.schema.errors import UsageError
from tests.junctions.kinds import together

WORDS = '[inputs]\nids = "int32[?, 4]"\n[outputs]\nembedding = "float32[?, 3]"\nnorm = "float32[?]"\n'
IMAGE = '[inputs]\npixels = "uint8[?, 4]"\n[outputs]\nembedding = "float64[?, 5]"\n'
HEAD = '[inputs]\nfeatures = "float32[?, 8]"\n'
JOIN = ("--bind", "words.embedding=features", "--bind", "image.embedding=features")


@pytest.fixture
def towers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in (("words", WORDS), ("image", IMAGE), ("head", HEAD)):
        (tmp_path / f"{name}.toml").write_text(text)
    return ["words.toml", "image.toml"]


def test_names_that_clash_are_those_of_the_models(towers, sigcheck):
    code, out, _ = sigcheck("check", *towers, *JOIN, "--verify", "typed", "--", "head.toml")
    assert code == 0
    assert "plan of features from concat(words.embedding, image.embedding, axis=1)" in " ".join(out.split())
    turned = sigcheck("check", *towers, *JOIN[2:], *JOIN[:2], "--verify", "typed", "--", "head.toml")[1]
    assert "concat(image.embedding, words.embedding, axis=1)" in " ".join(turned.split())
    named = "concat(words.embedding, image.embedding, axis=-1)=features"
    assert sigcheck("check", *towers, "--bind", named, "--verify", "typed", "--", "head.toml")[1] == out


def test_python_says_the_same(towers):
    bind = {"words.embedding": "features", "image.embedding": "features"}
    report = api.check(towers, "head.toml", bind=bind, verify="typed")
    (binding,) = report.bindings
    assert binding.provided == "concat(words.embedding, image.embedding, axis=1)"
    assert [str(step) for step in binding.steps] == ["cast(dtype=float32)", "concat(axis=1)"]
    assert report.draft.match.unused[0].name == "norm"


def test_a_name_without_its_model_is_refused_with_the_names_there_are(towers, sigcheck):
    options = ("--bind", "embedding=features", "--bind", "image.embedding=features")
    code, _, err = sigcheck("check", *towers, *options, "--", "head.toml")
    assert code == 2
    assert err.startswith("sigcheck: bind embedding=features: the producer has no output 'embedding'; ")
    assert "words.embedding" in err
    with pytest.raises(UsageError, match=r"no output 'embedding'"):
        api.check(towers, "head.toml", bind={"concat(embedding, image.embedding, axis=1)": "features"})


def test_what_is_not_bound_is_suggested_across_models(towers, sigcheck):
    code, out, _ = sigcheck("check", *towers, "--verify", "typed", "--", "head.toml", "--format", "json")
    findings = {one["rule"]: one for one in json.loads(out)["findings"]}
    assert code
    assert "concat(words.embedding, image.embedding, axis=1)=features" in findings["outputs_together"]["help"]


def test_an_example_and_a_policy_hold_for_them_too(towers, tmp_path, sigcheck):
    one, other = np.ones((2, 3), np.float32), np.zeros((2, 5))
    arrays = {"provided.words.embedding": one, "provided.image.embedding": other}
    for sides, code in (((one, other), 0), ((other, one), 2)):
        np.savez(tmp_path / "pair.npz", **arrays, **{"required.features": np.concatenate(sides, 1, dtype=np.float32)})
        told = sigcheck("check", *towers, *JOIN, "--verify", "typed", "--example", "pair.npz", "--", "head.toml")
        assert told[0] == code
        assert len(told[2].splitlines()) == (code == 2)
    code, out, _ = sigcheck("check", *towers, *JOIN, "--verify", "typed", "--deny", "concat", "--", "head.toml")
    assert code == 1
    assert "the policy denies concat" in " ".join(out.split())
    assert "leave out --deny concat" in out


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("check -- head.toml", "check: too few arguments, expected `sigcheck check PRODUCER... CONSUMER`."),
        ("adapt -- head.toml", "adapt: expected PRODUCER and CONSUMER. Name both, or write --all."),
        ("adapt words.toml", "adapt: one source, expected a producer and a consumer. Name both."),
        ("adapt words.toml --", "--: found 'nothing', expected one consumer. Name it there."),
        ("adapt words.toml image.toml -- head.toml x", "--: found 'head.toml x', expected one consumer."),
        ("adapt words.toml image.toml head.toml", "adapt: 3 sources, each of which feeds the next, expected one link."),
        ("adapt --all words.toml", "adapt: words.toml does not go with --all"),
    ],
)
def test_a_side_that_is_missing_is_one_line(towers, sigcheck, command, problem):
    code, out, err = sigcheck(*command.split())
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert err.startswith(f"sigcheck: {problem}")


@pytest.mark.tensorflow
def test_the_models_are_run_and_the_certificate_repeats_it(tmp_path, monkeypatch, sigcheck):
    import keras

    monkeypatch.chdir(tmp_path)
    for name, size, given in (("words", 3, 4), ("image", 5, 6)):
        value = keras.Input((given,), name=f"{name}_in")
        keras.Model(value, keras.layers.Dense(size, name="embedding")(value)).save(f"{name}.keras")
    features = keras.Input((8,), name="features")
    keras.Model(features, keras.layers.Dense(2, name="score")(features)).save("head.keras")
    names = ["words.embedding", "image.embedding"]
    binds = [option for name in names for option in ("--bind", f"{name}=features")]
    command = ("adapt", "words.keras", "image.keras", *binds, "--run-models", "-o", "join.py", "--", "head.keras")
    code, _, err = sigcheck(*command)
    assert code == 0, err
    assert "verified: end_to_end" in Path("join.py").read_text()
    certificate = json.loads(Path("join.certificate.json").read_text())
    assert [side["source"] for side in certificate["producers"]] == ["words.keras", "image.keras"]
    assert certificate["bind"] == dict.fromkeys(names, "features")
    assert certificate["level"] == "end_to_end"
    code, out, _ = sigcheck("verify", "join.py", "--run-models")
    assert code == 0, out
    # Another order is another adapter, whose shapes fit as well.
    text = Path("join.py").read_text()
    turned = text.replace('[outputs["words.embedding"], outputs["image.embedding"]]', "[B, A]")
    assert turned != text
    turned = turned.replace("[B, A]", '[outputs["image.embedding"], outputs["words.embedding"]]')
    Path("join.py").write_text(turned)
    code, out, _ = sigcheck("verify", "join.py", "--run-models", "--run-adapter")
    assert code == 1
    assert "edited since it was certified" in out


@pytest.mark.tensorflow
def test_the_certificate_of_each_kind_of_junction_is_repeated(tmp_path, monkeypatch, sigcheck):
    monkeypatch.chdir(tmp_path)
    kind = together()
    give, take = kind.write(tmp_path)
    code, _, err = sigcheck("adapt", give, take, *kind.options(), "-o", "adapter.py")
    assert code == 0, err
    certificate = json.loads(Path("adapter.certificate.json").read_text())
    assert certificate["level"] == "executed"
    assert certificate["bind"] == kind.bind
    code, out, _ = sigcheck("verify", "adapter.py")
    assert code == 0, out
    text = Path("adapter.py").read_text()
    swapped = text.replace('tf.stack([outputs["s2"], outputs["s1"]]', 'tf.stack([outputs["s1"], outputs["s2"]]')
    assert swapped != text
    Path("adapter.py").write_text(swapped)
    code, out, _ = sigcheck("verify", "adapter.py", "--run-adapter")
    assert code == 1
    assert "s: " in out


def test_no_folder_is_named_in_an_adapter_whatever_it_is_called(towers, sigcheck, tmp_path):
    mine = tmp_path / "mine + ours"
    mine.mkdir()
    for name in towers:
        (tmp_path / name).rename(mine / name)
    several = [f"mine + ours/{name}" for name in towers]
    code, out, _ = sigcheck("adapt", *several, *JOIN, "--verify", "typed", "--quiet", "--", "head.toml")
    assert (code, out.splitlines()[0].partition(" Written")[0]) == (
        0,
        '"""Adapter: words.toml#default + image.toml#default -> head.toml#default.',
    )
    (mine / "one.toml").write_text('[outputs]\ny = "float32[?, 4, 2]"\n')
    code, out, _ = sigcheck("adapt", "mine + ours/one.toml", "head.toml", "--verify", "typed", "--quiet")
    assert (code, out.splitlines()[0].partition(" Written")[0]) == (
        0,
        '"""Adapter: one.toml#default -> head.toml#default.',
    )


def test_each_producer_is_a_box_of_its_own(towers, sigcheck):
    arguments = ("check", *towers, *JOIN, "--verify", "typed", "--format", "mermaid", "--", "head.toml")
    lines = sigcheck(*arguments)[1].splitlines()
    boxes = ("words", "head", "image")
    assert lines[1:4] == [f'  m{at}["{name}.toml#35;default"]' for at, name in enumerate(boxes)]
    assert [line for line in lines if "-->" in line] == [
        '  m0 -->|"embedding to features: adapts"| m1',
        '  m2 -->|"embedding to features: adapts"| m1',
    ]
    drawn = sigcheck(*arguments[:-3], "dot", "--", "head.toml")[1]
    assert "norm: float32[?]" in drawn.partition("m1 [label")[0]


def test_an_input_of_one_of_them_is_drawn_at_its_box(towers, sigcheck, tmp_path):
    (tmp_path / "head.toml").write_text('[inputs]\nfeatures = "float32[?, 8]"\nids = "int32[?, 4]"\n')
    arguments = ("check", *towers, *JOIN, "--bind", "input.words.ids=ids", "--verify", "typed", "--format", "mermaid")
    lines = sigcheck(*arguments, "--", "head.toml")[1].splitlines()
    assert '  m0 -->|"input.ids to ids: fits"| m1' in lines
