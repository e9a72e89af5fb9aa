from __future__ import annotations

import json
import os
import re
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from sigcheck.api import read
from sigcheck.config.load import load_config
from sigcheck.encodings.written_data import parse_toml
from sigcheck.project.chosen_links import Proposal, choose_links
from sigcheck.project.lint import lint
from sigcheck.project.propose import MOST_LEFT_OUT, propose
from sigcheck.reports import MODEL_FORMATS
from sigcheck.schema.errors import SourceError

FIXTURES = Path(__file__).parents[2] / "fixtures"


def test_a_proposal_is_a_config_that_passes(sample):
    for path in ("sigcheck.toml", "sigcheck.lock"):
        (sample / path).unlink()
    shutil.rmtree(sample / "change")
    (sample / "sigcheck.toml").write_text(propose(Path()))
    config = load_config(Path("sigcheck.toml"))
    assert "backbone -> tagger" in [link.title for link in config.links]
    result = lint(config, verify="typed")
    assert result.exit_code == 0
    assert {link.verdict for link in result.links} == {"fits"}


def test_links_that_need_an_adapter_are_comments(project, tmp_path):
    project(classifier='inputs.embedding = "float32[?, 1, 10]"')
    text = propose(tmp_path)
    assert '# from = "encoder"\n# to = "classifier"\n# adapter = "adapters/encoder_to_classifier.py"' in text
    assert "# needs embedding: expand_dims(axis=1)" in text


def test_a_link_that_only_renames_needs_no_adapter(project, tmp_path):
    project(classifier='inputs.features = "float32[?, 10]"')
    assert '\n[[links]]\nfrom = "encoder"\nto = "classifier"\n' in propose(tmp_path)
    assert "adapters/encoder_to_classifier.py" not in propose(tmp_path)


def test_models_that_cannot_be_read_are_comments(project, tmp_path):
    project(encoder="inputs = 3")
    text = propose(tmp_path)
    assert f"# Not read: {tmp_path}/encoder.toml: " in text
    assert "[models.encoder]" not in text


def test_signatures_beside_each_other_have_names_of_their_own(project, tmp_path):
    project(
        encoder='[[signatures]]\nkey = "a b"\noutputs.y = "int32[]"\n[[signatures]]\nkey = "c"\ninputs.x = "int8[]"\n'
    )
    text = propose(tmp_path)
    assert '[models.encoder_a_b]\nsource = "encoder.toml#a b"' in text
    assert '[models.encoder_c]\nsource = "encoder.toml#c"' in text


def test_two_models_of_one_name(project, tmp_path):
    project()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "encoder.toml").write_text('outputs.z = "string[]"')
    text = propose(tmp_path)
    assert "[models.encoder]" in text
    assert "[models.encoder_2]" in text


def test_names_from_models_cannot_leave_their_comment(project, tmp_path):
    project(encoder='outputs."x\\n[models.evil]" = "int32[]"')
    (tmp_path / "sigcheck.toml").write_text(propose(tmp_path))
    assert set(load_config(tmp_path / "sigcheck.toml").entries.models) == {"encoder", "classifier"}


def test_a_folder_without_models_is_no_project(tmp_path):
    with pytest.raises(SourceError, match="no models in it"):
        propose(tmp_path)


@pytest.mark.parametrize("name", ["encoder", "versions"])
def test_a_folder_that_is_a_model_gets_no_config(tmp_path, name):
    shutil.copytree(FIXTURES / "rank" / "encoder", tmp_path / "encoder")
    shutil.copytree(FIXTURES / "rank" / "encoder", tmp_path / "versions" / "1")
    with pytest.raises(
        SourceError, match=rf"{name}: a model itself, expected a folder of models\. Name the one that it"
    ):
        propose(tmp_path / name)


def test_no_mark_that_turns_or_breaks_lines_is_written_raw(tmp_path):
    name = "a\u202eb\u2028c\x85d"
    (tmp_path / f"{name}.json").write_text(json.dumps({"outputs": {name: "float32[3]"}}))
    text = propose(tmp_path)
    assert all(line.isprintable() for line in text.split("\n"))
    assert parse_toml(text)["models"]["a_b_c_d"]["source"] == f"{name}.json"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_what_a_config_cannot_name_is_a_comment(tmp_path):
    (tmp_path / os.fsdecode(b"n\xff.json")).write_text(json.dumps({"outputs": {"y": "float32[3]"}}))
    (tmp_path / "b.json").write_text(json.dumps({"outputs": {"y": "float32[3]"}}))
    text = propose(tmp_path)
    assert "# Not named: n\\udcff.json: a name that is not UTF-8, as a config is. Rename it." in text
    assert text.count("[models.") == 1
    text.encode("utf-8")


