"""Lengths: which length rows get, and what else they could have had, by what data showed of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sigcheck.planning.max_length import LENGTH_AXIS
from sigcheck.schema.cost import LOSSES
from sigcheck.schema.errors import UsageError
from sigcheck.schema.evidence import Evidence
from sigcheck.schema.length_choice import LengthChoice
from sigcheck.schema.policy import DEFAULT_SHARE, Policy, share_of
from sigcheck.schema.report import Binding

_HOW = "Pass what `sigcheck observe` wrote of the data with --facts, or write a number."


def chosen_lengths(evidence: Mapping[str, Evidence], wanted: str) -> dict[str, int]:
    """The length that the rows of each output get, where the policy wants it to be found out, as `auto:99.9%`.

    Raises UsageError where no lengths were observed.
    """
    from sigcheck.observation.choice import recommended

    share = share_of(wanted) or DEFAULT_SHARE
    found = {name: recommended(one.lengths, share) for name, one in evidence.items()}
    known = {name: length for name, length in found.items() if length is not None}
    if not known:
        raise UsageError("max_length", f"{wanted}, and no lengths of rows were observed. {_HOW}")
    return known


def list_choices(
    bindings: tuple[Binding, ...], evidence: Mapping[str, Evidence], policy: Policy
) -> Iterator[LengthChoice]:
    """Yields the lengths to choose from where an input leaves its length open, or rows are cut or refused."""
    for binding in bindings:
        shown = evidence.get(binding.provided)
        is_chosen = policy.max_length is not None
        if shown is None or not shown.lengths or not (is_chosen or _is_at_stake(binding, shown)):
            continue
        from sigcheck.observation.choice import candidates

        share = share_of(policy.max_length) if isinstance(policy.max_length, str) else None
        shape = binding.required_spec.shape or ()
        most = None if is_chosen or len(shape) <= LENGTH_AXIS else shape[LENGTH_AXIS]
        yield LengthChoice(
            provided=binding.provided,
            required=binding.required,
            rows=sum(rows for _, rows in shown.lengths),
            share=share or DEFAULT_SHARE,
            most=most,
            candidates=candidates(shown.lengths, share or DEFAULT_SHARE, most),
        )


def _is_at_stake(binding: Binding, shown: Evidence) -> bool:
    shape = binding.required_spec.shape
    if shape is None or len(shape) <= LENGTH_AXIS:
        return False
    size, longest = shape[LENGTH_AXIS], max(length for length, _ in shown.lengths)
    plan = binding.plan or binding.nearest
    is_cut = plan is not None and any(LOSSES.index(one.loss) >= LOSSES.index("truncating") for one in plan.steps)
    return size is None or size < longest or is_cut
