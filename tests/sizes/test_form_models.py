"""What is said of the sizes of Keras files is what Keras does at those sizes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from sigcheck import api
from tests.sizes.test_models import problems, said_to_run

IS_FULL = os.environ.get("SIGCHECK_LAWS") == "full"
FORMS = ("keras", "h5", "layers", "graph", "tflite") if IS_FULL else ("keras",)
# Of the runs that fail, so that something is said of how many are explained.
LEAST_FAILING = 100 if IS_FULL else 60


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forms")
    told = [sys.executable, "-m", "tests.sizes.form_models", str(folder), *FORMS, *(["all"] if IS_FULL else [])]
    subprocess.run(told, check=True, capture_output=True, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"})
    return json.loads((folder / "found.json").read_text())["found"]


@pytest.mark.tensorflow
def test_no_size_that_runs_is_refused_and_nineteen_of_twenty_that_fail_are(found):
    wrong, failing, explained = {}, 0, 0
    for name, one in found.items():
        (signature,) = api.read(one["path"], infer=True).signatures
        # Of what leaves nothing of a tensor on the way builds make different things.
        for case in (case for case in one["cases"] if not case["is_empty"]):
            runs = isinstance(case["gives"], dict)
            is_empty = runs and any(0 in sizes for sizes in case["gives"].values())
            told = [] if is_empty else list(problems(signature, case))
            if runs and told:
                wrong.setdefault(name, []).extend(told)
            # Of a class of its own, which only its code knows, nothing is demanded.
            is_followed = not signature.unfollowed
            failing += not runs and is_followed
            explained += not runs and is_followed and not said_to_run(signature, case)
    assert wrong == {}
    assert failing > LEAST_FAILING
    assert explained >= 0.95 * failing
