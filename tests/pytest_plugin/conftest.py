"""Runs of pytest with the plugin, in a folder with the models of `fixtures/rank`."""

from __future__ import annotations

import shutil
from importlib.metadata import entry_points
from pathlib import Path

# What the runs use stays imported from one to the next; numpy cannot be imported a second time.
import numpy as np  # noqa: F401  # imported to be there
import pytest

import sigcheck.project.lint
import sigcheck.pytest_plugin.project_items
import sigcheck.testing.snapshot  # noqa: F401  # imported to be there

FIXTURES = Path(__file__).parents[2] / "fixtures"

# Where sigcheck is installed the entry point loads the plugin; a second time is an error.
IS_INSTALLED = any(one.value == "sigcheck.pytest_plugin" for one in entry_points(group="pytest11"))
LOAD = () if IS_INSTALLED else ("-p", "sigcheck.pytest_plugin")
# Hypothesis would be imported anew at the end of each run.
QUIET = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest")


@pytest.fixture
def project(pytester, monkeypatch):
    """The folder of the run: encoder and classifier.keras are in it, and no cache of the user."""
    for name in ("encoder", "classifier.keras"):
        source = FIXTURES / "rank" / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, pytester.path / name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(pytester.path / "cache"))
    monkeypatch.setenv("PYTHONPATH", str(FIXTURES.parent))
    pytester.makeini("[pytest]\naddopts = --strict-markers --strict-config\n")
    return pytester


@pytest.fixture
def run(project):
    """Runs pytest in the folder: in this process, so that nothing heavy is imported anew."""

    def call(*arguments):
        return project.runpytest_inprocess(*LOAD, *QUIET, *arguments)

    return call


def section(result, title):
    """The lines of a section of pytest's output, up to the next one."""
    lines = result.outlines
    start = next(at for at, line in enumerate(lines) if title in line and line.startswith(("=", "_", "E ")))
    end = next((at for at in range(start + 1, len(lines)) if lines[at].startswith(("=", "_"))), len(lines))
    return "\n".join(line.rstrip() for line in lines[start + 1 : end])
