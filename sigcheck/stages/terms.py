"""Terms: what a check is told besides its sides, each of the kind that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike

from sigcheck.planning.declaration import SIDES, Declared
from sigcheck.schema.arguments import require_bind, require_facts, require_path, require_policy
from sigcheck.schema.bind import Bind
from sigcheck.schema.errors import UsageError
from sigcheck.schema.policy import Policy


def require_terms(
    bind: Bind | None, policy: Policy, facts: Mapping[str, Declared] | None, example: str | PathLike[str] | None
) -> None:
    """Raises UsageError for what is of another kind than `check` takes, or names what does not exist."""
    require_policy("policy", policy)
    if bind is not None:
        require_bind(bind)
    if facts is not None:
        require_facts(facts)
    if example is not None:
        require_path("example", example)
    _require_known(policy)
    for side in facts or ():
        if side not in SIDES:
            raise UsageError(f"facts.{side}", f"no side {side!r}, expected producer or consumer. Correct it.")


def _require_known(policy: Policy) -> None:
    """Raises UsageError for a name that the policy has and nothing else: what is denied by it is not denied."""
    if not policy.deny and not policy.allow:
        return
    from sigcheck.junctions import JUNCTIONS
    from sigcheck.planning.names import nearest
    from sigcheck.transforms import BY_NAME

    for field, known in (("deny", (*BY_NAME, *JUNCTIONS)), ("allow", tuple(BY_NAME))):
        for name in getattr(policy, field):
            if name not in known:
                raise UsageError(f"policy.{field}", f"no transform {name!r}; {nearest(name, known)}")
