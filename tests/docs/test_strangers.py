"""The page on strangers' repositories says of every command and option what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
import yaml

from sigcheck.cli import COMMANDS, cli
from sigcheck.config import check_names
from sigcheck.encodings import arrays, reach
from sigcheck.encodings.remote import SCHEMES
from sigcheck.planning import example
from sigcheck.schema import budget

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "strangers.md").read_text("utf-8")
# The options by which a person lets something be opened or run.
LETTING = ("--remote", "--remote-private", "--allow-outside", "--load", "--run-models", "--run-adapter")


def section(title):
    return re.split(r"^## ", PAGE.split(f"## {title}\n")[1], flags=re.MULTILINE)[0]


def options(command):
    parameters = cli.get_command(click.Context(cli), command).params
    return {name for parameter in parameters for name in parameter.opts}


def test_every_command_is_told():
    told = set(re.findall(r"`([a-z]+)[^`]*`", " ".join(row.split("|")[1] for row in rows("By default"))))
    assert set(COMMANDS) <= told


def rows(title):
    return [line for line in section(title).splitlines() if line.startswith("| ") and "---" not in line][1:]


@pytest.mark.parametrize("option", LETTING)
def test_every_command_of_an_option_is_told(option):
    lines = rows("With an option")
    (at,) = [number for number, line in enumerate(lines) if f"`{option}`" in line.split("|")[1]]
    # A row may say that it is of the same commands as the one above.
    while "the same" in lines[at].split("|")[2]:
        at -= 1
    told = {name.split()[0] for name in re.findall(r"`([^`]+)`", lines[at].split("|")[2])}
    assert told == {command for command in COMMANDS if option in options(command)}


def test_every_scheme_is_told():
    told = [name for row in rows("Addresses") for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(told) == sorted(SCHEMES)


def test_the_limits_are_told():
    limits = (
        f"{reach.MAX_SECONDS:g} s and {reach.MAX_BYTES >> 20} MiB for each address, "
        f"{reach.MAX_SECONDS_IN_SUM:g} s and {reach.MAX_BYTES_IN_SUM >> 30} GiB for all of a call"
    )
    assert limits in " ".join(section("Addresses").split())


def test_what_others_run_in_their_builds_permits_nothing():
    texts = [(ROOT / name).read_text("utf-8") for name in ("action.yml", ".pre-commit-hooks.yaml")]
    texts += re.findall(
        r"^```yaml\n(.*?)^```$", (ROOT / "docs" / "lint.md").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    for text in texts:
        for line in text.splitlines():
            is_run = "sigcheck lint" in line or "sigcheck lock" in line
            assert not (is_run and any(option in line for option in LETTING)), line
        assert "pull_request_target" not in text
        assert "SIGCHECK_REMOTE" not in text


def test_the_action_imports_nothing_of_the_repository():
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    for step in action["runs"]["steps"]:
        if "python -m" in step["run"]:
            assert step["working-directory"] == "${{ runner.temp }}"


def test_the_bounds_are_told():
    told = section("Time and memory")
    assert f"{budget.STEPS:,} steps, and {budget.GRAPH_STEPS:,} more" in told
    assert f"{budget.CALL_STEPS // 10**6} million steps" in told
    assert (
        f"{arrays.MOST_ARRAYS:,} arrays, {example.MOST_BYTES >> 20} MiB, {example.MOST_VALUES // 10**6} million" in told
    )
    assert f"| {check_names.MOST_NAME} characters |" in told
