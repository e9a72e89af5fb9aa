"""Results built by hand: one of every verdict, with names that nobody should trust."""

from __future__ import annotations

import pytest

from sigcheck.schema.chain import ChainResult
from sigcheck.schema.cost import Cost
from sigcheck.schema.facts import Facts
from sigcheck.schema.finding import Finding
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.plan import Plan, Step
from sigcheck.schema.project import LintedLink, LintedModel, LintFinding, LintResult, Location, Suppression
from sigcheck.schema.report import Adapter, Binding, CheckResult, Side, Verification
from sigcheck.schema.signature import Endpoint, Model, Note, Signature
from sigcheck.schema.upgrade import DiffResult, LinkEffect

MOVE = Step(
    transform="transpose",
    arguments={"perm": [0, 3, 1, 2]},
    result=parse_spec("float32[?, 3, 8, 8]"),
    assumption="axis 3 moves to 1",
    cost=Cost(assumptions=1, bytes_moved=49152, steps=1),
)
NARROW = Step(
    transform="cast",
    arguments={"dtype": "float16"},
    result=parse_spec("float16[?, 3, 8, 8]"),
    loss="rounding",
    cost=Cost(rounding=1, steps=1),
)
GUARD = Step(
    transform="ensure_shape",
    arguments={"shape": [None, 3, 8, 8]},
    result=parse_spec("float32[?, 3, 8, 8]"),
    guard="axis 1 has size 3",
)
CUT = Step(transform="truncate", arguments={"size": 100}, result=parse_spec("int32[?, 100]"), loss="truncating")


def bound(provided, required, verdict, **plans):
    return Binding(
        provided="pixels",
        required="image",
        verdict=verdict,
        provided_spec=parse_spec(provided),
        required_spec=parse_spec(required),
        **{name: Plan(steps=plan) if name in {"plan", "nearest"} else plan for name, plan in plans.items()},
    )


@pytest.fixture
def result():
    """A check that adapts."""
    return CheckResult(
        producer=Side(source="models/encoder", reader="saved_model", key="serving_default"),
        consumer=Side(source="classifier.keras#default", reader="keras", key="default"),
        verdict="adapts",
        bindings=(
            bound(
                "float32[?, 8, 8, 3]",
                "float16[?, 3, 8, 8]",
                "adapts",
                plan=(MOVE, NARROW),
                alternatives=(Plan(steps=(NARROW, MOVE)),),
            ),
        ),
        findings=(
            Finding(
                rule="layout_mismatch",
                level="warning",
                place="image",
                message="required axes in another order",
                help="the adapter does it",
                required="image: float16[?, 3, 8, 8]",
                provided="pixels: float32[?, 8, 8, 3]",
            ),
            Finding(rule="unused_output", level="note", place="mask", message="no input takes it", help="nothing"),
        ),
        unchecked=("value range of image: not declared",),
        adapter=Adapter(source='"""Adapter."""\n\nimport tensorflow as tf\n'),
        verification=Verification(level="executed", cases=24),
    )


@pytest.fixture
def undecided(result):
    """A check of which two plans tie."""
    tied = bound(
        "float32[?, 8, 8, 3]",
        "float32[?, 3, 8, 8]",
        "undecided",
        candidates=(Plan(steps=(MOVE,)), Plan(steps=(GUARD,))),
    )
    return result.model_copy(
        update={"verdict": "undecided", "bindings": (tied,), "adapter": None, "findings": (), "unchecked": ()}
    )


@pytest.fixture
def blocked(result):
    """A check of which the nearest plan is beyond the policy."""
    cut = bound("int32[?, 128]", "int32[?, 100]", "blocked", nearest=(CUT,))
    finding = Finding(
        rule="truncated_rows", level="error", place="image", message="what is beyond is lost", help="allow it"
    )
    return result.model_copy(
        update={"verdict": "blocked", "bindings": (cut,), "adapter": None, "findings": (finding,), "unchecked": ()}
    )


