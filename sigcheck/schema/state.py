"""A state: an output of a model that its next call takes as an input."""

from __future__ import annotations

from sigcheck.schema.junction import Constant
from sigcheck.schema.value import Value


class State(Value):
    """What `output` was is fed to `input` in the next call, and `initial` in the first.

    `model` is what a pipeline calls the model whose own state it is.
    """

    model: str
    output: str
    input: str
    initial: Constant

    def __str__(self) -> str:
        return f"{self.output} is {self.input} of the next call of {self.model}"
