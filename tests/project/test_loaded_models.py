"""`load = true` in a config: what a person asks for, what the lock answers, and what is kept."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from pathlib import Path

import pytest

from sigcheck.cli import run
from sigcheck.config.load import load_config
from sigcheck.encodings import archive
from sigcheck.encodings.permission import Permission
from sigcheck.encodings.source import Source
from sigcheck.project import loaded_models
from sigcheck.project.cache import Cache
from sigcheck.project.lint import lint
from sigcheck.schema.errors import UsageError
from sigcheck.schema.signature import Model
from tests.readers.loaded.made_package import write_package

pytestmark = pytest.mark.tensorflow

CONFIG = """\
[models.plain]
source = "plain.keras"
load = true
import = ["made_package.layers"]

[models.taker]
source = "taker.json"

[[links]]
from = "plain"
to = "taker"
bind = { y = "x" }
adapter = "adapter.py"
"""
TAKER = {"signatures": [{"inputs": [{"name": "x", "dtype": "float32", "shape": [None, 1, 12]}]}]}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A project with a model that only loads, and a lock and an adapter that were made by loading it."""
    folder = tmp_path_factory.mktemp("project")
    write_package(folder)
    (folder / "sigcheck.toml").write_text(CONFIG)
    (folder / "taker.json").write_text(json.dumps(TAKER))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(Cache, "of_user", classmethod(lambda _: Cache(folder / "cache")))
        assert run(["lock", "--load", "--quiet"]) == 0
        assert run(["adapt", "--all", "--load", "--quiet", "--verify", "typed"]) == 0
    return folder


@pytest.fixture
def project(written, tmp_path, monkeypatch):
    """A copy of it, on a machine that never loaded the model."""
    import shutil

    shutil.copytree(written, tmp_path / "p", ignore=shutil.ignore_patterns("cache"))
    monkeypatch.chdir(tmp_path / "p")
    monkeypatch.setattr(Cache, "of_user", classmethod(lambda _: Cache(tmp_path / "cache")))
    return tmp_path / "p"


@contextmanager
def loading(answer):
    """Counts what would be loaded, and gives this answer."""
    asked = []

    def read(source, *, load=False):
        asked.append((source.place, load.imports))
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loaded_models, "read", read)
        yield asked


def linted(folder, *, load=False, cache=None):
    """The model of a lint."""
    result = lint(
        load_config(folder / "sigcheck.toml"),
        verify="typed",
        permission=Permission.given(load=load),
        cache=cache or Cache(None),
    )
    return result.models[0], result


def test_the_lock_answers_for_the_same_content_and_nothing_is_loaded(project):
    with loading(None) as asked:
        model, result = linted(project)
    assert asked == []
    assert (model.origin, model.problem) == ("lock", None)
    assert [str(one) for one in model.signature.outputs] == ["y: float32[?, 12]"]
    assert result.links[0].adapter_state == "current"
    assert result.exit_code == 0


def test_nothing_of_a_model_or_its_code_is_hashed_twice(project, monkeypatch):
    hashed = []

    def noting(read):
        def chunks(*place):
            # Begun where the first chunk is asked for.
            hashed.append(str(place[-1]))
            yield from read(*place)

        return chunks

    monkeypatch.setattr(loaded_models, "_chunks_of_file", noting(loaded_models._chunks_of_file))
    monkeypatch.setattr(archive, "read_in_parts", noting(archive.read_in_parts))
    with loading(None):
        assert linted(project)[0].origin == "lock"
    assert {"config.json", str(project / "made_package" / "layers.py")} <= set(hashed)
    assert len(hashed) == len(set(hashed))


@pytest.mark.parametrize("edit", ["made_package/layers.py", "plain.keras", "sigcheck.toml", "sigcheck.lock"])
def test_of_other_content_nothing_is_said_where_nobody_asks(project, edit):
    path = project / edit
    if edit == "plain.keras":
        # Another model of the same name.
        path.write_bytes((project / "registered.keras").read_bytes())
    elif edit == "sigcheck.toml":
        path.write_text(CONFIG.replace('["made_package.layers"]', '["made_package.layers", "made_package.more"]'))
    elif edit == "sigcheck.lock":
        path.unlink()
    else:
        path.write_text(path.read_text() + "\nLATER = 1\n")
    with loading(None) as asked:
        model, result = linted(project)
    assert asked == []
    assert "to be loaded (load = true), which is done only where a person asks" in model.problem
    assert result.exit_code == 2


@pytest.mark.parametrize("data", ["made_package/sizes.json", "made_package/inner/linked.py"])
def test_what_a_module_may_read_belongs_to_the_content(project, data):
    """A file beside its code, which may say a size, and code behind a link."""
    (project / "elsewhere").mkdir()
    (project / "made_package" / "inner").symlink_to(project / "elsewhere")
    (project / data).write_text("12")
    with loading(None) as asked:
        model, _ = linted(project)
    assert asked == []
    assert "to be loaded" in model.problem


def test_more_code_than_is_looked_at_has_no_digest(project, monkeypatch):
    monkeypatch.setattr(loaded_models, "_MOST_FILES", 1)
    assert "to be loaded" in linted(project)[0].problem


def test_the_folder_may_be_named_by_steps_up(project, monkeypatch):
    monkeypatch.chdir(project / "made_package")
    assert linted(Path("..", "..", "p"))[0].problem is None


