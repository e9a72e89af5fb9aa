"""Unchecked: what could not be compared, because a side does not say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import filterfalse

from sigcheck.planning.texts import FORMS
from sigcheck.schema.agreement import conflicts, is_bound, undeclared
from sigcheck.schema.axis_agreement import axes_of_other_words
from sigcheck.schema.dtype import DTYPES
from sigcheck.schema.facts import Facts
from sigcheck.schema.junction import CONSTANT
from sigcheck.schema.plan import Plan
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.sizes.judged import Judged, Open
from sigcheck.transforms.parts.casting import is_naming

# How each fact is called in a sentence.
WORDS = {
    "axes": "axes",
    "range": "value range",
    "normalization": "normalization",
    "quantization": "quantization",
    "meaning": "meaning",
    "id_count": "id count",
    "channel_order": "channel order",
    "boxes": "box format",
    "features": "features",
    "padding": "padding",
}

_USUAL = " by convention"
# More places are no answer to "where".
_MOST_PLACES = 3
# Each takes some milliseconds at most to be said in few words.
_MOST_SUMMED_UP = 40


def list_unchecked(
    bindings: Sequence[Binding], outputs: Sequence[Endpoint] = (), inputs: Sequence[Endpoint] = ()
) -> tuple[str, ...]:
    """One line for each fact of each input that was not compared: `value range of x: not declared`.

    `outputs` and `inputs` are the endpoints that are bound: what the graph of one shows alone is told.
    """
    given, taken = ({one.name: one for one in side} for side in (outputs, inputs))
    lines = []
    for binding in filterfalse(_is_told_value, bindings):
        has_steps = binding.plan is not None and bool(binding.plan.steps)
        end = binding.plan.steps[-1].result if binding.plan is not None and has_steps else binding.provided_spec
        required = binding.required_spec
        # What the graph shows of the output is no longer true of what steps made of it.
        ours = {} if has_steps else _shown(given.get(binding.provided))
        theirs = _shown(taken.get(binding.required))
        if "range" in ours and theirs.get("range", "").endswith(_USUAL):
            # What is sure is told; that both differ is a finding.
            del theirs["range"]
        facts = list(undeclared(end, required))
        for fact in ("meaning", "id_count"):
            is_open = getattr(end.facts, fact) is None and getattr(required.facts, fact) is None
            if fact not in facts and is_open and (fact in ours) != (fact in theirs):
                facts.append(fact)
        if "range" not in facts and _is_quantized_blindly(binding.provided_spec, end, required):
            facts.append("range")
        if "id_count" in facts and "id_count" in theirs and "range" in facts and "range" not in ours:
            # What ids the graph takes says what their range is to be.
            facts.remove("range")
        before = binding.provided_spec.facts
        lines += [f"{WORDS[fact]} of {binding.required}: {told}" for fact, told in _passed_on(before, end, required)]
        if "padding" not in facts and _is_filling_lost(binding.provided_spec, binding.plan, required):
            # What a step makes of it is as any other value for a consumer that does not say where rows end.
            facts.append("padding")
        for fact in facts:
            words = axes_of_other_words(end, required) if fact == "axes" else ()
            # What the producer says of its rows a step may have lost.
            spoken = before if fact == "padding" and required.facts.padding is None else end.facts
            told = _observed(fact, before, end.facts, required.facts, theirs)
            if told is None:
                told = _in_words(end, required, words) if words else _told(fact, spoken, required.facts, ours, theirs)
            lines.append(f"{WORDS[fact]} of {binding.required}: {told}")
    return tuple(lines)


def _is_told_value(binding: Binding) -> bool:
    """Whether it is a value that somebody told for this input: it was held against all that is known of it."""
    return binding.junction is not None and binding.junction.transform == CONSTANT


def list_open_sizes(sizes: Judged) -> tuple[str, ...]:
    """One line for each constraint that nobody can tell yet: `height % 4 == 0 of image: open on both sides`.

    Where sizes of the producer's own inputs decide it, what it demands of these is told.
    """
    is_short = len(sizes.undecided) <= _MOST_SUMMED_UP
    return tuple(_open(one, is_summed_up=is_short) for one in sizes.undecided)


def list_unfollowed(
    bindings: Sequence[Binding], inputs: Sequence[Endpoint], unfollowed: Sequence[str]
) -> tuple[str, ...]:
    """The lines of what a graph may demand of ranks and sizes and nobody knows.

    One for each input of unknown rank, and one for those whose open sizes the graph leads where nothing is known of
    them; the batch is none.
    """
    fed = {binding.required: binding for binding in bindings}
    of_any_rank = [
        f"rank of {one.name}: left open by the consumer"
        for one in inputs
        if one.name in fed and one.spec.shape is None and not _is_told_value(fed[one.name])
    ]
    names = [one.name for one in inputs if one.name in fed and None in (one.spec.shape or ())[1:]]
    if not names or not unfollowed:
        return tuple(of_any_rank)
    more = f" and {len(unfollowed) - _MOST_PLACES} more" if len(unfollowed) > _MOST_PLACES else ""
    places = f"{', '.join(unfollowed[:_MOST_PLACES])}{more}"
    return (*of_any_rank, f"sizes of {' and '.join(names)}: not followed behind {places}")


def list_demands(sizes: Judged) -> tuple[str, ...]:
    """The constraints that nobody can tell yet: the pair holds where they do."""
    return tuple(map(_told_of, sizes.undecided))


def _told_of(one: Open) -> str:
    # What is said of places has the names of the inputs in it.
    return one.holds if one.test != one.holds else f"{one.holds} of {' and '.join(one.inputs)}"


def _open(one: Open, *, is_summed_up: bool) -> str:
    what = _told_of(one)
    if one.follows is None:
        return f"{what}: open on both sides"
    from sigcheck.sizes.summary import summarize

    told = summarize([one.follows]) if is_summed_up else None
    return f"{what}: where the producer is fed {' and '.join(each.holds for each in told or ()) or one.follows}"


def _is_quantized_blindly(provided: TensorSpec, end: TensorSpec, required: TensorSpec) -> bool:
    """Whether numbers became codes, and nothing says that these are what the codes are for.

    Of an unknown range what no code stands for is cut off. Of one that is not that of the codes it may be that the
    consumer wants them scaled: pixels in [0, 1] where it was made for [-1, 1].
    """
    ours, codes = provided.facts, end.facts.quantization
    if ours.quantization is not None or codes is None or end.dtype == provided.dtype:
        return False
    if ours.range is None:
        return ours.normalization is None
    limits = DTYPES[end.dtype or "variant"]
    is_told = required.facts.range is not None or required.facts.normalization is not None
    if is_told or len(codes.scale) > 1 or limits.lowest is None or limits.highest is None:
        return False
    ends = (codes.scale[0] * (limit - codes.zero_point[0]) for limit in (limits.lowest, limits.highest))
    return any(abs(end - wanted) > codes.scale[0] for end, wanted in zip(ours.range, ends, strict=True))


def _passed_on(before: Facts, end: TensorSpec, required: TensorSpec) -> Iterator[tuple[str, str]]:
    """Yields what both sides may say, and stays as it is all the same: the fact, and what is told of it."""
    if told := _unscaled(end, required):
        yield "range", told
    if before.boxes is not None and end.facts.boxes is None and required.facts.boxes is None:
        # Merged with others their four numbers have no axis of their own: what they say of a box stays as it is.
        yield "boxes", _told("boxes", before, required.facts, {}, {})


def _unscaled(end: TensorSpec, required: TensorSpec) -> str | None:
    """What is told where whole numbers of one range pass as they are for those of another that is all their type has.

    Such a range bounds nothing: it may be the ends of an encoding, as those of sound in 16 bits are.
    """
    ours, theirs, dtype = end.facts.range, required.facts.range, DTYPES[required.dtype or "variant"]
    is_whole = dtype.kind in {"int", "uint"} and theirs == (dtype.lowest, dtype.highest)
    if ours is None or theirs is None or ours == theirs or not is_whole or not is_bound(end, required):
        return None
    if "range" in conflicts(end, required) or is_naming(end) or is_naming(required):
        return None
    (low, high), (least, most) = ours, theirs
    return f"whole numbers in [{low:g}, {high:g}] pass as they are, and [{least:g}, {most:g}] is all of {dtype.name}"


def _is_filling_lost(provided: TensorSpec, plan: Plan | None, required: TensorSpec) -> bool:
    """Whether rows come filled and stay so, and nobody can tell any more with what."""
    steps = () if plan is None else plan.steps
    if provided.facts.padding is None or required.facts.padding is not None or not steps:
        return False
    from sigcheck.transforms import REDUCING

    is_used = required.facts.meaning in {"lengths", "mask"} or any(step.transform in REDUCING for step in steps)
    is_dense = all(one.kind == "dense" for one in (provided, required, *(step.result for step in steps)))
    return is_dense and not is_used and steps[-1].result.facts.padding is None


def _in_words(end: TensorSpec, required: TensorSpec, places: Sequence[int]) -> str:
    """The names of axes that are fed to axes of other names."""
    ours, theirs = ([(spec.facts.axes or ())[axis] or "" for axis in places] for spec in (end, required))
    return f"called {', '.join(ours)} by the producer and {', '.join(theirs)} by the consumer"


def _told(fact: str, end: Facts, required: Facts, ours: Mapping[str, str], theirs: Mapping[str, str]) -> str:
    has_ours, has_theirs = getattr(end, fact) is not None, getattr(required, fact) is not None
    if not has_ours and not has_theirs and (fact in ours) != (fact in theirs):
        who, other = ("producer", "consumer") if fact in ours else ("consumer", "producer")
        return f"the {who}'s graph shows {ours.get(fact) or theirs[fact]}, not declared by the {other}"
    if not has_ours and not has_theirs and fact in ours and ours[fact] != theirs[fact]:
        return f"the producer's graph shows {ours[fact]}, the consumer's {theirs[fact]}, not declared by either"
    if has_ours == has_theirs:
        return "not declared"
    who, shown = ("consumer", theirs) if has_ours else ("producer", ours)
    return f"not declared by the {who}{f', whose graph shows {shown[fact]}' if fact in shown else ''}"


def _observed(fact: str, before: Facts, end: Facts, required: Facts, theirs: Mapping[str, str]) -> str | None:
    """What is told of a range that data showed, and that a plan does not rest on; None of what was not observed so."""
    ends = before.range
    if fact != "range" or ends is None or before.origins.get(fact) != "observed" or end.range is not None:
        return None
    if required.range is not None:
        return None
    shown = f", the consumer's graph shows {theirs[fact]}" if fact in theirs else ""
    return f"data of the producer lies in [{ends[0]:g}, {ends[1]:g}]{shown}, not declared by the consumer"


def _shown(endpoint: Endpoint | None) -> dict[str, str]:
    """What the graph of an endpoint shows, in words: for sure, but for a range that an input is scaled out of."""
    claims = () if endpoint is None else endpoint.inferred
    found: dict[str, str] = {}
    for claim in claims:
        is_usual = claim.tier == "convention"
        if is_usual and claim.name != "range":
            continue
        if claim.name == "range":
            found["range"] = f"[{claim.value[0]:g}, {claim.value[1]:g}]{_USUAL if is_usual else ''}"
        elif claim.name == "id_count":
            found["id_count"] = f"ids below {claim.value}"
        elif claim.name == "meaning":
            form = FORMS.get(str(claim.value))
            found["meaning"] = str(claim.value) if form is None else f"{form} ({claim.reason})"
    return found
