"""The page on tests, followed: its Python is one test file, and all of it passes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "pytest.md"
COMMANDS = re.findall(r"^    pytest ([^#\n]+?) *(?:#.*)?$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
CONFIG = """
[models.encoder]
source = "encoder"

[models.classifier]
source = "classifier.keras"

[[links]]
from = "encoder"
to = "classifier"

[rules]
missing_adapter = "note"
"""


@pytest.mark.tensorflow
def test_the_tests_of_the_page_pass(run, project):
    # In this process it can be imported once only.
    import tensorflow as tf

    from tests.sizes.models import KERAS

    assert tf.__version__
    KERAS["unet_2"][0]().save(project.path / "unet.keras")
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 4
    project.makepyfile(test_page="\n\n".join(blocks))
    run("--signature-update").assert_outcomes(passed=7)
    run().assert_outcomes(passed=7)
    assert (project.path / "__signatures__" / "test_page" / "test_the_classifier_is_as_agreed.txt").exists()


def test_every_option_of_the_page_is_one(run):
    known = "\n".join(run("--help").outlines)
    told = set(re.findall(r"--(?:sigcheck|signature)[a-z-]*", PAGE.read_text(encoding="utf-8")))
    assert told >= {"--sigcheck", "--sigcheck-config", "--sigcheck-verify", "--signature-update"}
    assert [option for option in told if option not in known] == []


def test_the_page_has_commands():
    assert len(COMMANDS) >= 6


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_runs(run, project, command):
    project.path.joinpath("sigcheck.toml").write_text(CONFIG, encoding="utf-8")
    result = run(*shlex.split(command), "--sigcheck-verify", "typed")
    assert result.ret == 0
    assert result.parseoutcomes()["passed"] >= 1
