"""A job: one adapter and what it must do, as it is sent to the worker."""

from __future__ import annotations

from typing import Any, Literal

from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.value import Value

# The levels that need TensorFlow and no models; `typed` needs neither.
WorkerLevel = Literal["traced", "executed"]


class Job(Value):
    """An adapter's source, both sides' endpoints, and the bindings whose plans it must carry out.

    `source` is Python that defines `adapt(outputs: dict) -> dict`, from provided names to
    required ones. Each binding must have a plan. An adapter that a person wrote is given every
    provided name, and of what no binding is about only the types are looked at.
    """

    source: str
    provided: tuple[Endpoint, ...]
    required: tuple[Endpoint, ...]
    bindings: tuple[Binding, ...]
    is_handwritten: bool = False

    def to_dict(self) -> dict[str, Any]:
        """What JSON can hold and `Job.model_validate` reads back; of each binding only its plan is sent."""
        # The cost of a plan is computed from its steps: it is written, but never read.
        unsent: dict[str, Any] = {"candidates": True, "alternatives": True, "nearest": True, "plan": {"cost"}}
        return self.model_dump(mode="json", exclude={"bindings": {"__all__": unsent}})

    @property
    def place(self) -> str:
        """What a failure of the whole adapter is about: the names that it feeds."""
        names = [endpoint.name for endpoint in self.required] if self.is_handwritten else []
        return ", ".join(names or (binding.required for binding in self.bindings))
