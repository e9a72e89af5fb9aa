from __future__ import annotations

import pytest

from sigcheck.encodings.toml_text import write_key
from sigcheck.rules.words.config_words import LinkModels, as_tables, in_config, place_in_config
from sigcheck.rules.words.option import BESIDE, OR_BY_BOTH, cures
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("nothing to do", "nothing to do"),
        ("say which with --bind mean=query", 'say which with bind = { mean = "query" }'),
        ("cut them with --loss truncating, or not", 'cut them with policy = { loss = "truncating" }, or not'),
        ("allow it with --allow guard_ids", 'allow it with policy = { allow = ["guard_ids"] }'),
        ("guards (leave out --no-guard)", "guards (leave out policy = { guard = false })"),
        ("cast (leave out --deny cast)", 'cast (leave out policy = { deny = ["cast"] })'),
        ("declare --fact producer.y.range=-1,1.", "declare models.encoder.outputs.y.range = [-1, 1]."),
        (
            """--fact 'consumer.a b.padding={"value":0}'""",
            'models."rank.er".inputs."a b".padding = { value = 0 }',
        ),
        (
            "so with --bind 'split(a, axis=1)=x' --bind 'split(a, axis=1)=y'",
            'so with bind = { "split(a, axis=1)" = ["x", "y"] }',
        ),
        ("tell it with --const 'my mask=VALUE'", 'tell it with const = { "my mask" = VALUE }'),
        ("does, with --example PAIR.npz", 'does, with example = "PAIR.npz"'),
        ("--fact x.y", "--fact x.y"),
        (f"none; {BESIDE}, or", 'none; take it of another model with bind = { "MODEL.OUT" = "IN" }, or'),
        (f"pass it on with --bind a.m=m{OR_BY_BOTH}a b -- c", 'pass it on with bind = { "a.m" = "m" }'),
    ],
)
def test_options_become_keys(told, meant):
    assert in_config(told, LinkModels("encoder", "rank.er", {})) == meant


def signature(inputs="", outputs=""):
    def ends(names):
        return tuple(Endpoint(name=name, spec=parse_spec("float32[?]")) for name in names.split())

    return Signature(inputs=ends(inputs), outputs=ends(outputs))


SIGNATURES = {
    "crop": signature("image", "crops own.scores"),
    "find": signature("image", "scores"),
    "own": signature("", "scores"),
    "v1.find": signature("", "scores"),
    "v1": signature("", "find.labels"),
    "input": signature("", "image"),
}


@pytest.mark.parametrize(
    ("tensor", "meant"),
    [
        ("producer.crops", "models.crop.outputs.crops"),
        ("producer.input.image", "models.crop.inputs.image"),
        ("producer.own.scores", 'models.crop.outputs."own.scores"'),
        ("producer.find.scores", "models.find.outputs.scores"),
        ("producer.find.input.image", "models.find.inputs.image"),
        ("producer.v1.find.scores", 'models."v1.find".outputs.scores'),
        ("producer.v1.find.labels", 'models.v1.outputs."find.labels"'),
        ("producer.gone.scores", 'models.crop.outputs."gone.scores"'),
        ("consumer.find.scores", 'models.tell.inputs."find.scores"'),
    ],
)
def test_a_tensor_of_another_model_is_told_at_that_model(tensor, meant):
    link = LinkModels("crop", "tell", SIGNATURES)
    assert in_config(f"--fact {tensor}.range=0,1", link) == f"{meant}.range = [0, 1]"
    ((_, option),) = next(cures(f"--fact {tensor}.range=0,1"))
    assert f"[{meant}]\nrange = [0, 1]" in as_tables([option], link)
    table, key, member = place_in_config(option, link)
    assert ".".join(map(write_key, (*table, *key))) == meant
    assert member == {"range": [0, 1]}


@pytest.mark.parametrize("name", ["x", "a b", "it's", "q.r"])
def test_a_name_that_needs_quotes_is_read_back(name):
    from sigcheck.rules.words.option import fact_option

    told = in_config(fact_option("consumer", name, "range", "0,1"), LinkModels("encoder", "ranker", {}))
    assert told == f"models.ranker.inputs.{write_key(name)}.range = [0, 1]"


def test_a_cure_that_is_pasted_behind_its_models_is_read_back():
    from sigcheck.encodings.written_data import parse_toml

    told = (
        "name the axes, with --fact producer.y.axes=a,b and --fact 'consumer.x z.axes=b,a' and --bind y=p --bind y=q"
        " and --loss truncating and --allow pad; or leave it"
    )
    (way,) = cures(told)
    text = as_tables((option for _, option in way), LinkModels("encoder", "rank.er", {}))
    config = (
        '[[links]]\nfrom = "encoder"\n[models.encoder]\nsource = "e"\noutputs.v.range = [0, 1]\n[models."rank.er"]\n'
    )
    facts, _, keys = text.partition("# in the [[links]] entry")
    models = parse_toml(f'{config}source = "r"\n{facts}')["models"]
    assert models["encoder"]["outputs"] == {"v": {"range": [0, 1]}, "y": {"axes": ["a", "b"]}}
    assert models["rank.er"]["inputs"] == {"x z": {"axes": ["b", "a"]}}
    entry = parse_toml(keys.partition("\n")[2])
    assert entry == {"bind": {"y": ["p", "q"]}, "policy": {"loss": "truncating", "allow": ["pad"]}}
