"""What findings promise, over random pairs that are planned for real."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from sigcheck import api
from sigcheck.reports import FORMATS
from sigcheck.reports.parts.page import Page, columns
from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.policy import Policy
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.transforms import BY_PERMISSION
from tests.rules.conftest import compares

PAIRS_OF_A_SEED = 150
DTYPES = ["float32", "float16", "float64", "bfloat16", "int64", "int32", "int8", "uint8", "bool", "string", "unknown"]
FACTS = {
    "range": [(0, 1), (0, 100), (-1, 1), (0, 70000)],
    "normalization": [{"mean": 5, "std": 2}, {"mean": 0, "std": 1}],
    "meaning": ["logits", "probabilities", "token_ids", "pixels"],
    "id_count": [10, 1000],
    "channel_order": ["RGB", "BGR"],
    "padding": [{"value": 0}, {"value": 1, "side": "pre"}],
    "quantization": [{"scale": 0.1, "zero_point": 0}, {"scale": 0.2, "zero_point": 3}],
}
# The rules that speak of what may be refused at run time.
GUARD_RULES = {"reduced_axis", "unknown_size", "wrapping_cast", "truncated_rows", "id_out_of_vocabulary"}


def random_spec(draw):
    kind = draw.choice(["", "", "", "", "ragged ", "sparse "])
    sizes = [draw.choice(["?", "1", "2", "3", "8", "16"]) for _ in range(draw.randint(0, 4))]
    if kind == "ragged ":
        sizes = ["?", "None", *sizes[2:]]
    elif draw.random() < 0.05:
        sizes = ["*"]
    spec = parse_spec(f"{kind}{draw.choice(DTYPES)}[{', '.join(sizes)}]")
    facts = {name: draw.choice(values) for name, values in FACTS.items() if draw.random() < 0.15}
    try:
        return spec.replace(facts=Facts(**facts))
    except ValueError:
        return spec


def random_pair(draw):
    provided = random_spec(draw)
    if draw.random() < 0.7:
        return provided, provided.replace(dtype=draw.choice(DTYPES[:-1]), facts=Facts())
    return provided, random_spec(draw)


def random_policy(draw):
    return Policy(
        loss=draw.choice(["exact", "rounding", "truncating", "irreversible"]),
        guard=draw.random() < 0.7,
        assume=draw.choice(["warn", "error"]),
        deny=draw.choice([(), (), ("cast",), ("pad",)]),
        allow=draw.choice([(), *((name,) for name in BY_PERMISSION)]),
    )


@pytest.mark.parametrize("seed", range(4))
def test_findings_agree_with_the_verdict(seed):
    draw = random.Random(seed)
    seen = Counter()
    for _ in range(PAIRS_OF_A_SEED):
        (provided, required), policy = random_pair(draw), random_policy(draw)
        producer = Signature(outputs=(Endpoint(name="out", spec=provided),))
        consumer = Signature(inputs=(Endpoint(name="x", spec=required),))
        report = api.check(producer, consumer, policy=policy, verify="typed")
        levels = {finding.level for finding in report.findings}
        rules = {finding.rule for finding in report.findings if compares(finding.rule)}
        case = f"{provided} {provided.facts.known()} -> {required} {required.facts.known()} under {policy}"
        seen[report.verdict] += 1
        assert (report.verdict == "fits") == (not rules), case
        if report.verdict in {"blocked", "undecided"}:
            assert "error" in levels, case
        elif policy.assume == "warn":
            assert "error" not in levels, case
        if report.verdict == "guarded":
            assert rules & GUARD_RULES, case
        told = [(finding.rule, finding.message) for finding in report.findings]
        assert len(told) == len(set(told)), case
        text = FORMATS["text"].render_check(report.result, Page(width=60))
        assert max(map(columns, text.splitlines())) <= 60, text
    assert set(seen) == {"fits", "adapts", "guarded", "undecided", "blocked"}
