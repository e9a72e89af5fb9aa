"""A folder with the models that the help pages name, to run commands in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sigcheck import api
from sigcheck.adapters import build as building
from sigcheck.cli import run
from sigcheck.pipelines import chain
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Model, Signature

FIXTURES = Path(__file__).parents[2] / "fixtures"


# Signature files for pipelines of several models: their inputs and outputs.
CONTRACTS = {
    "ids": ({}, {"ids": "int32[?, 8]"}),
    "embedder": ({"ids": "int32[?, 8]"}, {"embedding": "float64[?, 4]"}),
    "ranker": ({"features": "float32[?, 4]"}, {"score": "float32[?, 1]"}),
    "cell": ({"x": "float32[?, 4]", "h": "float32[?, 2]"}, {"y": "float32[?, 3]", "next": "float32[?, 2]"}),
    "mixer": ({"embedding": "float32[?, 4]", "pressure": "float32[?, 16]"}, {"mixed": "float32[?, 20]"}),
}


def _write_contracts(folder):
    for name, (inputs, outputs) in CONTRACTS.items():
        ends = [
            tuple(Endpoint(name=one, spec=parse_spec(text)) for one, text in end.items()) for end in (inputs, outputs)
        ]
        signature = Signature(key="serving_default", inputs=ends[0], outputs=ends[1])
        model = Model(source=name, reader="signature_file", signatures=(signature,))
        (folder / f"{name}.json").write_text(model.model_dump_json())


def fill(folder):
    """Copies the models that the help pages name: encoder, classifier.keras, sensor.keras, and so on."""
    for subject in ("rank", "range", "rows"):
        shutil.copytree(FIXTURES / subject, folder, dirs_exist_ok=True)
    shutil.copy(FIXTURES / "range" / "facts.toml", folder)
    _write_contracts(folder)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder of the commands, with those models."""
    fill(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIGCHECK_DEBUG", raising=False)
    return tmp_path


@pytest.fixture
def typed(monkeypatch):
    """Proves by the spec algebra alone and writes no models, whatever is asked: these tests are about the commands."""
    prove = api.prove
    monkeypatch.setattr(building, "build", lambda asked, _: [Path(one.target).mkdir(parents=True) for one in asked])
    for module in (api, chain):
        monkeypatch.setattr(module, "prove", lambda drafts, _, *rest, **more: prove(drafts, "typed", *rest, **more))


@pytest.fixture
def fresh(folder):
    """Runs Python with these arguments in a process of its own, in that folder."""

    def call(*arguments, **options):
        environment = {**os.environ, "PYTHONPATH": str(FIXTURES.parent), **options.pop("environment", {})}
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
        command = [sys.executable, *arguments]
        return subprocess.run(command, check=False, cwd=folder, env=environment, **options)

    return call


@pytest.fixture
def sigcheck(capsys):
    """Runs a command line: (exit code, stdout, stderr)."""

    def call(*arguments):
        code = run([str(argument) for argument in arguments])
        return (code, *capsys.readouterr())

    return call
