"""Pairs reduced from public reports, with the verdicts that are right: `links.json` says how to read them.

They come from outside: what a case demands is what the people of the report needed, whatever the
planner finds natural. A case is added for every fault that is found, and none is changed to fit.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import sigcheck
from sigcheck.schema.policy import Policy

CASES = json.loads(Path(__file__).with_name("links.json").read_text())["cases"]
PASSED = {"fits", "adapts", "guarded"}


def having(*words):
    return [case for case in CASES if set(words) & set(case)]


def specs_of(case, side):
    return {name: value if isinstance(value, str) else value[0] for name, value in case[side].items()}


def facts_of(case, side):
    return {name: value[1] for name, value in case[side].items() if not isinstance(value, str) and value[1]}


def check(case):
    return sigcheck.check(
        specs_of(case, "from"),
        specs_of(case, "to"),
        bind=case.get("bind"),
        policy=Policy(**case["policy"]) if "policy" in case else None,
        facts={"producer": facts_of(case, "from"), "consumer": facts_of(case, "to")},
        verify="typed",
    )


def told(report):
    """All that the report says in words: findings, helps, what is not checked, steps of plans and candidates."""
    lines = [text for finding in report.findings for text in (finding.message, finding.help)]
    plans = [
        plan
        for binding in report.bindings
        for plan in (binding.plan, *binding.candidates, *binding.alternatives)
        if plan
    ]
    lines += [f"{step} {step.assumption or ''}" for plan in plans for step in plan.steps]
    return "\n".join([*lines, *report.unchecked])


def tensor(value):
    import numpy as np
    import tensorflow as tf

    return tf.convert_to_tensor(value) if isinstance(value, np.ndarray) else value


def arrays(fed):
    return {name: value.numpy() if hasattr(value, "numpy") else value for name, value in fed.items()}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_verdict_is_the_right_one(case):
    report = check(case)
    if "verdicts" in case:
        assert report.verdict in case["verdicts"], told(report)
    assert report.verdict not in case.get("not", ()), told(report)


@pytest.mark.parametrize("case", having("said", "unsaid"), ids=lambda case: case["id"])
def test_the_words_help(case):
    words = told(check(case))
    if "said" in case:
        assert re.search(case["said"], words)
    if "unsaid" in case:
        assert not re.search(case["unsaid"], words)


@pytest.mark.tensorflow
@pytest.mark.parametrize("case", having("feed"), ids=lambda case: case["id"])
def test_the_adapter_gives_what_is_meant(case):
    import numpy as np
    import tensorflow as tf

    known = {"np": np, "tf": tf, "rng": np.random.default_rng(5)}
    report = check(case)
    if report.verdict not in PASSED:
        # What is not passed has no adapter to be wrong; whether it should pass is asked above.
        assert report.adapter is None
        return
    fed = {name: tensor(eval(text, known)) for name, text in case["feed"].items()}
    given = report.adapter(fed)
    given = given if isinstance(given, dict) else {next(iter(case["expect"])): given}
    for name, text in case["expect"].items():
        wanted = np.asarray(eval(text, known | {"a": arrays(fed)}))
        found = np.asarray(given[name])
        precision = {"float16": 2e-3}.get(found.dtype.name, 1e-5)
        np.testing.assert_allclose(found.astype("float64"), wanted, rtol=precision, atol=precision)
    for name, text in case.get("refuses", {}).items():
        with pytest.raises(tf.errors.InvalidArgumentError):
            report.adapter({name: tensor(eval(text, known))})
