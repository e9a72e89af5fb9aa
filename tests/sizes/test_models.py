"""What is said of the sizes of models is what TensorFlow does at those sizes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from sigcheck import api

IS_FULL = os.environ.get("SIGCHECK_LAWS") == "full"
# The usual run tries one of the builds.
BUILDS = ("0", "1") if IS_FULL else ("1",)
# Of the sizes at which a model fails.
LEAST_EXPLAINED = 0.95


@pytest.fixture(scope="module", params=BUILDS)
def found(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    told = [sys.executable, "-m", "tests.sizes.models", str(folder), *(["all"] if IS_FULL else [])]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": request.param}
    subprocess.run(told, check=True, capture_output=True, env=environment)
    return json.loads((folder / "found.json").read_text())


def evaluated(text, names):
    """By Python itself: what is printed is what it means."""
    plain = {name.replace(".", "_"): size for name, size in names.items()}
    return eval(text.replace(".", "_"), {"min": min, "max": max}, plain)


def names_of(signature, feeds):
    """The names with the sizes that are fed; None where one name gets two."""
    names = {}
    for endpoint in signature.inputs:
        for named, size in zip(endpoint.sizes or (), feeds[endpoint.name], strict=False):
            if isinstance(named, str) and names.setdefault(named, size) != size:
                return None
    return names


def said_to_run(signature, case):
    names = names_of(signature, case["feeds"])
    return names is not None and all(evaluated(one.holds, names) for one in signature.constraints)


def problems(signature, case):
    """What is said and is not so."""
    if not isinstance(case["gives"], dict):
        return
    if not said_to_run(signature, case):
        yield f"{case['feeds']}: said to fail, gives {case['gives']}"
        return
    names = names_of(signature, case["feeds"])
    for endpoint in signature.outputs:
        for named, size in zip(endpoint.sizes or (), case["gives"][endpoint.name], strict=False):
            if named is not None and (evaluated(named, names) if isinstance(named, str) else named) != size:
                yield f"{case['feeds']}: {endpoint.name} said {endpoint.sizes}, gives {case['gives']}"


def signature_of(one):
    is_frozen = one["path"].endswith(".pb")
    (signature,) = api.read(one["path"], key=None if is_frozen else "serving_default", infer=True).signatures
    return signature


def full_cases(one):
    """Builds differ in what they make of a tensor of nothing on the way."""
    return [case for case in one["cases"] if not case["is_empty"]]


@pytest.mark.tensorflow
def test_models_run_where_the_conditions_hold_alone_and_give_the_said_sizes(found):
    wrong = {}
    for name, one in found.items():
        signature = signature_of(one)
        told = [problem for case in full_cases(one) for problem in problems(signature, case)]
        if told:
            wrong[name] = [[one.holds for one in signature.constraints], *told]
    assert wrong == {}


@pytest.mark.tensorflow
def test_sizes_that_fail_are_explained(found):
    failing = [
        (name, said_to_run(signature, case))
        for name, one in found.items()
        for signature in [signature_of(one)]
        for case in full_cases(one)
        if not isinstance(case["gives"], dict)
    ]
    unexplained = [name for name, is_said_to_run in failing if is_said_to_run]
    assert len(unexplained) <= (1 - LEAST_EXPLAINED) * len(failing), unexplained
    assert len(failing) > 0