def test_models_that_all_fit_each_other_get_few_links_and_the_rest_is_said(tmp_path):
    for at in range(8):
        (tmp_path / f"m{at}.toml").write_text('inputs.x = "float32[?, 4]"\noutputs.y = "float32[?, 4]"')
    text = propose(tmp_path)
    links = parse_toml(text)["links"]
    assert max(sum(name in (one["from"], one["to"]) for one in links) for name in parse_toml(text)["models"]) <= 3
    assert "# Left out, to be written down where they are meant:\n" in text
    assert "#   m1 -> m0 fits: it would close a cycle\n" in text
    assert text.count("\n#   m") == MOST_LEFT_OUT
    assert f"#   and {8 * 7 - len(links) - MOST_LEFT_OUT} more\n" in text


def test_an_editor_finds_the_schema_in_the_first_line(project, tmp_path):
    project()
    assert propose(tmp_path).startswith("#:schema ./sigcheck.schema.json\n")


TFDS = "tensorflow_datasets.core.features"
PICTURES = {
    "pythonClassName": f"{TFDS}.features_dict.FeaturesDict",
    "featuresDict": {
        "features": {
            "image": {
                "pythonClassName": f"{TFDS}.image_feature.Image",
                "image": {"shape": {"dimensions": ["28", "28", "1"]}, "dtype": "uint8", "encodingFormat": "png"},
            }
        }
    },
}


def test_a_folder_of_all_formats_gets_the_names_and_links_that_a_person_would_write(tmp_path, capsys):
    shutil.copytree(FIXTURES / "serving", tmp_path, dirs_exist_ok=True)
    shutil.copy(FIXTURES / "rank" / "classifier.keras", tmp_path)
    for version in ("1", "2"):
        shutil.copytree(FIXTURES / "rank" / "encoder", tmp_path / "served" / "encoder" / version)
    written = MODEL_FORMATS["kserve"].render_models([read(FIXTURES / "project" / "models" / "backbone.keras")])
    (tmp_path / "elsewhere.json").write_text(written)
    (tmp_path / "served" / "models.config").write_text(
        'model_config_list { config { name: "encoder" base_path: "served/encoder" model_platform: "tensorflow" } }'
    )
    (tmp_path / "mnist" / "3.0.1").mkdir(parents=True)
    (tmp_path / "mnist" / "3.0.1" / "features.json").write_text(json.dumps(PICTURES))
    (tmp_path / "sigcheck.toml").write_text(propose(tmp_path))
    config = load_config(tmp_path / "sigcheck.toml")
    sources = {name: entry.source for name, entry in config.entries.models.items()}
    assert sources == {
        "classifier": "classifier.keras",
        "elsewhere": "elsewhere.json",
        "mnist": "mnist/3.0.1/features.json",
        "registered": "registered",
        "rank": "repository/rank",
        "ranker": "repository/ranker",
        "transform": "repository/transform",
        "schema": "schema.pbtxt",
        # Of the numbered versions the folder is meant.
        "encoder": "served/encoder",
    }
    links = {link.title for link in config.links}
    assert {"schema -> transform", "transform -> rank", "schema -> ranker", "schema -> registered"} <= links
    assert '# from = "encoder"\n# to = "classifier"' in (tmp_path / "sigcheck.toml").read_text()
    assert "Not read" not in (tmp_path / "sigcheck.toml").read_text()
    assert lint(config, verify="typed").exit_code == 0


def test_models_that_mlflow_logged_have_their_ids_for_names(tmp_path):
    """MLflow 3 keeps each in a folder of its id, and all of them in one of the same name."""
    for model in ("m-52a1f8", "m-d2ff3e"):
        shutil.copytree(FIXTURES / "serving" / "registered", tmp_path / "mlruns" / "0" / "models" / model / "artifacts")
    (tmp_path / "sigcheck.toml").write_text(propose(tmp_path))
    assert set(load_config(tmp_path / "sigcheck.toml").entries.models) == {"m-52a1f8", "m-d2ff3e"}


