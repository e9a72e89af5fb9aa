"""Strings of unknown form are fed to an operation that reads one form only.

## What it does
Looks at what a consumer's graph does with strings first: where it parses serialized `tf.Example`s or tensors, decodes
files of images or of sound, lines of CSV, base64 or raw bytes, it finds the output of which nothing says that its
strings are some.

## Why is this bad?
Every string has the right dtype and shape. Plain text fails at each call, with a message about protocol buffers.

## Example
    examples: error[unknown_text]: its graph takes serialized tf.Examples only (ParseExampleV2); nothing says that ...
      required  examples: string[?]
      provided  text: string[?]

## What to do
Declare the `meaning` of the output where its strings are what the graph reads, such as `serialized_example`,
`encoded_image` or `wav`. Where they are not, feed another signature: one beside it often takes the features themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from sigcheck.planning.texts import FORMS, find_unread
from sigcheck.rules.views.match import MatchView
from sigcheck.rules.words.option import fact_option
from sigcheck.schema.finding import Finding, Level

NAME = "unknown_text"
ORDER = 65
LEVEL: Level = "error"


def find(match: MatchView) -> Iterator[Finding]:
    """Yields one finding for each input whose strings may be of another form."""
    bindings = {binding.required: binding for binding in match.bindings}
    for required, claim in find_unread(match.bindings, match.inputs):
        binding = bindings[required]
        form = FORMS[str(claim.value)]
        declared = fact_option("producer", binding.provided, "meaning", str(claim.value))
        yield Finding(
            rule=NAME,
            level=LEVEL,
            place=required,
            message=f"its graph takes {form} only ({claim.reason}); nothing says that {binding.provided} is some",
            help=f"declare it where it is, with {declared}; else feed another signature, one that takes the values",
            required=f"{required}: {binding.required_spec}",
            provided=f"{binding.provided}: {binding.provided_spec}",
        )
