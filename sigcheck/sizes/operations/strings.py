"""Strings: text by text, and what is looked up by it."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.operations.elementwise import broadcast
from sigcheck.sizes.tensor import Sized, Sizes


def _each(call: Call) -> Sized:
    return Sized(call.sizes())


def _looked_up(call: Call) -> Sized:
    """LookupTableFindV2: as many values as keys, where a value is a single one, as the default is."""
    if call.sizes(2) != ():
        raise UndecidedError("values of several numbers")
    return Sized(call.sizes(1))


def _joined(call: Call) -> Sized:
    """Text that is one for all is joined to each."""
    found: Sizes = ()
    for at in range(len(call.operands)):
        sizes = call.sizes(at)
        if sizes and found:
            if len(sizes) != len(found):
                raise UndecidedError("operands of several ranks")
            found = tuple(call.joined(*pair) for pair in zip(found, sizes, strict=True))
        found = found or sizes
    return Sized(found)


def _cut(call: Call) -> Sized:
    """Substr: places and lengths are of one shape, which is stretched to the text or the text to it."""
    places, lengths = call.sizes(1), call.sizes(2)
    if len(places) != len(lengths):
        raise UndecidedError("places of another rank")
    alike = tuple(call.joined(*pair) for pair in zip(places, lengths, strict=True))
    return Sized(broadcast(call, call.sizes(), alike))


def _split(call: Call) -> list[Sized]:
    """StringSplitV2: places of the parts, the parts, and a shape."""
    sizes = call.sizes()
    if len(sizes) != 1:
        raise UndecidedError("no vector")
    count = call.fresh()
    return [Sized((count, 2)), Sized((count,)), Sized((2,), (sizes[0], call.fresh()))]


def _decoded(call: Call) -> Sized:
    """DecodeRaw: how many numbers there are stands in the bytes."""
    return Sized((*call.sizes(), call.fresh()))


def _of_rows(call: Call) -> Sized:
    """ReduceJoin."""
    sizes = call.sizes()
    axes = set(call.axes(1, len(sizes)))
    keeps = bool(call.attributes.get("keep_dims", False))
    return Sized(tuple(1 if axis in axes else size for axis, size in enumerate(sizes) if keeps or axis not in axes))


EACH = (
    "AsString DecodeBase64 EncodeBase64 RegexFullMatch RegexReplace StaticRegexFullMatch StaticRegexReplace "
    "StringLength StringLower StringStrip StringToHashBucket StringToHashBucketFast StringToHashBucketStrong "
    "StringToNumber StringUpper UnicodeScript UnicodeTranscode"
)

RULES: dict[str, Rule] = {
    **dict.fromkeys(EACH.split(), _each),
    "LookupTableFindV2": _looked_up,
    "StringJoin": _joined,
    "Substr": _cut,
    "StringSplitV2": _split,
    "DecodeRaw": _decoded,
    "ReduceJoin": _of_rows,
}
