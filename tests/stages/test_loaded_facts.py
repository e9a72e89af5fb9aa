"""What the graph in a file shows holds of the model that was loaded from it."""

from __future__ import annotations

import pytest

import sigcheck
from sigcheck.schema.constraint import Constraint
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Signature
from sigcheck.stages.loaded_facts import with_facts

IDS = Inferred(name="id_count", value=50, reason="a table", tier="proved")


def end(name, spec, sizes=None, **more):
    return Endpoint(name=name, spec=parse_spec(spec), sizes=sizes, **more)


def model(inputs, outputs=(), key="default", **more):
    signature = Signature(key=key, inputs=tuple(inputs), outputs=tuple(outputs), **more)
    return Model(source="m", reader="r", signatures=(signature,))


@pytest.mark.parametrize(
    ("loaded", "static", "is_told"),
    [
        ("int32[?, 6]", "int32[?, 6]", True),
        ("int32[?, 6]", "int32[?, ?]", True),
        ("int32[?, ?]", "int32[?, 6]", True),
        ("int32[?, 6]", "unknown[*]", True),
        ("int32[?, 6]", "int32[?, 7]", False),
        ("int32[?, 6]", "int32[?]", False),
        ("int32[?, 6]", "int64[?, 6]", False),
        ("ragged int32[?, None]", "int32[?, ?]", False),
        ("int32[*]", "int32[?, 6]", False),
    ],
)
def test_what_both_agree_on_is_told(loaded, static, is_told):
    found = with_facts(model([end("x", loaded)]), model([end("x", static, inferred=(IDS,))]))
    assert found.signatures[0].inputs[0].inferred == ((IDS,) if is_told else ())
    assert str(found.signatures[0].inputs[0].spec) == loaded


def test_other_names_and_keys_are_others():
    static = model([end("x", "int32[?]", inferred=(IDS,))])
    assert with_facts(model([end("y", "int32[?]")]), static).signatures[0].inputs[0].inferred == ()
    assert with_facts(model([end("x", "int32[?]")], key="other"), static).signatures[0].inputs[0].inferred == ()


@pytest.mark.parametrize(("second", "is_held"), [("float32[?, ?]", True), ("float32[?, 4]", False)])
def test_what_must_hold_is_told_where_all_inputs_are_the_same(second, is_held):
    held = Constraint(holds="h % 4 == 0")
    static = model(
        [end("x", "float32[?, ?]", ("n", "h")), end("y", "float32[?, ?]", ("n", "w"))],
        [end("z", "float32[?, ?]", ("n", "h"))],
        constraints=(held,),
    )
    loaded = model([end("x", "float32[?, ?]"), end("y", second)], [end("z", "float32[?, 8]")])
    (found,) = with_facts(loaded, static).signatures
    assert found.constraints == ((held,) if is_held else ())
    assert [one.sizes for one in found.inputs] == [("n", "h"), ("n", "w") if is_held else None]
    assert found.outputs[0].sizes is None


@pytest.fixture(scope="module")
def ranker(tmp_path_factory):
    """Writes a model with an embedding, and a layer of its own before a softmax; and the module of that layer."""
    import keras

    folder = tmp_path_factory.mktemp("loaded")
    (folder / "own_layers_of_facts.py").write_text(
        "import keras\n\n\n"
        "class Twice(keras.layers.Layer):\n"
        "    def call(self, x):\n        return 2 * x\n\n"
        "    def compute_output_shape(self, shape):\n        return shape\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        from own_layers_of_facts import Twice

        ids = keras.Input((6,), dtype="int32", name="ids")
        known = Twice()(keras.layers.Flatten()(keras.layers.Embedding(50, 4)(ids)))
        ranker = keras.Model(ids, keras.layers.Dense(3, activation="softmax", name="scores")(known))
    for name in ("ranker.keras", "ranker.h5"):
        ranker.save(folder / name)
    return folder


@pytest.mark.tensorflow
def test_a_loaded_model_has_the_facts_of_its_file(ranker, monkeypatch):
    monkeypatch.chdir(ranker)
    loading = sigcheck.Loading(imports=["own_layers_of_facts"])
    (signature,) = sigcheck.read("ranker.keras", load=loading, infer=True).signatures
    assert str(signature.outputs[0]) == "scores: float32[?, 3]"
    assert ("id_count", 50) in [(one.name, one.value) for one in signature.inputs[0].inferred]
    assert ("range", (0, 1)) in [(one.name, one.value) for one in signature.outputs[0].inferred]
    tokens = {"ids": {"dtype": "int32", "shape": [None, 6], "facts": {"meaning": "token_ids", "id_count": 1000}}}
    produced = {"signatures": [{"inputs": [], "outputs": [{"name": "ids", **tokens["ids"]}]}]}
    assert sigcheck.check(_written(ranker, produced), "ranker.keras", load=loading).exit_code == 1


@pytest.mark.tensorflow
def test_of_a_file_whose_classes_have_names_alone_nothing_is_told(ranker, monkeypatch):
    monkeypatch.chdir(ranker)
    loading = sigcheck.Loading(imports=["own_layers_of_facts"])
    (signature,) = sigcheck.read("ranker.h5", load=loading, infer=True).signatures
    assert [one.inferred for one in (*signature.inputs, *signature.outputs)] == [(), ()]


def _written(folder, contract):
    import json

    path = folder / "tokens.json"
    path.write_text(json.dumps(contract))
    return str(path)