@pytest.fixture
def named(result):
    """A check in which everything that a model can name is called so."""

    def named(name):
        binding = result.bindings[0].model_copy(update={"provided": name, "required": name})
        finding = result.findings[0].model_copy(
            update={"place": name, "message": name, "help": name, "required": name, "provided": name}
        )
        side = Side(source=name, reader="keras", key=name)
        return result.model_copy(
            update={
                "producer": side,
                "bindings": (binding,),
                "findings": (finding,),
                "unchecked": (name,),
                "verification": Verification(level="typed", reason=name),
            }
        )

    return named


@pytest.fixture
def hostile(named):
    """A check of names that try to command the terminal and to forge a line."""
    return named("x\x1b[2J\nerror: all is well \u202e[red]")


@pytest.fixture
def model():
    """A source of two signatures, with facts, an optional input and a note."""
    pixels = parse_spec("float32[?, 8, 8, 3]").replace(
        facts=Facts(
            axes=("batch", "height", None, "channel"),
            range=(0, 255),
            normalization={"mean": 127.5, "std": 127.5},
            origins={"range": "declared"},
        )
    )
    return Model(
        source="models/encoder",
        reader="saved_model",
        signatures=(
            Signature(
                key="serving_default",
                inputs=(
                    Endpoint(name="image", spec=pixels),
                    Endpoint(name="mask", spec=parse_spec("int32[?, 8]"), optional=True),
                ),
                outputs=(Endpoint(name="output_0", spec=parse_spec("float32[?, 10]")),),
                tags=("gpu", "serve"),
            ),
            Signature(key="empty"),
        ),
        notes=(Note(place="layer dense", message="its shape is not recorded"),),
    )


@pytest.fixture
def lint(result, undecided, hostile):
    """A lint of every outcome: a link that adapts, one undecided, one unreadable; one finding ignored."""
    place = Location(path="sigcheck.toml", line=12)
    ignored = LintFinding(
        subject="encoder -> classifier",
        finding=result.findings[1],
        location=place,
        fingerprint="b" * 64,
        suppression=Suppression(by="ignore", reason="read by another team"),
    )
    return LintResult(
        config="ci/sigcheck.toml",
        models=(
            LintedModel(name="encoder", source="models/encoder", location=Location(path="sigcheck.toml", line=3)),
            LintedModel(
                name="lost",
                source="lost.keras",
                location=Location(path="sigcheck.toml", line=6),
                origin="nowhere",
                problem="lost.keras: no such file or folder. Check the path.",
            ),
        ),
        links=(
            LintedLink(
                name="encoder -> classifier",
                producer="encoder",
                consumer="classifier",
                location=place,
                check=result,
                adapter="adapters/e.py",
                adapter_state="stale",
            ),
            LintedLink(
                name="encoder -> viewer",
                producer="encoder",
                consumer="viewer",
                location=Location(path="sigcheck.toml", line=16),
                check=undecided,
            ),
            LintedLink(
                name="encoder -> x\n|`::error::",
                producer="encoder",
                consumer="x\n|`::error::",
                location=Location(path="sigcheck.toml", line=20),
                check=hostile,
            ),
        ),
        findings=(
            LintFinding(
                subject="encoder -> classifier", finding=result.findings[0], location=place, fingerprint="a" * 64
            ),
            ignored,
            LintFinding(
                subject="encoder -> x\n|`::error::",
                finding=hostile.findings[0].model_copy(update={"level": "error"}),
                location=Location(path="sigcheck.toml", line=20),
                fingerprint="c" * 64,
            ),
        ),
    )


@pytest.fixture
def diff(result, blocked):
    """A change that breaks one link and leaves another as it was."""
    finding = Finding(
        rule="output_removed", level="error", place="mask", message="the output is gone", help="give it again"
    )
    return DiffResult(
        old=result.producer,
        new=result.producer.model_copy(update={"source": "models/encoder2"}),
        findings=(finding,),
        links=(
            LinkEffect(link="encoder -> classifier", effect="safe", before="adapts", after=result),
            LinkEffect(link="encoder -> cutter", effect="broken", before="fits", after=blocked),
        ),
    )


@pytest.fixture
def chain(result, blocked):
    """A pipeline of two links, the second of which is blocked."""
    sides = {"producer": result.consumer, "consumer": Side(source="last", reader="keras", key="default")}
    return ChainResult(links=(result, blocked.model_copy(update=sides)))
