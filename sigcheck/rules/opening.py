"""What a policy would have to allow, in the words of the command line."""

from __future__ import annotations

from collections.abc import Iterable

from sigcheck.schema.cost import LOSSES
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy

# Transforms that a policy must name before a plan may use them.
BY_PERMISSION = frozenset({"batch_min_max", "guard_ids"})


def opening(steps: Iterable[Step], policy: Policy) -> str:
    """The options that would let these steps pass; empty where the policy allows them already.

    >>> from sigcheck.schema.notation import parse_spec
    >>> step = Step(transform="truncate", result=parse_spec("int32[?, 100]"), loss="truncating")
    >>> opening([step], Policy())
    '--loss truncating'
    """
    steps = tuple(steps)
    lacking = []
    loss = max((step.loss for step in steps), key=LOSSES.index, default="exact")
    if LOSSES.index(loss) > LOSSES.index(policy.loss):
        lacking.append(f"--loss {loss}")
    if any(step.guard for step in steps) and not policy.guard:
        lacking.append("guards (leave out --no-guard)")
    used = dict.fromkeys(step.transform for step in steps)
    lacking += [f"--allow {name}" for name in used if name in BY_PERMISSION and name not in policy.allow]
    lacking += [f"{name} (leave out --deny {name})" for name in used if name in policy.deny]
    return " and ".join(lacking)
