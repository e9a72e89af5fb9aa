"""Lints of many links, built by hand: every verdict, adapters, findings, and models in a row."""

from __future__ import annotations

from sigcheck.schema.cost import Cost
from sigcheck.schema.finding import Finding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.project import LintedLink, LintedModel, LintFinding, LintResult, Location
from sigcheck.schema.report import Adapter, Binding, CheckResult, Side, Verification
from sigcheck.schema.signature import Endpoint, Signature

IMAGE = parse_spec("float32[?, 8, 8, 3]")
ROWS = parse_spec("int32[?, 128]")
MOVED = parse_spec("float32[?, 3, 8, 8]")
SHORT = parse_spec("int32[?, 100]")
MOVE = Step(
    transform="transpose",
    arguments={"perm": [0, 3, 1, 2]},
    result=MOVED,
    assumption="axis 3 moves to 1",
    cost=Cost(assumptions=1, bytes_moved=49152, steps=1),
)
OTHER = MOVE.model_copy(update={"arguments": {"perm": [0, 3, 2, 1]}})
CUT = Step(transform="truncate", arguments={"size": 100}, result=SHORT, loss="truncating", cost=Cost(truncating=1))
SOURCE = '''"""Adapter: a -> b. Written by `sigcheck adapt`; verified: executed, 24 cases.

provided  pixels: float32[?, 8, 8, 3]
required  image: float32[?, 3, 8, 8]
steps     transpose(perm=[0, 3, 1, 2])    exact    assumes axis 3 moves to 1
"""

import tensorflow as tf


def adapt(outputs: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
    image = tf.transpose(outputs["pixels"], perm=[0, 3, 1, 2])  # axis 3 moves to 1
    return {"image": image}
'''


VERDICTS = ("adapts", "fits", "adapts", "guarded", "adapts", "undecided", "adapts", "blocked")


def large_lint(links, verdicts=VERDICTS):
    """A row of groups of four models: half of the links adapt, the others fit, are guarded, tie or are blocked."""
    models = tuple(_model(at) for at in range(links + 1))
    made = tuple(_link(at, verdicts[at % len(verdicts)]) for at in range(links))
    found = tuple(
        LintFinding(subject=link.name, finding=finding, location=link.location, fingerprint=f"{at:064x}")
        for at, link in enumerate(made)
        for finding in link.check.findings
    )
    return LintResult(config="sigcheck.toml", models=models, links=made, findings=found)


def _model(at):
    return LintedModel(
        name=f"model{at}",
        source=f"models/model{at}.keras",
        location=Location(path="sigcheck.toml", line=1 + 3 * at),
        reader="keras",
        lock="agrees",
        signature=Signature(
            key="serving_default",
            inputs=(Endpoint(name="image", spec=MOVED),),
            outputs=(Endpoint(name="pixels", spec=IMAGE), Endpoint(name="mask", spec=ROWS)),
        ),
    )


def _link(at, verdict):
    names = f"model{at}", f"model{at + 1}"
    is_cut = verdict == "blocked"
    plans = {
        "fits": {"plan": Plan()},
        "adapts": {"plan": Plan(steps=(MOVE,)), "alternatives": (Plan(steps=(OTHER,)),)},
        "guarded": {"plan": Plan(steps=(MOVE.model_copy(update={"guard": "axis 1 has size 3"}),))},
        "undecided": {"candidates": (Plan(steps=(MOVE,)), Plan(steps=(OTHER,)))},
        "blocked": {"nearest": Plan(steps=(CUT,))},
    }
    rule = "truncated_rows" if is_cut else "layout_mismatch"
    finding = Finding(
        rule=rule,
        level="error" if verdict in {"blocked", "undecided"} else "warning",
        place="image",
        message="required axes in another order",
        help="the adapter does it: transpose(perm=[0, 3, 1, 2])",
        required=f"image: {SHORT if is_cut else MOVED}",
        provided=f"pixels: {ROWS if is_cut else IMAGE}",
    )
    has_adapter = verdict in {"adapts", "guarded"}
    check = CheckResult(
        producer=Side(source=f"models/{names[0]}.keras", reader="keras", key="serving_default"),
        consumer=Side(source=f"models/{names[1]}.keras", reader="keras", key="serving_default"),
        verdict=verdict,
        bindings=(
            Binding(
                provided="pixels",
                required="image",
                verdict=verdict,
                provided_spec=ROWS if is_cut else IMAGE,
                required_spec=SHORT if is_cut else MOVED if verdict != "fits" else IMAGE,
                **plans[verdict],
            ),
        ),
        findings=() if verdict == "fits" else (finding,),
        unchecked=("value range of image: not declared",),
        adapter=Adapter(source=SOURCE) if has_adapter else None,
        verification=Verification(level="executed", cases=24, max_abs_error=0.0)
        if has_adapter
        else Verification(level="typed"),
    )
    return LintedLink(
        name=" -> ".join(names),
        producer=names[0],
        consumer=names[1],
        location=Location(path="sigcheck.toml", line=5000 + 3 * at),
        check=check,
    )
