"""Policy: what the user allows a plan to do."""

from __future__ import annotations

from typing import Literal

from sigcheck.schema.cost import Loss
from sigcheck.schema.facts import Filler, PaddingSide
from sigcheck.schema.value import Value


class Policy(Value):
    """The same words in the config, on the command line and in Python.

    `loss`: the most loss that a plan may have. `assume`: whether an assumption is a
    warning or an error. `guard`: whether steps that may fail at run time are allowed.
    `deny`: transforms and junctions that may not be used. `allow`: transforms that are used by
    permission only, such as batch_min_max, whose results depend on the batch, and
    guard_ids, which refuses ids that are out of range at run time. `pad_value` and `pad_side`
    say what fills short rows, and where, of consumers that declare no padding: what a consumer
    declares goes before them. None is the zero of the dtype, and behind. That the filling means
    no value to the consumer stays an assumption: a preference for all says nothing of one.
    """

    loss: Loss = "rounding"
    assume: Literal["warn", "error"] = "warn"
    guard: bool = True
    deny: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    pad_value: Filler | None = None
    pad_side: PaddingSide | None = None


DEFAULT_POLICY = Policy()
