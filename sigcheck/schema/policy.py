"""Policy: what the user allows a plan to do."""

from __future__ import annotations

from typing import Literal

from sigcheck.schema.cost import Loss
from sigcheck.schema.facts import Filler, PaddingSide
from sigcheck.schema.value import Value

Assume = Literal["explained", "warn", "error"]


class Policy(Value):
    """The same words in the config, on the command line and in Python.

    `loss`: the most loss that a plan may have. `assume`: what an assumption is. `explained` warns
    of it, and leaves undecided a plan that makes values up (it fills rows up, copies one entry,
    joins examples) where no fact and no `pad_value` says so; `warn` passes that plan too, and warns;
    `error` is `explained` with errors for warnings. `guard`: whether steps that may fail at run time
    are allowed. `deny`: transforms and junctions that may not be used. `allow`: transforms that are
    used by permission only, such as batch_min_max, whose results depend on the batch, and guard_ids,
    which refuses ids that are out of range at run time. `pad_value` and `pad_side` say what fills
    short rows, and where, of consumers that declare no padding: what a consumer declares goes before
    them. Without a `pad_value` nothing says it, and the zero of the dtype is only shown; without a
    `pad_side` it is behind. That the filling means no value to the consumer stays an assumption: a
    preference for all says nothing of one.
    """

    loss: Loss = "rounding"
    assume: Assume = "explained"
    guard: bool = True
    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    pad_value: Filler | None = None
    pad_side: PaddingSide | None = None


DEFAULT_POLICY = Policy()
