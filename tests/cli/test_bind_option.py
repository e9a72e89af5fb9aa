"""`--bind` under odd names and odd text: exit code 2 and one line each, or the outputs that are meant."""

from __future__ import annotations

import json

import pytest

from sigcheck import api
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy

# As models may call them: like a junction, with what separates names, with spaces, quotes and backslashes.
ODD = ["a", "concat(a, b)", "a=b", "a,b", 'q"q', "sp ace", " lead", "back\\", "axis=1", "x)"]


@pytest.fixture
def odd(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, end, ends in (("give", "outputs", [*ODD, "b"]), ("take", "inputs", ["x"])):
        spec = parse_spec("float32[?, 3]" if end == "outputs" else "float32[?, 6]")
        told = [{"name": one, "dtype": spec.dtype, "shape": list(spec.shape)} for one in ends]
        signature = {"key": "k", "inputs": [], "outputs": [], end: told}
        text = {"schema_version": 1, "source": name, "reader": "signature", "signatures": [signature]}
        (tmp_path / f"{name}.json").write_text(json.dumps(text))
    return "give.json", "take.json", "--verify", "typed", "--format", "json"


@pytest.mark.parametrize("name", ODD[1:])
def test_every_name_can_be_joined_in_quotes(odd, sigcheck, name):
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    code, out, _ = sigcheck("check", *odd, "--bind", f'concat("b", "{quoted}", axis=1)=x')
    assert code == 0
    (binding,) = json.loads(out)["bindings"]
    assert [part["provided"] for part in binding["parts"]] == ["b", name]
    # What the report calls it says the same once more.
    again = sigcheck("check", *odd, "--bind", f"{binding['provided']}=x")[1]
    assert json.loads(again)["bindings"] == [binding]


def test_a_name_with_an_equals_sign_is_bound_as_shared(odd, sigcheck):
    code, out, _ = sigcheck("check", *odd, "--bind", 'share("a=b")=x', "--pad-value", "0")
    assert json.loads(out)["bindings"][0]["provided"] == "a=b"
    assert code in {0, 1}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("concat(a, b, axis=1", "begins as a junction and is not written as one"),
        ("CONCAT(a, b, axis=1)=x", "begins as a junction and is not written as one"),
        ("concat(a, b, axis=1)", "expected OUT=IN"),
        ("concat(a, b, axis=1)=", "expected OUT=IN"),
        ("concat(a, nothing, axis=1)=x", "the producer has no output 'nothing'"),
        ("concat( lead, b, axis=1)=x", "did you mean ' lead'?"),
        ('concat(q"q, b, axis=1)=x', "Quote odd ones."),
        ("concat(concat(a, b), b, axis=1)=x", "Quote odd ones."),
        ("concat(\x1b[2J, b, axis=1)=x", "no output '\\x1b[2J'"),
        ("a\nb=x", "no output 'a\\nb'"),
        ("concat(" + "a" * 10_000 + ", b, axis=1)=x", "the producer has no output 'aaa"),
        ("concat(" + "a," * 5000 + "axis=1)=x", "5000 outputs, expected concat(a, b, axis=1)"),
        ("(" * 10_000, "expected OUT=IN"),
        ("=", "expected OUT=IN"),
        ("", "expected OUT=IN"),
        ("a=b=x", "the consumer has no input 'b=x'"),
    ],
)
def test_what_cannot_be_read_is_one_line(odd, sigcheck, text, problem):
    code, out, err = sigcheck("check", *odd, "--bind", text)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert problem in err
    assert "\x1b" not in err
    assert len(err) < 600


def test_facts_of_what_is_joined_stand_at_its_parts(odd, sigcheck):
    told = ("--fact", 'producer.concat("a", "b", axis=1).range=0,1')
    code, _, err = sigcheck("check", *odd, *told, "--bind", "concat(a, b, axis=1)=x")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "the producer has no output" in err
    parts = ("--fact", "producer.a.range=0,255", "--fact", "producer.b.range=0,1", "--fact", "consumer.x.range=0,1")
    code, out, _ = sigcheck("check", *odd, *parts, "--bind", "concat(a, b, axis=1)=x")
    (binding,) = json.loads(out)["bindings"]
    assert code == 0
    assert [[step["transform"] for step in part["plan"]["steps"]] for part in binding["parts"]] == [["scale"], []]
    assert binding["provided_spec"]["facts"]["range"] == [0.0, 1.0]


def test_a_policy_of_python_has_no_unknown_names_either():
    ends = ({"a": "float32[?, 3]"}, {"x": "float32[?, 3]"})
    for field, name in (("deny", "concta"), ("deny", "trunctate"), ("allow", "concat")):
        with pytest.raises(UsageError, match=f"policy.{field}: no transform '{name}'"):
            api.check(*ends, policy=Policy(**{field: (name,)}), verify="typed")
    assert api.check(*ends, policy=Policy(deny=("concat", "cast")), verify="typed").verdict == "fits"


def test_a_constant_is_fed_in_the_batch_of_the_others(sigcheck, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.toml").write_text('[outputs]\nids = "int32[?, 8]"\n')
    (tmp_path / "b.toml").write_text('[inputs]\nids = "int32[?, 8]"\ntypes = "int32[?, 8]"\ntraining = "bool[]"\n')
    options = ("--const", "types=0", "--const", "training=false")
    code, out, _ = sigcheck("adapt", "a.toml", "b.toml", *options, "--verify", "typed")
    assert code == 0
    assert 'tf.fill([tf.shape(outputs["ids"])[0], 8], tf.constant(0, tf.int32))' in out
    assert "tf.constant(False, tf.bool)" in out


def test_a_constant_is_written_as_a_pair(sigcheck, folder):
    for text in ("x", "=1", "x=[1]", "x=NaN"):
        code, _, err = sigcheck("check", "encoder", "classifier.keras", "--const", text)
        assert code == 2, text
        assert len(err.splitlines()) == 1, text
    code, _, err = sigcheck("check", "encoder", "classifier.keras", "--const", "x=1", "--const", "x=2")
    assert (code, "stands twice" in err) == (2, True)
