"""Configurations of TensorFlow Serving, as the classes of `tensorflow_serving`, which owns the format, write them."""

from __future__ import annotations

from random import Random

import pytest
from google.protobuf import text_format
from tensorflow_serving.config import model_server_config_pb2

from sigcheck.api import check, read
from sigcheck.encodings.source import Source
from sigcheck.readers.folder import find_models
from sigcheck.readers.model_server_config import models
from sigcheck.schema.errors import SigcheckError, UsageError
from tests.readers.written_models import SIMPLE, write_model


@pytest.fixture
def written(tmp_path):
    """Writes a configuration of these models, which its owner parses first, beside the models `a` and `b`."""
    for place in ("a/1", "a/3", "b/2", "team/c/7"):
        write_model(tmp_path / "repository" / place, SIMPLE)
    write_model(tmp_path / "outside" / "1", SIMPLE)

    def write(*configs):
        text = "model_config_list { " + " ".join(f"config {{ {one} }}" for one in configs) + " }"
        message = text_format.Parse(text, model_server_config_pb2.ModelServerConfig())
        path = tmp_path / "repository" / "models.config"
        path.write_text(text_format.MessageToString(message))
        return path

    return write


def config(name, path=None, rest=""):
    return f'name: "{name}" base_path: "{path or "/models/" + name}" model_platform: "tensorflow" {rest}'


def place(path, selector=""):
    return read(f"{path}{selector}").source.partition("repository/")[2]


def test_a_model_is_named_and_its_greatest_version_meant(written):
    path = written(config("a"), config("b"), config("c", "/srv/models/team/c"))
    assert [place(path, f"#{name}") for name in "abc"] == ["a/3", "b/2", "team/c/7"]
    assert read(f"{path}#a").reader == "saved_model"


def test_the_only_model_needs_no_name(written):
    assert place(written(config("a"))) == "a/3"


def test_of_several_models_each_has_a_signature(written):
    path = written(config("a"), config("b"), config("gone"))
    model = read(path)
    assert (model.reader, [one.key for one in model.signatures]) == ("model_server_config", ["a", "b"])
    assert [note.place for note in model.notes] == ["gone"]
    assert model.signatures[0].inputs == read(path.parent / "a").signatures[0].inputs
    with pytest.raises(UsageError, match="it has 'a', 'b'"):
        check(str(path), {"y": "float32[?, 3]"}, verify="typed")


LABELS = 'version_labels { key: "stable" value: 1 } version_labels { key: "gone" value: 9 }'


@pytest.mark.parametrize(
    ("policy", "selector", "version"),
    [
        ("", "", "3"),
        ("", "@3", "3"),
        ("", "@1", None),
        ("all { }", "@1", "1"),
        ("all { }", "", "3"),
        ("latest { num_versions: 2 }", "@1", "1"),
        ("latest { num_versions: 1 }", "@1", None),
        ("specific { versions: 1 }", "", "1"),
        ("specific { versions: 1 versions: 3 }", "@stable", "1"),
        ("specific { versions: 3 }", "@stable", None),
        ("specific { versions: 9 }", "", None),
        ("all { }", "@gone", None),
        ("all { }", "@003", "3"),
        ("all { }", "@" + "9" * 5000, None),
        ("all { }", "@canary", None),
    ],
)
def test_a_version_is_one_that_is_served(written, policy, selector, version):
    policy = f"model_version_policy {{ {policy} }}" if policy else ""
    path = written(config("a", rest=f"{policy} {LABELS}"), config("b"))
    if version is not None:
        assert place(path, f"#a{selector}") == f"a/{version}"
        return
    with pytest.raises(SigcheckError, match="served") as raised:
        read(f"{path}#a{selector}")
    assert "\n" not in str(raised.value)


def test_a_label_of_a_version_that_is_not_served_is_none_of_those_that_are(written):
    labels = "".join(f'version_labels {{ key: "{key}" value: {value} }}' for key, value in {"old": 9, "new": 3}.items())
    path = written(config("a", rest=labels))
    with pytest.raises(SigcheckError) as raised:
        read(f"{path}#a@old")
    told = "label old of a stands for version 9, which is not served; served are 3, new. Name one with"
    assert str(raised.value) == f"{path}: {told} {path}#a@3."


