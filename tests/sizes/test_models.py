"""What is said of the sizes of models is what TensorFlow does at those sizes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from sigcheck import api

IS_FULL = os.environ.get("SIGCHECK_LAWS") == "full"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    told = [sys.executable, "-m", "tests.sizes.models", str(folder), *(["all"] if IS_FULL else [])]
    subprocess.run(told, check=True, capture_output=True, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"})
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


def problems(signature, case):
    names = names_of(signature, case["feeds"])
    is_met = names is not None and all(evaluated(one.holds, names) for one in signature.constraints)
    runs = isinstance(case["gives"], dict)
    if is_met != runs and not case["is_empty"]:
        yield f"{case['feeds']}: said {'to run' if is_met else 'to fail'}, gives {case['gives']}"
    if not (is_met and runs) or case["is_empty"]:
        return
    for endpoint in signature.outputs:
        for named, size in zip(endpoint.sizes or (), case["gives"][endpoint.name], strict=False):
            if named is not None and (evaluated(named, names) if isinstance(named, str) else named) != size:
                yield f"{case['feeds']}: {endpoint.name} said {endpoint.sizes}, gives {case['gives']}"


@pytest.mark.xdist_group("tensorflow")
def test_models_run_exactly_where_the_conditions_hold_and_give_the_said_sizes(found):
    wrong = {}
    for name, one in found.items():
        (signature,) = api.read(one["path"], key="serving_default", infer=True).signatures
        told = [problem for case in one["cases"] for problem in problems(signature, case)]
        # Of a model that runs at no size nothing is said.
        runs_at_all = any(isinstance(case["gives"], dict) for case in one["cases"] if not case["is_empty"])
        if told and (runs_at_all or signature.constraints):
            wrong[name] = [[one.holds for one in signature.constraints], *told]
    assert wrong == {}
