"""What a policy would have to allow, in the words of the command line."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Iterator

from sigcheck.planning.goal import is_permitted
from sigcheck.schema.cost import LOSSES, Loss
from sigcheck.schema.plan import Step
from sigcheck.schema.policy import Policy

_LOSS = rf"--loss ({'|'.join(LOSSES)})\b"


def opening(steps: Iterable[Step], policy: Policy) -> str:
    """The options that would let these steps pass; empty where the policy allows them already.

    >>> from sigcheck.schema.notation import parse_spec
    >>> step = Step(transform="truncate", result=parse_spec("int32[?, 100]"), loss="truncating")
    >>> opening([step], Policy())
    '--loss truncating'
    """
    steps = tuple(steps)
    lacking = []
    loss = _loss_of(steps)
    if LOSSES.index(loss) > LOSSES.index(policy.loss):
        lacking.append(f"--loss {loss}")
    if any(step.guard for step in steps) and not policy.guard:
        lacking.append("guards (leave out --no-guard)")
    used = dict.fromkeys(step.transform for step in steps)
    lacking += [f"--allow {name}" for name in _permitted(steps) if name not in policy.allow]
    lacking += [f"{name} (leave out --deny {name})" for name in used if name in policy.deny]
    lacking += [made] if (made := accepting(steps, policy)) else []
    filled = [step for step in steps if step.assumption and "value" in step.arguments]
    if policy.pad_value is not None and any(step.arguments["value"] != policy.pad_value for step in filled):
        lacking.append(f"another filling (leave out the pad_value {policy.pad_value!r}, or declare the padding)")
    sides = {step.arguments["side"] for step in filled if "side" in step.arguments}
    if policy.pad_side is not None and sides - {policy.pad_side}:
        lacking.append(f"a filling on the other side (leave out the pad_side {policy.pad_side!r})")
    return " and ".join(lacking)


def of_input(text: str, name: str) -> str:
    """The text with a loss of all inputs as one of this input: the others need not lose as much.

    >>> of_input("accept it, with --loss irreversible", "mask")
    'accept it, with --loss mask=irreversible'
    """
    return re.sub(_LOSS, lambda found: f"--loss {shlex.quote(f'{name}={found[1]}')}", text)


def granted(steps: Iterable[Step], policy: Policy) -> Policy:
    """The policy in which all that `opening` names is allowed."""
    steps = tuple(steps)
    used = dict.fromkeys(step.transform for step in steps)
    loss = max(policy.loss, _loss_of(steps), key=LOSSES.index)
    changed: dict[str, object] = {
        "loss": loss,
        "guard": policy.guard or any(step.guard for step in steps),
        "allow": tuple(dict.fromkeys([*policy.allow, *_permitted(steps)])),
        "deny": tuple(name for name in policy.deny if name not in used),
    }
    filled = [step for step in steps if step.assumption and "value" in step.arguments]
    if policy.pad_value is not None and any(step.arguments["value"] != policy.pad_value for step in filled):
        changed["pad_value"] = None
    if policy.pad_side is not None and {step.arguments["side"] for step in filled if "side" in step.arguments} - {
        policy.pad_side
    }:
        changed["pad_side"] = None
    made = accepting(steps, policy)
    if made.startswith("--pad-value"):
        changed["pad_value"] = next(step.arguments["value"] for step in steps if not is_permitted(step, policy))
    elif made:
        changed["assume"] = "warn"
    return policy.model_copy(update=changed)


def loosest(policy: Policy) -> Policy:
    """The policy in which everything is allowed that is a way round a mismatch."""
    from sigcheck.transforms import BY_PERMISSION, batch_min_max

    # Statistics of the batch are none: where they are allowed, they are wanted.
    allow = tuple(name for name in BY_PERMISSION if name in policy.allow or name != batch_min_max.NAME)
    freed = {"pad_value": None, "pad_side": None}
    return policy.model_copy(update={"loss": "irreversible", "guard": True, "deny": (), "allow": allow, **freed})


def either(steps: Iterable[Step]) -> Iterator[tuple[Step, ...]]:
    """Yields these steps, and where one entry of an axis stands for all of it, those in which another one does."""
    from sigcheck.transforms import REDUCING

    steps = tuple(steps)
    used = [step.transform for step in steps if step.transform in REDUCING]
    for name in REDUCING if used else ("",):
        yield tuple(step.model_copy(update={"transform": name}) if step.transform in used else step for step in steps)


def accepting(steps: Iterable[Step], policy: Policy) -> str:
    """The option that accepts what these steps make up; empty where they make nothing up, or the policy accepts it.

    >>> from sigcheck.schema.cost import Cost
    >>> from sigcheck.schema.notation import parse_spec
    >>> made = Step(transform="pad", arguments={"value": 0}, result=parse_spec("int32[?]"), cost=Cost(inventions=1))
    >>> accepting([made], Policy())
    '--pad-value 0'
    """
    made_up = [step for step in steps if not is_permitted(step, policy)]
    if not made_up:
        return ""
    fillings = {json.dumps(step.arguments["value"]) for step in made_up if "value" in step.arguments}
    is_filled = len(fillings) == 1 and all("value" in step.arguments for step in made_up)
    return f"--pad-value {shlex.quote(fillings.pop())}" if is_filled else "--assume warn"


def _loss_of(steps: Iterable[Step]) -> Loss:
    """The worst loss that the policy has to allow in general: what is permitted by name may lose what it says."""
    charged = (step.loss for step in steps if not _is_by_permission(step))
    return max(charged, key=LOSSES.index, default="exact")


def _permitted(steps: Iterable[Step]) -> tuple[str, ...]:
    """The transforms that have to be allowed by name, for these steps."""
    return tuple(dict.fromkeys(step.transform for step in steps if _is_by_permission(step)))


def _is_by_permission(step: Step) -> bool:
    from sigcheck.transforms import BY_PERMISSION

    # What asserts that what was observed holds only backs a plan that is allowed.
    return step.transform in BY_PERMISSION and "observed" not in step.arguments