def test_the_assets_of_a_model_belong_to_the_content_whatever_they_are_called(project):
    def content():
        entry = load_config(project / "sigcheck.toml").entries.models["plain"]
        return loaded_models.LoadedModels(project, Permission.given(), Cache(None)).content(
            Source.parse(project / "saved"), entry
        )

    weights, words = (project / "saved" / place / "variables" for place in (".", "assets"))
    for folder in (weights, words):
        folder.mkdir(parents=True)
        (folder / "one").write_text("1")
    before = content()
    (weights / "one").write_text("2")
    assert content() == before
    (words / "one").write_text("2")
    assert content() != before


def test_a_broken_archive_is_a_problem_in_one_line(project):
    (project / "plain.keras").write_bytes(b"PK\x03\x04 and no archive")
    model, result = linted(project)
    assert model.problem.endswith("broken: cut off, or not a zip archive, expected a model. Export or copy it again.")
    assert result.exit_code == 2


def test_a_member_that_unpacks_to_gigabytes_takes_no_memory(project):
    import tracemalloc
    import zipfile

    with zipfile.ZipFile(project / "plain.keras", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("assets/words", bytes(200 << 20))
    linted(project)
    tracemalloc.start()
    linted(project)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Reading the lock alone takes 64 MiB for a moment.
    assert most < 100 << 20


def test_the_lock_answers_where_the_packages_that_load_it_are_not_installed(project, monkeypatch):
    config = CONFIG.replace('["made_package.layers"]', '["made_package.layers", "some_installed_package"]')
    (project / "sigcheck.toml").write_text(config)
    lock = (project / "sigcheck.lock").read_text()
    entry = load_config(project / "sigcheck.toml").entries.models["plain"]
    models = loaded_models.LoadedModels(project, Permission.given(), Cache(None))
    content = models.content(Source.parse(project / "plain.keras"), entry)
    (project / "sigcheck.lock").write_text(re.sub('sha256 = ".*"', f'sha256 = "{content}"', lock))
    assert (linted(project)[0].origin, linted(project)[0].problem) == ("lock", None)
    # Who asks for it is told what is missing.
    assert "import some_installed_package: no module of this name" in linted(project, load=True)[0].problem


def test_new_weights_are_no_other_content(project):
    import zipfile

    path = project / "plain.keras"
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["model.weights.h5"] = b"others"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert linted(project)[0].problem is None


def test_what_was_loaded_once_is_kept_by_its_content(project, tmp_path):
    (project / "sigcheck.lock").unlink()
    cache = Cache(tmp_path / "kept")
    answer = Model.model_validate({"source": "elsewhere", "reader": "keras_model", "signatures": TAKER["signatures"]})
    with loading(answer) as asked:
        assert linted(project, load=True, cache=cache)[0].problem is None
        assert linted(project, load=True, cache=cache)[0].problem is None
        # What is kept was made of the same content: without --load it is told too.
        model, _ = linted(project, cache=cache)
        assert (model.origin, str(model.signature.inputs[0])) == ("source", "x: float32[?, 1, 12]")
        assert len(asked) == 1
        layers = project / "made_package" / "layers.py"
        layers.write_text(layers.read_text() + "\nLATER = 1\n")
        linted(project, load=True, cache=cache)
    assert asked == [(asked[0][0], ("made_package.layers",))] * 2


def test_a_config_alone_runs_nothing(project, capsys):
    """Neither what it imports, nor the model: whatever command looks at it."""
    (project / "made_package" / "__init__.py").write_text("open('ran', 'w')")
    (project / "made_package" / "layers.py").write_text("open('ran', 'w')")
    (project / "sigcheck.lock").unlink()
    for command in (["lint"], ["lock"], ["adapt", "--all"], ["init", "elsewhere"], ["diff", "plain", "taker"]):
        (project / "elsewhere").mkdir(exist_ok=True)
        assert run(command) == 2, command
    assert not list(project.rglob("ran"))


def test_a_certificate_knows_how_its_models_were_loaded(project, capsys):
    certificate = json.loads((project / "adapter.certificate.json").read_text())
    assert certificate["load"] is True
    assert certificate["producers"][0]["load"] == {"imports": ["made_package.layers"], "lambdas": []}
    assert "load" not in certificate["consumer"]
    assert run(["verify", "adapter.py"]) == 2
    assert "Allow it with --load" in capsys.readouterr().err
    assert run(["verify", "adapter.py", "--load"]) == 0


def test_what_is_imported_belongs_to_a_model_that_is_loaded(project):
    (project / "sigcheck.toml").write_text(CONFIG.replace("load = true\n", ""))
    with pytest.raises(UsageError, match="import is of a model that is loaded; write load = true"):
        load_config(project / "sigcheck.toml")


@pytest.mark.parametrize("option", ["--import", "--lambda"])
def test_what_loading_is_told_needs_loading(project, option, capsys):
    assert run(["show", "plain.keras", option, "made_package"]) == 2
    assert f"{option}: given without --load" in capsys.readouterr().err


@pytest.mark.usefixtures("walled")
def test_models_are_run_and_fused_with_what_they_were_loaded_with(project, capsys):
    import tensorflow as tf

    loading = ["--load", "--import", "made_package.layers", "--timeout", "900"]
    assert run(["check", "plain.keras", "taker.keras", *loading, "--run-models", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["verification"]["level"] == "end_to_end"
    assert run(["fuse", "plain.keras", "taker.keras", *loading, "-o", "fused"]) == 0
    fused = tf.saved_model.load("fused").signatures["serving_default"]
    assert fused(x=tf.constant([[1.0, 2.0, 3.0, 4.0]]))["half"].numpy().tolist() == [[1, 3, 1, 3, 1, 3]]
