"""Requests: what the process that writes models is asked for, as values that JSON can hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from sigcheck.readers.loaded.program import Program
from sigcheck.schema.passed import Passed
from sigcheck.schema.report import Binding
from sigcheck.schema.row_call import RowCall
from sigcheck.schema.signature import Signature
from sigcheck.schema.state import State
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value import Value


class AdapterRequest(Value):
    """One adapter, to be written as a SavedModel folder or a Keras file at `target`.

    `arguments` are the names that the signature has for outputs whose own no argument can have.
    """

    kind: Literal["adapter"] = "adapter"
    form: Literal["saved_model", "keras"]
    source: str
    bindings: tuple[Binding, ...]
    target: str
    arguments: Mapping[str, str] = Field(default_factory=dict)


class Stage(Value):
    """One model of a pipeline: what people call it, where it lies, how and with what code it is loaded, its ends."""

    place: str
    path: str
    form: Literal["saved_model", "keras"]
    signature: Signature
    program: Program | None = None


class Link(Value):
    """The adapter between two stages; `passed` are the tensors of earlier stages that it takes.

    `rows` says which of the two stages is called row by row.
    """

    source: str
    bindings: tuple[Binding, ...]
    passed: tuple[Passed, ...] = ()
    rows: RowCall | None = None


class KeptState(Value):
    """A state of a stage, and what the fused model calls its input and its output; `spec` is what the input takes."""

    stage: int
    state: State
    input: str
    output: str
    spec: TensorSpec


class FusionRequest(Value):
    """All stages and the links between them, as one SavedModel at `target`.

    `kept` are (stage, output) pairs that the result gives too, the stage counted from 0. `states` are inputs and
    outputs of stages that it takes and gives besides.
    """

    kind: Literal["fusion"] = "fusion"
    stages: tuple[Stage, ...]
    links: tuple[Link, ...]
    kept: tuple[tuple[int, str], ...] = ()
    states: tuple[KeptState, ...] = ()
    target: str


class ExportRequest(Value):
    """One stage as a SavedModel at `target`, its names kept."""

    kind: Literal["export"] = "export"
    stage: Stage
    target: str


Request = AdapterRequest | FusionRequest | ExportRequest


def to_dict(request: Request) -> dict[str, Any]:
    """What JSON can hold and validation reads back; of each binding only its plan is sent."""
    written = request.model_dump(mode="json")
    for holder in (written, *written.get("links", ())):
        for binding in holder.get("bindings", ()):
            for one in (binding, *binding.get("parts", ())):
                _strip(one)
    return written


def _strip(binding: dict[str, Any]) -> None:
    for name in ("candidates", "alternatives", "nearest", "obstacle"):
        binding.pop(name)
    # The cost of a plan is computed from its steps: it is written, but never read.
    (binding["plan"] or {}).pop("cost", None)


def parse_request(data: dict[str, Any]) -> Request:
    """The request that was written. Raises ValidationError for anything else."""
    kinds: dict[str, type[AdapterRequest | FusionRequest | ExportRequest]] = {
        "adapter": AdapterRequest,
        "fusion": FusionRequest,
        "export": ExportRequest,
    }
    return kinds[data["kind"]].model_validate(data)
