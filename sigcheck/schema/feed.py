"""Feed: which sizes a whole pipeline takes, said of the inputs of its first model."""

from __future__ import annotations

from sigcheck.schema.constraint import Constraint
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.value import Value


class Feed(Value):
    """The inputs of the first model with their sizes by name, and what must hold of these so that all models run.

    `because` of a constraint has the models and inputs that demand it. What the sizes of the first model do
    not decide is not in it: the links say it.
    """

    inputs: tuple[Endpoint, ...]
    constraints: tuple[Constraint, ...] = ()