@pytest.mark.parametrize(
    "path", ["../outside", "/models/../outside", "/outside", "/tmp/outside", "..", "/", "gs://bucket/outside", "a/1"]
)
def test_no_path_leads_out_of_the_folder_of_the_file(written, tmp_path, path):
    with pytest.raises(SigcheckError, match="base_path") as raised:
        read(f"{written(config('m', path))}#m")
    assert "\n" not in str(raised.value)
    with pytest.raises(SigcheckError, match="base_path"):
        read(f"{written(config('m', tmp_path / 'outside'))}#m")


def test_a_whole_path_of_the_folder_is_that_folder(written):
    path = written(config("x", "/nowhere"))
    written(config("x", path.parent / "team" / "c"))
    assert place(path, "#x") == "team/c/7"


def test_the_configuration_is_none_of_the_models_in_its_folder(written):
    folder = written(config("a")).parent
    assert [one.path.name for one in find_models(folder)] == ["a", "b", "c"]


@pytest.mark.parametrize("seed", range(12))
def test_what_its_owner_writes(tmp_path, seed):
    """Models, with versions, labels and settings of a server, of which the version that is meant is told."""
    random = Random(seed)
    message, expected = model_server_config_pb2.ModelServerConfig(), {}
    for at in range(random.randint(1, 4)):
        name, versions = f"m{at}", sorted(random.sample(range(1, 30), random.randint(1, 4)))
        for version in versions:
            write_model(tmp_path / name / str(version), SIMPLE)
        one = message.model_config_list.config.add(name=name, base_path=f"/models/{name}", model_platform="tensorflow")
        one.logging_config.sampling_config.sampling_rate = 0.5
        one.version_labels["stable"] = versions[0]
        policy = random.choice(("latest", "all", "specific", "none"))
        if policy == "latest":
            one.model_version_policy.latest.num_versions = random.randint(1, 3)
        elif policy == "all":
            one.model_version_policy.all.SetInParent()
        elif policy == "specific":
            one.model_version_policy.specific.versions.extend(versions[:1])
        expected[name] = versions[0] if policy == "specific" else versions[-1]
        if policy in {"specific", "all"}:
            expected[f"{name}@stable"] = versions[0]
    path = tmp_path / "models.config"
    path.write_text(text_format.MessageToString(message))
    for selector, version in expected.items():
        name = selector.partition("@")[0]
        assert read(f"{path}#{selector}").source.endswith(f"{name}/{version}"), selector


def test_the_tables_are_those_of_the_owner():
    waiting, owned = [model_server_config_pb2.ModelServerConfig.DESCRIPTOR], {}
    while waiting:
        kind = waiting.pop()
        owned[kind.name] = kind
        waiting += [one.message_type for one in kind.fields if one.message_type and one.message_type.name not in owned]
    for kind, table in models._MESSAGES.tables.items():
        assert {field.name: number for number, field in table.items()} == {
            field.name: owned[kind].fields_by_name[field.name].number for field in table.values()
        }


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("model_config_list { }", "no models"),
        ('model_config_list { config { base_path: "a" } }', "broken"),
        ('model_config_list { config { name: "a" } config { name: "a" } }', "two models called 'a'"),
        ("model_config_list { config { name: a } }", "line 1: 'a' instead of a text"),
        ("model_config_list {", "'' instead of a field"),
        ('model_config_list { config { name: "a" } }', "base_path '' of a is no folder"),
        ('# One.\n\nmodel_config_list { config { name: "b" } }', "base_path"),
        ("other { }", "not a model"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path, text, problem):
    path = tmp_path / "models.config"
    path.write_text(text)
    with pytest.raises(SigcheckError, match=problem) as raised:
        read(path)
    assert "\n" not in str(raised.value)


def test_a_name_that_is_none_is_told_with_those_there_are(written):
    path = written(config("encoder", "/models/a"), config("b"))
    with pytest.raises(SigcheckError, match="no model 'encodr' but encoder"):
        read(Source.parse(f"{path}#encodr"))
