"""What a link or a device in a model's folder leads to never gets into what is written of the model."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sigcheck.adapters.own_files import refuse_foreign
from sigcheck.schema.errors import UsageError


@pytest.fixture
def model(tmp_path):
    (tmp_path / "model" / "assets").mkdir(parents=True)
    (tmp_path / "model" / "saved_model.pb").write_bytes(b"")
    (tmp_path / "secret").write_text("token")
    return tmp_path / "model"


def test_files_of_its_own_and_links_among_them_are_taken(model):
    Path(model, "assets", "words").symlink_to("../saved_model.pb")
    refuse_foreign(model)


@pytest.mark.parametrize(
    ("link", "target", "problem"),
    [
        ("assets/words", "../../secret", "a link that leads out of the model"),
        ("assets/words", "/etc/passwd", "a link that leads out of the model"),
        ("variables", "/etc", "a link that leads out of the model"),
        ("assets/loop", "..", "a link to a folder"),
        ("assets/gone", "nothing", "neither a file nor a folder"),
    ],
)
def test_a_link_that_leads_elsewhere_is_refused(model, link, target, problem):
    Path(model, link).symlink_to(target)
    with pytest.raises(UsageError, match=f"{Path(link).name}: {problem}"):
        refuse_foreign(model)


def test_a_pipe_is_refused(model):
    os.mkfifo(model / "assets" / "pipe")
    with pytest.raises(UsageError, match="pipe: neither a file nor a folder"):
        refuse_foreign(model)
