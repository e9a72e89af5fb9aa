"""The configs, parsed with the definitions that Triton publishes for its clients."""

from __future__ import annotations

import importlib.util
from itertools import pairwise
from pathlib import Path

import pytest
from google.protobuf import text_format

from sigcheck.adapters.request import Link, Stage
from sigcheck.adapters.triton import plan_repository
from sigcheck.api import draft_pair
from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature


@pytest.fixture(scope="module")
def parse():
    """A config as its message. The file is loaded by itself: its package wants a server's client."""
    package = importlib.util.find_spec("tritonclient")
    path = Path(package.submodule_search_locations[0]) / "grpc" / "model_config_pb2.py"
    spec = importlib.util.spec_from_file_location("model_config_pb2", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda text: text_format.Parse(text, module.ModelConfig())


def stage(path, inputs, outputs, **options):
    def ends(specs):
        return tuple(Endpoint(name=name, spec=parse_spec(spec)) for name, spec in specs.items())

    key = options.pop("key", "serving_default")
    signature = Signature(key=key, inputs=ends(inputs), outputs=ends(outputs), tags=options.pop("tags", ()))
    return Stage(place=path, path=path, form=options.pop("form", "saved_model"), signature=signature)


def links(*stages):
    drafts = [draft_pair(one.signature, other.signature) for one, other in pairwise(stages)]
    assert all(draft.has_adapter for draft in drafts)
    return [Link(source="import tensorflow as tf\n", bindings=draft.match.bindings) for draft in drafts]


ENCODER = stage(
    "/models/encoder",
    {"image": "uint8[?, 4]"},
    {"features": "float32[?, 10]", "norm": "float32[?]", "loss": "float32[]"},
)
CLASSIFIER = stage("/models/classifier.keras", {"x": "float32[?, 1, 10]"}, {"classes": "float32[?, 3]"}, form="keras")


def plan(folder, *stages, kept=()):
    return plan_repository(folder, stages, links(*stages), kept)


def tensors(of):
    return {one.name: (one.data_type, list(one.dims)) for one in of}


def test_the_adapter_is_the_model_in_the_middle(parse, tmp_path):
    repository = plan(tmp_path, ENCODER, CLASSIFIER)
    configs = {name: parse(text) for name, text in repository.texts.items()}
    assert set(configs) == {"encoder", "encoder_to_classifier", "classifier", "pipeline"}
    assert all(config.name == name for name, config in configs.items())
    assert {configs[name].platform for name in set(configs) - {"pipeline"}} == {"tensorflow_savedmodel"}
    types = {"UINT8": 2, "FP32": 11}
    middle = configs["encoder_to_classifier"]
    assert tensors(middle.input) == {"features": (types["FP32"], [-1, 10])}
    assert tensors(middle.output) == {"x": (types["FP32"], [-1, 1, 10])}
    ensemble = configs["pipeline"]
    assert ensemble.platform == "ensemble"
    assert tensors(ensemble.input) == {"image": (types["UINT8"], [-1, 4])}
    assert tensors(ensemble.output) == {"classes": (types["FP32"], [-1, 3])}
    steps = [
        (step.model_name, dict(step.input_map), dict(step.output_map)) for step in ensemble.ensemble_scheduling.step
    ]
    assert steps == [
        ("encoder", {"image": "image"}, {"features": "encoder.features"}),
        ("encoder_to_classifier", {"features": "encoder.features"}, {"x": "encoder_to_classifier.x"}),
        ("classifier", {"x": "encoder_to_classifier.x"}, {"classes": "classes"}),
    ]


def test_every_tensor_of_the_ensemble_is_made_once_and_taken(parse, tmp_path):
    third = stage("/other/classifier", {"y": "float64[?, 3]"}, {"z": "float64[?, 3]"})
    ensemble = parse(plan(tmp_path, ENCODER, CLASSIFIER, third, kept=[(0, "norm")]).texts["pipeline"])
    steps = ensemble.ensemble_scheduling.step
    made = [one.name for one in ensemble.input] + [name for step in steps for name in step.output_map.values()]
    taken = [name for step in steps for name in step.input_map.values()] + [one.name for one in ensemble.output]
    assert sorted(made) == sorted(set(taken))
    assert [one.name for one in ensemble.output] == ["norm", "z"]
    assert len({step.model_name for step in steps}) == len(steps)


def test_a_tensor_without_axes_is_left_out_or_refused(parse, tmp_path):
    """The server takes none outside a batch (ValidateIOShape)."""
    assert [one.name for one in parse(plan(tmp_path, ENCODER, CLASSIFIER).texts["encoder"]).output] == [
        "features",
        "norm",
    ]
    with pytest.raises(UsageError, match="takes no tensor without one outside a batch"):
        plan(tmp_path, ENCODER, CLASSIFIER, kept=[(0, "loss")])


def test_a_link_that_fits_needs_no_model(parse, tmp_path):
    taker = stage("/models/taker", {"features": "float32[?, 10]"}, {"y": "float32[?]"})
    repository = plan(tmp_path, ENCODER, taker)
    assert set(repository.texts) == {"encoder", "taker", "pipeline"}
    steps = parse(repository.texts["pipeline"]).ensemble_scheduling.step
    assert dict(steps[1].input_map) == {"features": "encoder.features"}


def test_a_key_and_tags_are_named(parse, tmp_path):
    gpu = stage("/m/a", {"x": "string[?]"}, {"features": "float32[?, 10]"}, key='en"code', tags=("gpu", "serve"))
    config = parse(plan(tmp_path, gpu, CLASSIFIER).texts["a"])
    assert list(config.input[0].dims) == [-1]
    given = {name: one.string_value for name, one in config.parameters.items()}
    assert given == {"TF_SIGNATURE_DEF": 'en"code', "TF_GRAPH_TAG": "gpu,serve"}


def test_hostile_names_stay_names(parse, tmp_path):
    name = 'x" }\n platform: "python'
    hostile = stage("/models/pipe line", {name: "float32[?]"}, {"features": "float32[?, 10]"})
    repository = plan(tmp_path, hostile, CLASSIFIER)
    assert set(repository.texts) == {"pipe_line", "pipe_line_to_classifier", "classifier", "pipeline"}
    assert parse(repository.texts["pipe_line"]).input[0].name == name


def test_models_of_one_name_are_counted(tmp_path):
    other = stage("/b/encoder", {"x": "float32[?, 1, 10]"}, {"y": "float32[?]"})
    texts = plan(tmp_path, ENCODER, other).texts
    assert set(texts) == {"encoder_1", "encoder_2", "encoder_1_to_encoder_2", "pipeline"}


def test_no_model_takes_the_place_of_another(tmp_path):
    """Neither of those that are counted, nor an adapter of a model that is called as it is."""
    ends = {"x": "float32[?, 1, 10]"}, {"features": "float32[?, 10]"}
    first = [stage(path, *ends) for path in ("/a/m", "/b/m", "/c/m_1")]
    assert len(plan(tmp_path, *first).texts) == 3 + 2 + 1
    texts = plan(tmp_path, *(stage(path, *ends) for path in ("/x/a", "/x/b", "/x/a_to_b"))).texts
    assert set(texts) == {"a", "b", "a_to_b", "a_to_b_2", "b_to_a_to_b", "pipeline"}
    assert 'platform: "tensorflow_savedmodel"' in texts["a_to_b"]


def test_no_tensor_takes_the_place_of_another(parse, tmp_path):
    first = stage("/m/encoder", {"encoder.features": "float32[?, 4]"}, {"features": "float32[?, 10]"})
    texts = plan(tmp_path, first, CLASSIFIER).texts
    step = parse(texts["pipeline"]).ensemble_scheduling.step[0]
    assert step.input_map["encoder.features"] == "encoder.features"
    assert step.output_map["features"] == "encoder.features_2"
    same = stage("/m/same", {"x": "float32[?, 10]"}, {"x": "float32[?, 10]"})
    with pytest.raises(UsageError, match="x: an input and an output of the pipeline"):
        plan(tmp_path, same, same)


@pytest.mark.parametrize("spec", ["ragged int32[?, None]", "float32[*]", "complex64[?]"])
def test_what_triton_cannot_pass_on_is_refused(tmp_path, spec):
    odd = stage("/models/odd", {"x": spec}, {"features": "float32[?, 10]"})
    with pytest.raises(UsageError, match=r"x: .*expected a dense tensor of known rank and of a dtype that Triton has"):
        plan(tmp_path, odd, CLASSIFIER)


def test_an_output_that_is_shared_feeds_both_without_a_model_between(parse, tmp_path):
    taker = stage("/models/taker", {"x": "float32[?, 10]", "y": "float32[?, 10]"}, {"z": "float32[?]"})
    draft = draft_pair(ENCODER.signature, taker.signature, names={"features": ["x", "y"]})
    link = Link(source="", bindings=draft.match.bindings)
    repository = plan_repository(tmp_path, [ENCODER, taker], [link])
    assert set(repository.texts) == {"encoder", "taker", "pipeline"}
    steps = parse(repository.texts["pipeline"]).ensemble_scheduling.step
    assert dict(steps[1].input_map) == {"x": "encoder.features", "y": "encoder.features"}


def test_the_adapter_takes_what_is_joined_and_gives_the_whole(parse, tmp_path):
    taker = stage("/models/taker", {"x": "float32[?, 2, 4]", "y": "float32[?, 8]"}, {"z": "float32[?]"})
    outputs = {"a": "float32[?, 4]", "b": "float32[?, 4]", "c": "float32[?, 8]"}
    giver = stage("/models/giver", {"image": "uint8[?, 4]"}, outputs)
    draft = draft_pair(giver.signature, taker.signature, names={"b": "x", "a": "x", "c": "y"})
    link = Link(source="import tensorflow as tf\n", bindings=draft.match.bindings)
    repository = plan_repository(tmp_path, [giver, taker], [link])
    middle = parse(repository.texts["giver_to_taker"])
    assert set(tensors(middle.input)) == set(outputs)
    assert tensors(middle.output) == {"x": (11, [-1, 2, 4]), "y": (11, [-1, 8])}
    steps = parse(repository.texts["pipeline"]).ensemble_scheduling.step
    assert dict(steps[1].input_map) == {name: f"giver.{name}" for name in outputs}
