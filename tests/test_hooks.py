"""The hooks and the action that other repositories use, run by the tools that run them there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.two_models import CONFIG

ROOT = Path(__file__).parents[1]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

MODELS = {"encoder": 'outputs.x = "float32[?, 10]"', "classifier": 'inputs.x = "float32[?, 10]"'}


@pytest.fixture
def repository(tmp_path):
    """A repository of two models that fit, with its lock, and a `sigcheck` on the path: (folder, environment)."""
    folder, commands = tmp_path / "repository", tmp_path / "bin"
    folder.mkdir()
    commands.mkdir()
    for name, text in MODELS.items():
        (folder / f"{name}.toml").write_text(text)
    (folder / "sigcheck.toml").write_text(CONFIG)
    command = commands / "sigcheck"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m sigcheck "$@"\n')
    command.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PRE_COMMIT_HOME": str(tmp_path / "hooks"),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    for arguments in (["git", "init", "-q"], [str(command), "lock"], ["git", "add", "-A"]):
        subprocess.run(arguments, cwd=folder, env=environment, check=True, capture_output=True)
    return folder, environment


def pre_commit(*arguments, **options):
    command = [sys.executable, "-m", "pre_commit", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, **options)


def test_the_hooks_are_what_pre_commit_reads():
    done = pre_commit("validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))
    assert (done.returncode, done.stdout) == (0, "")


def test_the_hooks_pass_and_fail_in_pre_commit(repository):
    folder, environment = repository
    # The command of the hook, without a build of its environment, which needs the network.
    hooks = [{**hook, "language": "system"} for hook in HOOKS]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    done = pre_commit("run", "--all-files", cwd=folder, env=environment)
    assert (done.returncode, done.stdout.count("Passed")) == (0, 2), done.stdout
    (folder / "encoder.toml").write_text('outputs.x = "string[?, 10]"')
    done = pre_commit("run", "--all-files", cwd=folder, env=environment)
    assert (done.returncode, done.stdout.count("Failed")) == (1, 2), done.stdout
    assert "error[dtype_changed]" in done.stdout


@pytest.mark.parametrize(("encoder", "code"), [(MODELS["encoder"], 0), ('outputs.x = "string[?, 10]"', 1)])
def test_the_action_lints_and_reports(repository, encoder, code):
    folder, environment = repository
    (folder / "encoder.toml").write_text(encoder)
    step = ACTION["runs"]["steps"][-1]
    summary = folder / "summary.md"
    asked = {"SIGCHECK_ARGUMENTS": "--verify typed", "SIGCHECK_SARIF": "fit.sarif", "SIGCHECK_AGAINST": "none"}
    assert set(asked) == set(step["env"])
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=folder,
        env={**environment, **asked, "RUNNER_TEMP": str(folder), "GITHUB_STEP_SUMMARY": str(summary)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stderr
    assert ("::error file=sigcheck.toml,line=" in done.stdout) is bool(code)
    assert summary.read_text().startswith("## ")
    assert (folder / "fit.sarif").is_file()


def test_the_action_lints_a_pull_request_against_its_target(repository, tmp_path):
    folder, environment = repository
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    clone = tmp_path / "clone"
    for place, arguments in (
        (folder, [*identity, "commit", "-qm", "one"]),
        (folder, ["branch", "-M", "main"]),
        (folder, ["clone", "-q", "--depth=1", f"file://{folder}", str(clone)]),
        (clone, ["update-ref", "-d", "refs/remotes/origin/main"]),
    ):
        subprocess.run(["git", *arguments], cwd=place, env=environment, check=True, capture_output=True)
    for name in ("encoder", "classifier"):
        (clone / f"{name}.toml").write_text(MODELS[name].replace("10", "12"))
    fetch, lint = ACTION["runs"]["steps"][-2:]
    assert fetch["if"] == "inputs.against == '' && github.base_ref != ''"
    assert "origin/{0}" in lint["env"]["SIGCHECK_AGAINST"]
    asked = {"SIGCHECK_BASE": "main", "SIGCHECK_ARGUMENTS": "--verify typed", "SIGCHECK_SARIF": ""}
    asked |= {"RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}

    def step(text, against):
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
            cwd=clone,
            env={**environment, **asked, "SIGCHECK_AGAINST": against},
            check=False,
            capture_output=True,
            text=True,
        )

    assert step(lint["run"], "origin/main").returncode == 2
    assert step(fetch["run"], "").returncode == 0
    done = step(lint["run"], "origin/main")
    assert done.returncode == 1
    assert "(against origin/main)" in done.stdout
    done = step(lint["run"], "none")
    assert "(against origin/main)" not in done.stdout


def test_every_input_of_the_action_is_used():
    steps = str(ACTION["runs"]["steps"])
    assert all(f"inputs.{name} " in steps for name in ACTION["inputs"])


@pytest.mark.parametrize(
    ("version", "extras", "wanted"),
    [
        ("", "", "/action checkout"),
        ("", "tensorflow,yaml", "/action checkout[tensorflow,yaml]"),
        ("0.1.0", "", "sigcheck==0.1.0"),
        ("0.1.0", "tensorflow", "sigcheck[tensorflow]==0.1.0"),
    ],
)
def test_the_action_installs_the_sigcheck_of_its_tag(tmp_path, version, extras, wanted):
    step = ACTION["runs"]["steps"][0]
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    python.chmod(0o755)
    given = {"SIGCHECK_VERSION": version, "SIGCHECK_EXTRAS": extras, "GITHUB_ACTION_PATH": "/action checkout"}
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        env={"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", **given},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == ["-m", "pip", "install", "--quiet", wanted]