def test_what_lies_together_is_linked_first(project, tmp_path):
    project(encoder='outputs.y = "float32[?, 4]"', classifier='inputs.a = "float32[?, 4]"')
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "first.toml").write_text('outputs.y = "float32[?, 4]"')
    for name in "abcd":
        (tmp_path / f"{name}.toml").write_text('outputs.y = "float32[?, 4]"')
    (tmp_path / "deep" / "second.toml").write_text('inputs.b = "float32[?, 4]"')
    assert '[[links]]\nfrom = "first"\nto = "second"\n' in propose(tmp_path)
    many = [Proposal(name, "x") for name in "abc"]
    assert "d -> x" in map(str, choose_links([*many, Proposal("d", "x", near=1)]).chosen)


def test_a_model_that_only_loads_is_said_to(tmp_path):
    layer = {"module": "mine.layers", "class_name": "Mine", "registered_name": "Mine", "name": "y", "config": {}}
    tensor = {"class_name": "__keras_tensor__", "config": {"shape": [None, 4], "keras_history": ["x", 0, 0]}}
    inputs = {"module": "keras.layers", "class_name": "InputLayer", "registered_name": None, "name": "x"}
    layers = [
        {**inputs, "config": {"batch_shape": [None, 4], "dtype": "float32", "name": "x"}, "inbound_nodes": []},
        {**layer, "inbound_nodes": [{"args": [tensor], "kwargs": {}}]},
    ]
    config = {"name": "m", "layers": layers, "input_layers": ["x", 0, 0], "output_layers": ["y", 0, 0]}
    whole = {"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional"}
    subclassed = {"module": "mine", "class_name": "Own", "registered_name": "Own", "config": {}}
    for name, written in {"one": {**whole, "config": config}, "own": subclassed}.items():
        with zipfile.ZipFile(tmp_path / f"{name}.keras", "w") as archive:
            archive.writestr("config.json", json.dumps(written))
    text = propose(tmp_path)
    assert '[models.one]\nsource = "one.keras"\n# y: not fully known: ' in text
    assert "Read it with --load --import mine.layers, which loads the model with that class.\n# load = true\n" in text
    assert "# Not known: own.keras: class 'Own' computes in code that is not in the file" in text
    (tmp_path / "sigcheck.toml").write_text(
        re.sub(r"^# (?=\[models.own|source|load|import)", "", text, flags=re.MULTILINE)
    )
    own = load_config(tmp_path / "sigcheck.toml").entries.models["own"]
    assert (own.source, own.load, own.imports) == ("own.keras", True, ("MODULE",))


PHOTOS, TITLES = (f'inputs.x = "int32[?, 6]"\noutputs.{name} = "float32[?, 4]"' for name in ("photo", "title"))


def test_what_several_models_feed_together_is_a_link_that_passes(project, tmp_path):
    ranker = 'inputs.photo = "float32[?, 1, 4]"\ninputs.title = "float32[?, 4]"'
    project(encoder=None, classifier=None, photos=PHOTOS, titles=TITLES, ranker=ranker)
    text = propose(tmp_path)
    assert "# ranker takes what several models give, and needs photo: expand_dims(axis=1)\n# [[links]]\n" in text
    chosen = text.replace("\n# [[links]]", "\n[[links]]")
    for key in ("from", "to", "bind", "adapter"):
        chosen = chosen.replace(f"\n# {key} = ", f"\n{key} = ")
    (tmp_path / "sigcheck.toml").write_text(chosen)
    (link,) = lint(load_config(tmp_path / "sigcheck.toml"), verify="typed").links
    assert link.check.verdict == "adapts"
    assert [(one.provided, one.required) for one in link.check.bindings] == [
        ("photo", "photo"),
        ("titles.title", "title"),
    ]


def test_where_nobody_knows_which_model_is_meant_no_link_is_made_up(project, tmp_path):
    ranker = 'inputs.photo = "float32[?, 4]"\ninputs.other = "float32[?, 4]"\ninputs.words = "string[?]"'
    project(encoder=None, classifier=None, photos=PHOTOS, titles=TITLES, ranker=ranker)
    assert "[[links]]\nfrom" not in propose(tmp_path)
    assert "# No links: no model gives all that another takes" in propose(tmp_path)
