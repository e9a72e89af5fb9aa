"""Calls: of functions, conditionals and loops.

What a function demands counts where it surely runs: of a branch not, of a loop's body not, as a
loop may end before it begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sigcheck.graph.view import CALLS
from sigcheck.sizes.call import Call, Results, Rule, UndecidedError
from sigcheck.sizes.join import join
from sigcheck.sizes.tensor import UNKNOWN, Items, Size, Sized, Sizes

# What changes from one round to the next is given up, so that few rounds are enough; each walks the body again.
_MOST_ROUNDS = 8


def _called(call: Call) -> Results:
    found = call.enter(str(call.attributes.get("f", "")), call.operands, surely=True)
    if found is None:
        raise UndecidedError("an unknown function")
    return found


def _branched(call: Call) -> Results:
    """If: what both branches have in common, or what the one gives that is always taken."""
    branches = [str(call.attributes.get(f"{name}_branch", "")) for name in ("else", "then")]
    return _chosen(call, branches)


def _chosen(call: Call, branches: Sequence[str]) -> Results:
    which, operands = call.operands[0], call.operands[1:]
    told = which.numbers if which.sizes == () else None
    if told is not None and isinstance(told[0], int):
        at = told[0] if 0 <= told[0] < len(branches) else len(branches) - 1
        found = call.enter(branches[at], operands, surely=True)
    else:
        found = None
        for at, branch in enumerate(branches):
            other = call.enter(branch, operands, surely=False)
            if other is None:
                raise UndecidedError("an unknown branch")
            found = other if at == 0 else _common(call, found or (), other)
    if found is None:
        raise UndecidedError("an unknown branch")
    return found


def _common(call: Call, one: Sequence[Sized], other: Sequence[Sized]) -> Sequence[Sized]:
    if len(one) != len(other):
        raise UndecidedError("branches of several results")
    return [join(*pair, call.numbered) for pair in zip(one, other, strict=True)]


def _cases(call: Call) -> Results:
    branches = call.attributes.get("branches")
    if not isinstance(branches, tuple) or not all(isinstance(one, str) for one in branches) or not branches:
        raise UndecidedError("unknown branches")
    return _chosen(call, branches)


def _repeated(call: Call) -> Results:
    """While: what stays in every round; of the rest nothing is known, but that it is the same wherever it is read."""
    body = str(call.attributes.get("body", ""))
    state: Sequence[Sized] = list(call.operands)
    begins = call.enter(str(call.attributes.get("cond", "")), state, surely=False)
    # Where there is a first round, what it demands must hold.
    runs = begins is not None and bool(begins) and begins[0].numbers == (1,)
    given_up: set[Size] = set()
    for number in range(_MOST_ROUNDS):
        after = call.enter(body, state, surely=runs and number == 0)
        if after is None or len(after) != len(state):
            raise UndecidedError("an unknown body")
        widened = [_Round(call, given_up).widened(*pair) for pair in zip(state, after, strict=True)]
        if widened == state:
            return state
        state = widened
    return [UNKNOWN] * len(state)


class _Round(NamedTuple):
    """What holds before a round of a loop and after it; sizes that were given up before stay so."""

    call: Call
    given_up: set[Size]

    def widened(self, before: Sized, after: Sized) -> Sized:
        if before == after:
            return before
        return Sized(
            self._sizes(before.sizes, after.sizes),
            before.numbers if before.numbers == after.numbers else None,
            before.below if before.below == after.below else None,
            self._items(before.items, after.items),
            before.reals if before.reals == after.reals else None,
        )

    def _sizes(self, before: Sizes | None, after: Sizes | None) -> Sizes | None:
        if before is None or after is None or len(before) != len(after):
            return None
        return tuple(self._size(*pair) for pair in zip(before, after, strict=True))

    def _size(self, before: Size, after: Size) -> Size:
        return before if before == after or before in self.given_up else self._fresh()

    def _fresh(self) -> Size:
        found = self.call.fresh()
        self.given_up.add(found)
        return found

    def _items(self, before: Items | None, after: Items | None) -> Items | None:
        if before is None or after is None or before == after:
            return before if before == after else None
        count = self._size(before.count, after.count)
        if not before.is_unset or after.sizes is None:
            return Items(count, self._sizes(before.sizes, after.sizes))
        # The first that is put in tells how large all are; what is not known of it may differ.
        known = (size if isinstance(size, int) or size.is_known else self._fresh() for size in after.sizes)
        return Items(count, tuple(known), after.is_unset)


def _switched(call: Call) -> list[Sized]:
    """Switch gives its operand on one of two ways."""
    return [call.operands[0]] * 2


def _met(call: Call) -> list[Sized]:
    """Merge gives the operand of the way that was taken, and which it was."""
    found = call.operands[0]
    for other in call.operands[1:]:
        found = join(found, other, call.numbered)
    return [found, Sized(())]


RULES: dict[str, Rule] = {
    **dict.fromkeys(CALLS, _called),
    **dict.fromkeys(("If", "StatelessIf"), _branched),
    "Case": _cases,
    "StatelessCase": _cases,
    **dict.fromkeys(("While", "StatelessWhile"), _repeated),
    "Switch": _switched,
    "Merge": _met,
}
