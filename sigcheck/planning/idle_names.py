"""Idle names: what axes of one entry are called that the consumer has no such name for.

No step looks for them: such an axis holds nothing that could be misplaced, and any other one may go in its place. A
growth would walk through all ways to leave some of them out and to put others in, which mean the same.
"""

from __future__ import annotations

from sigcheck.planning.growth import Node
from sigcheck.planning.meaning import Meaning
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.transforms.parts.channels import CHANNEL_NAMES, has_one_number


class IdleNames:
    """Which specs of a pair are told apart by idle names only, where both sides name all of their axes.

    Where a side does not, an axis without a name may be any of those that it does not name. Where the meaning changes,
    a name may say along which axis; and where channels have colours, or numbers of their own, which axis has them.
    """

    def __init__(self, provided: TensorSpec, required: TensorSpec) -> None:
        self._seen: set[tuple[TensorSpec, Meaning]] = set()
        self._idle: set[str | None] = set()
        ours, theirs = provided.facts, required.facts
        if not (ours.axes and theirs.axes and provided.shape) or None in (*ours.axes, *theirs.axes):
            return
        if ours.meaning != theirs.meaning:
            return
        is_plain = all(one.channel_order is None and has_one_number(one) for one in (ours, theirs))
        telling = ("batch",) if is_plain else ("batch", *CHANNEL_NAMES)
        of_one_entry = {name for name, size in zip(ours.axes, provided.shape, strict=True) if size == 1}
        self._idle = of_one_entry.difference(theirs.axes, telling)

    def is_new(self, node: Node) -> bool:
        """Whether no node was asked about before that differs in idle names at most; it counts as asked about."""
        if not self._idle:
            return True
        told = (self._without(node.spec), node.meaning)
        if told in self._seen:
            return False
        self._seen.add(told)
        return True

    def _without(self, spec: TensorSpec) -> TensorSpec:
        axes, shape = spec.facts.axes, spec.shape
        if axes is None or shape is None or self._idle.isdisjoint(axes):
            return spec
        left = tuple(None if size == 1 and name in self._idle else name for name, size in zip(axes, shape, strict=True))
        return spec.replace(facts=spec.facts.replace(axes=left))
