"""Models that need code of their own: loaded with the modules that a person names, and with nothing else."""

from __future__ import annotations

import json
import zipfile

import pytest

import sigcheck
from sigcheck import Loading
from sigcheck.readers.loaded.keras_file import coded_layers, load_keras
from sigcheck.readers.loaded.program import Program, find_own_files, find_program
from tests.readers.loaded.made_package import GIVEN, write_package

pytestmark = pytest.mark.tensorflow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a package that this process never imports, and models of it."""
    path = tmp_path_factory.mktemp("custom")
    write_package(path)
    return path


@pytest.mark.parametrize("name", GIVEN)
def test_a_model_is_loaded_with_the_modules_that_are_named(folder, name):
    loading = Loading(imports=("made_package.layers",), root=str(folder))
    (output,) = sigcheck.read(folder / name, load=loading).signatures[0].outputs
    assert str(output.spec) == GIVEN[name]


@pytest.mark.usefixtures("walled")
def test_walls_let_the_modules_that_are_named_be_read(folder):
    test_a_model_is_loaded_with_the_modules_that_are_named(folder, "registered.keras")


@pytest.mark.parametrize(
    ("name", "loading", "problem"),
    [
        (
            "plain.keras",
            Loading(),
            "Could not locate class 'Tripled'.*Name the module that has it with --load --import",
        ),
        ("coded.keras", Loading(), "Lambda.*Name the layer with --load --lambda NAME"),
        ("coded.keras", Loading(lambdas=("z",)), "the code of 'y' lies in the file, and was not named"),
        ("plain.keras", Loading(imports=("no_such_package.layers",)), "import no_such_package: no module of this name"),
        ("plain.keras", Loading(imports=("made_package.nothing",)), "no module 'made_package.nothing' is seen there"),
    ],
)
def test_what_is_missing_is_said(folder, name, loading, problem):
    with pytest.raises(sigcheck.SigcheckError, match=problem):
        sigcheck.read(folder / name, load=loading.model_copy(update={"root": str(folder)}))


def test_the_code_of_a_lambda_layer_runs_where_the_layer_is_named(folder):
    (output,) = sigcheck.read(folder / "coded.keras", load=Loading(lambdas=("y",))).signatures[0].outputs
    assert str(output.spec) == "float32[?, 1]"


def test_what_no_loader_takes_is_read_as_it_stands(tmp_path):
    path = tmp_path / "m.json"
    path.write_text('{"signatures": [{"inputs": [{"name": "x", "dtype": "int32", "shape": [2]}]}]}')
    assert sigcheck.read(path, load=True).reader == "signature_file"


def test_code_is_found_without_being_imported(tmp_path):
    (tmp_path / "src" / "inner").mkdir(parents=True)
    (tmp_path / "src" / "inner" / "__init__.py").write_text("raise SystemExit('imported')")
    (tmp_path / "alone.py").write_text("raise SystemExit('imported')")
    loading = Loading(imports=("inner.layers", "alone", "inner.ops", "json"), root=str(tmp_path))
    program = find_program(loading)
    assert program.search[:2] == (str(tmp_path / "src"), str(tmp_path))
    assert program.files[:2] == (str(tmp_path / "src" / "inner"), str(tmp_path / "alone.py"))
    # What is installed is not the same on every machine.
    assert find_own_files(loading) == [str(tmp_path / "src" / "inner"), str(tmp_path / "alone.py")]


@pytest.mark.parametrize("name", ["", "a b", "os;x", "../layers", "a..b", "-m"])
def test_a_module_has_a_name(name):
    with pytest.raises(ValueError, match="imports"):
        Loading(imports=(name,))


@pytest.mark.parametrize("load", ["yes", 1, None, ("a",)])
def test_what_is_no_loading_is_refused(folder, load):
    with pytest.raises(sigcheck.UsageError, match="expected True, False or a"):
        sigcheck.read(folder / "plain.keras", load=load)


def test_every_place_of_code_in_a_config_counts():
    code = {"class_name": "__lambda__", "config": {"code": "x"}}
    inner = {"class_name": "Dense", "config": {"name": "d", "activation": code}}
    old = {"class_name": "Lambda", "config": {"name": "o", "function": ["x"], "function_type": "lambda"}}
    nested = {"class_name": "Functional", "config": {"name": "n", "layers": [inner, old, {"config": {"x": [code]}}]}}
    assert sorted(coded_layers({"config": {"layers": [nested]}})) == ["d", "n", "o"]


@pytest.mark.parametrize(
    "unsafe",
    [
        {"class_name": "TorchModuleWrapper", "config": {"name": "u", "module": "AAAA"}},
        {"class_name": "TFSMLayer", "config": {"name": "u", "filepath": "/elsewhere"}},
        {"class_name": "StringLookup", "config": {"name": "u", "vocabulary": "/elsewhere"}},
    ],
)
def test_a_named_lambda_lets_nothing_else_in_that_safe_mode_keeps_out(tmp_path, unsafe):
    code = {"class_name": "Lambda", "config": {"name": "y", "function": {"class_name": "__lambda__", "config": {}}}}
    config = {"class_name": "Functional", "config": {"name": "m", "layers": [code, unsafe]}}
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("metadata.json", "{}")
    with pytest.raises(ValueError, match="beside that code 'u' would unpickle something, or open another file"):
        load_keras(tmp_path / "m.keras", Program(lambdas=("y",)))
