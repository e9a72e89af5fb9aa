"""Values that are scaled already are fed to a model that scales pixels itself.

## What it does
Finds an output within [-1, 1], or one with values around 0, that feeds an input which its model scales as pixels of
0 to 255 are scaled: by 1/255, by 1/127.5 less 1, by the means of ImageNet.

The scaling is seen in the graph. What it is for is a convention, so this is a note; where the range of the input is
declared, and what the graph gives is no such range, it is a warning.

## Why is this bad?
Scaled twice, every picture is nearly black. Nothing fails.

## Example
    x: note[double_rescale]: scaled as values in [0, 255] are (Mul 0.00392157), provided values in [0, 1]
      required  x: float32[?, 224, 224, 3]
      provided  pixels: float32[?, 224, 224, 3]
      help      declare what the input takes: --fact consumer.x.range=0,255

## What to do
Feed the raw pixels. Or declare the range of the input, and of the output its own range, or by what it was normalized:
then the adapter converts.

    --fact consumer.x.range=0,255
    --fact 'producer.pixels.normalization={"mean": 127.5, "std": 127.5, "raw_range": [0, 255]}'
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.rules.views.encodings import is_scaled
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.views.seen import Pair, claim_of, seen_pairs
from sigcheck.rules.words.option import fact_option
from sigcheck.rules.words.wording import interval, number
from sigcheck.schema.finding import Finding, Level

NAME = "double_rescale"
ORDER = 240
LEVEL: Level = "note"
# What the graph gives is taken for an encoding where it is one of these; other ends only bound the values.
_ENCODINGS = frozenset({(0.0, 1.0), (-1.0, 1.0)})
_OWN = "the output's own range, or by what mean and std it was normalized"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each binding of scaled values to a scaling of pixels, or to a declared range of them."""
    for pair in seen_pairs(match):
        found = _declared(pair) if pair.input.spec.facts.range is not None else _usual(pair)
        if found is not None:
            yield found


def _usual(pair: Pair) -> Finding | None:
    """What is told of an input whose range nobody declared, and whose graph scales it as usual."""
    scaling, seen = claim_of(pair.input, "range", tier="convention"), claim_of(pair.output, "range")
    given = pair.output.spec.facts.range or (seen.value if seen is not None else None)
    if scaling is None or given is None or not is_scaled(given, scaling.value):
        return None
    ends = interval(scaling.value)
    said = f"scaled as values in {ends} are ({scaling.reason}), provided values in {interval(given)}"
    option = fact_option("consumer", pair.input.name, "range", ",".join(map(number, scaling.value)))
    facts = pair.output.spec.facts
    is_declared = facts.range is not None and facts.origins.get("range") != "observed"
    is_known = is_declared or facts.normalization is not None or given in _ENCODINGS
    return pair.finding(
        NAME, LEVEL, said, f"declare what the input takes: {option}{'' if is_known else f', and {_OWN}'}"
    )


def _declared(pair: Pair) -> Finding | None:
    """What is told of an input whose range is declared, where only the graph says that what feeds it is scaled."""
    wanted, facts, seen = pair.input.spec.facts, pair.output.spec.facts, claim_of(pair.output, "range")
    is_compared = any(one is not None for one in (facts.range, facts.normalization, facts.quantization))
    is_encoded = wanted.normalization is not None or wanted.quantization is not None
    if wanted.range is None or seen is None or is_compared or is_encoded:
        return None
    if seen.value in _ENCODINGS or not is_scaled(seen.value, wanted.range):
        return None
    said = f"required values in {interval(wanted.range)}, the graph gives values in {interval(seen.value)}"
    return pair.finding(NAME, "warning", f"{said} ({seen.reason})", f"feed the raw values; or declare {_OWN}")
