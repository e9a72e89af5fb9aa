"""Several outputs could feed the same input, and nothing says which.

## What it does
Finds inputs for which two or more outputs cost the same, and none has the input's name.

## Why is this bad?
Swapped inputs of equal shape run without an error. Keras and most glue code take the first.

## Example
    query: error[ambiguous_binding]: 2 outputs fit equally well: output_0, output_1
      required  query: float32[?, 64]
      help      say which with --bind output_0=query, if it is the one: no name says so

## What to do
Bind them by name, with `--bind OUT=IN` for each, or give outputs and inputs equal names. Where neither names nor facts
say which is meant, the output that is named is only the first: see what each is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sigcheck.planning.advice import planned
from sigcheck.planning.proposable import is_proposable, is_told_apart, pair_likeliest
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import bind_option
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.signature import Endpoint

NAME = "ambiguous_binding"
ORDER = 20
LEVEL: Level = "error"

_SHOWN = 5


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each input that several outputs could feed."""
    inputs = {endpoint.name: endpoint for endpoint in match.inputs}
    outputs = {endpoint.name: endpoint for endpoint in match.outputs}
    known = {
        name: candidates
        for name, candidates in match.ambiguous
        if name in inputs and all(one in outputs for one in candidates)
    }
    likeliest = pair_likeliest(known, match.outputs, match.inputs)
    for name, candidates in match.ambiguous:
        more = f" and {len(candidates) - _SHOWN} more" if len(candidates) > _SHOWN else ""
        shown = [str(outputs[one]) if one in outputs else one for one in candidates[:_SHOWN]]
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=name,
            message=f"{len(candidates)} outputs fit equally well: {', '.join(candidates[:_SHOWN])}{more}",
            help=_say_which(
                match,
                inputs.get(name),
                outputs.get(likeliest.get(name, "")),
                [outputs[one] for one in candidates if one in outputs],
                name,
            ),
            required=str(inputs[name]) if name in inputs else None,
            provided=f"{' or '.join(shown)}{more}",
        )


def _say_which(
    match: MatchView, required: Endpoint | None, output: Endpoint | None, others: Sequence[Endpoint], name: str
) -> str:
    """The likeliest of the outputs, which feeds no other input; of too many to be planned for it may not lead there."""
    if output is not None and required is not None:
        specs, policy = (output.spec, required.spec), match.policy.of(name)
        if is_proposable(*specs, planned(*specs, policy), policy):
            said = f"say which with {bind_option(output.name, name)}"
            # The first of what is left is as good as another: who pastes it takes the mask for the ids.
            return said if is_told_apart(output, required, others) else f"{said}, if it is the one: no name says so"
    return f"say which with {bind_option('OUT', name)}"
