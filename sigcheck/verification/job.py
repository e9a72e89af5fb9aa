"""A job: one adapter and what it must do, as it is sent to the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from pydantic import Field

from sigcheck.readers.loaded.program import Program
from sigcheck.schema.junction import Constant
from sigcheck.schema.report import Binding, VerificationLevel
from sigcheck.schema.row_call import RowCall
from sigcheck.schema.signature import Endpoint, Signature
from sigcheck.schema.value import Value

# The levels that need TensorFlow and no models; `typed` needs neither.
WorkerLevel = Literal["traced", "executed"]
# The readers whose models are run between adapters: TensorFlow loads these files, and the last two are what
# it makes of them where it loaded them to be read.
RUNNABLE = frozenset({"saved_model", "keras", "keras_h5", "tf_module", "keras_model"})
Subject = Literal["adapter", "producer", "consumer"]


class Progress(Protocol):
    """Told at each stage and case, so that a crash can be put down to it."""

    def __call__(self, level: VerificationLevel, case: str, cases: int, subject: Subject = "adapter", /) -> None:
        """The level reached, the case that begins, how many are done, and what runs in it."""


class RunnableModel(Value):
    """A model file that can be run: its absolute path, the reader that knows it, and the signature that is meant.

    `names` are what the check calls its outputs, in the order of the signature. `shapes` are those to run it on,
    by input, where more is known of them than that they fit. `passes` are what the check calls those of its inputs
    that the adapter takes, too. `program` is the code that it is loaded with, beside its own. `initial` is what the
    first call feeds to its states, which no adapter gives.
    """

    source: str
    path: str
    reader: str
    signature: Signature
    names: tuple[str, ...] = ()
    shapes: tuple[Mapping[str, tuple[int | None, ...]], ...] = ()
    passes: Mapping[str, str] = Field(default_factory=dict)
    program: Program | None = None
    initial: Mapping[str, Constant] = Field(default_factory=dict)


class Models(Value):
    """The real models around an adapter; their producers' outputs, in order, are what is provided.

    `beside` are tensors of models that are not run, which the adapter takes too. With `lifted` the one producer is
    called over a batch in front of its own.
    """

    producers: tuple[RunnableModel, ...]
    consumer: RunnableModel
    beside: tuple[Endpoint, ...] = ()
    lifted: RowCall | None = None


class Job(Value):
    """An adapter's source, both sides' endpoints, and the bindings whose plans it must carry out.

    `source` is Python that defines `adapt(outputs: dict) -> dict`, from provided names to
    required ones. Each binding must have a plan. An adapter that a person wrote is given every
    provided name, and of what no binding is about only the types are looked at. With `models`
    it is also run between them. `case` is an archive of tensors, in base64, to run it on alone.
    With `rows` the source defines `call_rows` too, and that is what is run: `provided` are then whole outputs,
    `required` all rows of each input, and the bindings those of one row.
    """

    source: str
    provided: tuple[Endpoint, ...]
    required: tuple[Endpoint, ...]
    bindings: tuple[Binding, ...]
    is_handwritten: bool = False
    models: Models | None = None
    case: str | None = None
    rows: RowCall | None = None

    def to_dict(self) -> dict[str, Any]:
        """What JSON can hold and `Job.model_validate` reads back; of each binding only its plan is sent."""
        # The cost of a plan is computed from its steps: it is written, but never read.
        unsent: dict[str, Any] = dict.fromkeys(
            ("candidates", "alternatives", "nearest", "obstacle", "is_cut_short"), True
        )
        unsent["plan"] = {"cost"}
        unsent["parts"] = {"__all__": unsent}
        return self.model_dump(mode="json", exclude={"bindings": {"__all__": unsent}})

    @property
    def used(self) -> list[Endpoint]:
        """The provided endpoints that some binding is fed from: no other needs values. A person may use them all."""
        if self.is_handwritten:
            return list(self.provided)
        names = {source.name for binding in self.bindings for source in binding.sources}
        return [endpoint for endpoint in self.provided if endpoint.name in names]

    @property
    def place(self) -> str:
        """What a failure of the whole adapter is about: the names that it feeds."""
        names = [endpoint.name for endpoint in self.required] if self.is_handwritten else []
        return ", ".join(names or (binding.required for binding in self.bindings))
