"""Strings: text by text, and what is looked up by it."""

from __future__ import annotations

from sigcheck.sizes.call import Call, Rule, UndecidedError
from sigcheck.sizes.operations.elementwise import broadcast, same
from sigcheck.sizes.operations.reductions import reduced
from sigcheck.sizes.tensor import Sized, Sizes


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
        found = call.joined_all(found, sizes) if sizes and found else found or sizes
    return Sized(found)


def _cut(call: Call) -> Sized:
    """Substr: places and lengths are of one shape, which is stretched to the text or the text to it."""
    return Sized(broadcast(call, call.sizes(), call.joined_all(call.sizes(1), call.sizes(2))))


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
    return Sized(reduced(sizes, call.axes(1, len(sizes)), keeps=bool(call.attributes.get("keep_dims", False))))


EACH = (
    "AsString DecodeBase64 EncodeBase64 RegexFullMatch RegexReplace StaticRegexFullMatch StaticRegexReplace "
    "StringLength StringLower StringStrip StringToHashBucket StringToHashBucketFast StringToHashBucketStrong "
    "StringToNumber StringUpper UnicodeScript UnicodeTranscode"
)

RULES: dict[str, Rule] = {
    **dict.fromkeys(EACH.split(), same),
    "LookupTableFindV2": _looked_up,
    "StringJoin": _joined,
    "Substr": _cut,
    "StringSplitV2": _split,
    "DecodeRaw": _decoded,
    "ReduceJoin": _of_rows,
}
