"""Each operation's rule says what TensorFlow does, with each of its builds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from sigcheck.sizes import operations
from sigcheck.sizes.operations import elementwise

IS_FULL = os.environ.get("SIGCHECK_LAWS") == "full"
# Random attributes for each operation, and sizes for each of these.
SEEDS, SIZES = (40, 12) if IS_FULL else (2, 4)
# The usual run tries one of the builds.
BUILDS = ("0", "1") if IS_FULL else ("1",)
# Of those that fail as many are explained; what depends on values is not.
LEAST_EXPLAINED = 0.95


@pytest.fixture(scope="module", params=BUILDS)
def found(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("operations") / "found.json"
    told = [sys.executable, "-m", "tests.sizes.operations.compare", str(path), str(SEEDS), str(SIZES)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": request.param}
    subprocess.run(told, check=True, capture_output=True, env=environment)
    return SimpleNamespace(**json.loads(path.read_text()))


@pytest.mark.tensorflow
def test_nothing_wrong_is_said(found):
    assert {op: tally["wrong"] for op, tally in found.tallies.items() if tally["wrong"]} == {}


@pytest.mark.tensorflow
def test_each_operation_is_tried_and_runs(found):
    """One that is listed and has no case fails here; so does a case for none."""
    assert sorted(set(found.listed) - set(elementwise.LOWERED.split())) == sorted(found.tallies)
    assert [op for op, tally in found.tallies.items() if not tally["ran"]] == []


@pytest.mark.tensorflow
def test_a_rule_that_is_wrong_by_one_is_noticed(found):
    assert [op for op, tally in found.tallies.items() if not tally["mutant"]] == []


@pytest.mark.tensorflow
def test_what_fails_is_explained(found):
    failed = sum(tally["failed"] for tally in found.tallies.values())
    assert sum(tally["explained"] for tally in found.tallies.values()) >= LEAST_EXPLAINED * failed > 0


@pytest.mark.tensorflow
def test_of_no_operation_all_that_fails_is_left_unexplained(found):
    """Few fail often: a demand that a rule forgets is lost among those of all others."""
    assert {
        op: tally["unexplained"] for op, tally in found.tallies.items() if tally["failed"] > tally["explained"] == 0
    } == {}


def test_no_operation_stands_in_two_tables():
    tables = [*operations.modules(), *operations.modules(of_layers=True)]
    listed = [op for module in tables for op in module.RULES]
    assert sorted(listed) == sorted(set(listed))


def test_tables_of_layers_have_all_layers_and_nothing_else():
    """Others would not be found."""
    told = {of: [op for module in operations.modules(of_layers=of) for op in module.RULES] for of in (True, False)}
    assert all(op.startswith("Keras>") for op in told[True])
    assert not any(op.startswith("Keras>") for op in told[False])
