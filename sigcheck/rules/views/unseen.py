"""Unseen: what the check of a link lists as not compared, each with the input that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sigcheck.junctions import JUNCTIONS
from sigcheck.planning.unchecked import WORDS
from sigcheck.rules.words.config_words import LinkModels
from sigcheck.schema.finding import Finding, Level
from sigcheck.schema.plan import PASSING
from sigcheck.schema.project import LintedLink
from sigcheck.schema.report import Binding
from sigcheck.schema.signature import Signature

# With these words it is said what the fact is; others say of themselves who knows it.
_PLAIN = ("not declared", "called ")


@dataclass(frozen=True)
class Unseen:
    """One fact of one input of a link; `told` are the words behind the colon, as `not declared`.

    A line that names no fact is told whole, of the first input, with an empty `fact`.
    """

    link: LintedLink
    binding: Binding
    fact: str
    told: str

    def finding(self, rule: str, level: Level, message: str, signatures: Mapping[str, Signature]) -> Finding:
        """A finding at the input, with what of the config would let it be compared; `signatures` are of all models."""
        return Finding(
            rule=rule,
            level=level,
            place=self.binding.required,
            message=message,
            help=self._advice(signatures),
            required=f"{self.binding.required}: {self.binding.required_spec}",
            provided=f"{self.binding.provided}: {self.binding.provided_spec}",
        )

    @property
    def sentence(self) -> str:
        """What was not compared, as a sentence of the input."""
        if not self.fact:
            return self.told
        words = WORDS[self.fact]
        if not self.told.startswith(_PLAIN):
            return f"{words}: {self.told}"
        return f"the {words} {'are' if self.fact == 'axes' else 'is'} {self.told}"

    @property
    def is_open_at_producer(self) -> bool:
        """Whether an output whose values the input has does not say the fact."""
        is_open = bool(self.fact) and getattr(self.binding.provided_spec.facts, self.fact, None) is None
        return is_open and bool(value_ends(self.binding))

    @property
    def is_open_at_consumer(self) -> bool:
        """Whether the input does not say the fact."""
        return bool(self.fact) and getattr(self.binding.required_spec.facts, self.fact, None) is None

    def _advice(self, signatures: Mapping[str, Signature]) -> str:
        if not self.fact:
            return "declare at both models, in the config, what is known"
        sides = []
        if self.is_open_at_producer:
            models = LinkModels(self.link.producer, self.link.consumer, signatures)
            given: dict[str, dict[str, None]] = {}
            for one in value_ends(self.binding):
                model, name = models.owner("producer", one.provided)
                given.setdefault(model, {})[name] = None
            sides += [f"of {', '.join(names)} at {model}" for model, names in given.items()]
        if self.is_open_at_consumer:
            sides.append(f"of {self.binding.required} at {self.link.consumer}")
        return f"declare {self.fact} {' and '.join(sides) or 'of both sides'}, in the config"


def value_ends(binding: Binding) -> tuple[Binding, ...]:
    """One binding for each output whose values the input has: lengths, and what only gives its sizes, are none."""
    held = None if binding.junction is None else JUNCTIONS[binding.junction.transform].VALUE_PARTS
    return binding.ends if held is None else tuple(one for at, one in enumerate(binding.ends) if at in held)


def find_unseen(link: LintedLink) -> Iterator[Unseen]:
    """Yields what the check lists as unchecked, in its order; none where the link does not pass: that is told of it."""
    check = link.check
    if check is None or check.verdict not in PASSING:
        return
    # The longest name first: a name may begin as another line does.
    heads = [
        (f"{words} of {binding.required}: ", fact, binding)
        for binding in check.bindings
        for fact, words in WORDS.items()
    ]
    heads.sort(key=lambda head: -len(head[0]))
    for line in check.unchecked:
        found = next((head for head in heads if line.startswith(head[0])), None)
        if found is not None:
            yield Unseen(link, found[2], found[1], line.removeprefix(found[0]))
        elif check.bindings:
            yield Unseen(link, check.bindings[0], "", line)
