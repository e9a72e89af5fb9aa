"""Policy: what the user allows a plan to do."""

from __future__ import annotations

from typing import Literal

from sigcheck.schema.cost import Loss
from sigcheck.schema.value import Value


class Policy(Value):
    """The same words in the config, on the command line and in Python.

    `loss`: the most loss that a plan may have. `assume`: whether an assumption is a
    warning or an error. `guard`: whether steps that may fail at run time are allowed.
    `deny`: transforms that may not be used. `allow`: transforms that are used by
    permission only, such as batch_min_max, whose results depend on the batch, and
    guard_ids, which refuses ids that are out of range at run time.
    """

    loss: Loss = "rounding"
    assume: Literal["warn", "error"] = "warn"
    guard: bool = True
    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()


DEFAULT_POLICY = Policy()
