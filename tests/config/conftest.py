"""A config file to be wrong in one place."""

from __future__ import annotations

import pytest

from sigcheck.config.load import load_config
from sigcheck.schema.errors import SigcheckError

TEXT = """\
[models.encoder]
source = "models/encoder#serving_default"
outputs.embedding = { axes = ["batch", "feature"], range = [-1, 1] }

[models.classifier]
source = "models/classifier.keras"

[[links]]
from = "encoder"
to = "classifier"
bind = { embedding = "features" }
adapter = "adapters/encoder_to_classifier.py"
policy = { loss = "rounding", assume = "warn" }

[[ignore]]
rule = "lossy_cast"
link = "encoder -> classifier"
reason = "measured"
"""


@pytest.fixture
def written(tmp_path):
    """Writes the config, or another text, and gives its path."""

    def write(text=TEXT, name="sigcheck.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def problem(written, tmp_path):
    """What is said of the config with one text put for another, without the folder."""

    def said(old, new):
        assert old in TEXT
        with pytest.raises(SigcheckError) as error:
            load_config(written(TEXT.replace(old, new, 1)))
        return str(error.value).removeprefix(f"{tmp_path}/")

    return said
