"""A small project with something to declare, as an editor has it open."""

from __future__ import annotations

import pytest

from sigcheck.editor.diagnose import diagnose
from sigcheck.project.cache import NO_CACHE

CONFIG = """\
[models.texts]
source = "texts.toml"

[models.ranker]
source = "ranker.toml"

[[links]]
from = "texts"
to = "ranker"

[[ignore]]
rule = "lossy_cast"
link = "texts -> ranker"
reason = "trained on rounded ones"
"""
MODELS = {
    "texts": 'outputs.mean = "float32[?, 4]"\noutputs.peak = "float32[?, 4]"\noutputs.ids = "ragged int32[?, None]"\n',
    "ranker": 'inputs.query = "float32[?, 4]"\ninputs.tokens = "int32[?, 12]"\n',
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The folder of the project; its models are signature files."""
    monkeypatch.chdir(tmp_path)
    for name, text in MODELS.items():
        (tmp_path / f"{name}.toml").write_text(text)
    (tmp_path / "sigcheck.toml").write_text(CONFIG)
    return tmp_path


@pytest.fixture
def found(project):
    """Diagnoses a text as that of the config."""

    def call(text=CONFIG, name="sigcheck.toml"):
        return diagnose(project / name, text, NO_CACHE)

    return call
