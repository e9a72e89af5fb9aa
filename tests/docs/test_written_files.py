"""What pages show and no test runs whole is what it says: files can be read, commands and their options exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from sigcheck.cli import cli
from sigcheck.config.load import load_config
from sigcheck.encodings.written_data import parse_toml
from tests.docs.examples import blocks, pages

ROOT = Path(__file__).parents[2]
PAGES = pages(ROOT)
TOML = [(page, at) for page in PAGES for at, _ in enumerate(blocks(page, "toml"))]
YAML = [(page, at) for page in PAGES for at, _ in enumerate(blocks(page, "yaml"))]
# Commands in the running text, behind four spaces, in a table or in a script for continuous integration.
_COMMAND = re.compile(r"(?:^    |`|^ +- )(sigcheck [a-z]+[^`\n]*?) *(?:#.*)?(?:`|$)", re.MULTILINE)
COMMANDS = sorted({(page.name, command) for page in PAGES for command in _COMMAND.findall(page.read_text("utf-8"))})


def test_there_is_something_to_look_at():
    assert len(TOML) >= 4
    assert len(YAML) >= 3
    assert len(COMMANDS) >= 20


@pytest.mark.parametrize(("page", "at"), TOML, ids=lambda one: getattr(one, "stem", one))
def test_toml_is_toml_and_a_config_is_one(page, at, tmp_path):
    block = blocks(page, "toml")[at]
    if {"models", "links"} & set(parse_toml(block)):
        path = tmp_path / "sigcheck.toml"
        path.write_text(block, "utf-8")
        assert load_config(path).entries.models


@pytest.mark.parametrize(("page", "at"), YAML, ids=lambda one: getattr(one, "stem", one))
def test_yaml_is_yaml(page, at):
    assert yaml.safe_load(blocks(page, "yaml")[at])


def test_hooks_of_the_page_exist():
    told = set(re.findall(r"- id: ([\w-]+)", (ROOT / "docs" / "lint.md").read_text("utf-8")))
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert told
    assert told <= {hook["id"] for hook in hooks}


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_commands_and_their_options_exist(page, command):
    _, name, *words = shlex.split(command.replace("...", ""))
    found = cli.get_command(click.Context(cli), name)
    assert found is not None, f"{page}: {command}"
    known = {option for parameter in found.params for option in parameter.opts} | {"--help"}
    assert [word for word in words if word.startswith("-") and word != "--" and word.split("=")[0] not in known] == []
