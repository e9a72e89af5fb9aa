"""Joint links: a model whose inputs several others feed together, none of them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sigcheck.encodings.toml_text import write_key, write_value
from sigcheck.schema.report import Binding


@dataclass(frozen=True)
class Part:
    """What one model feeds of the inputs of another; `required` are all inputs that this one needs."""

    producer: str
    consumer: str
    bindings: tuple[Binding, ...]
    required: tuple[str, ...]


@dataclass(frozen=True)
class JointLink:
    """A link that takes tensors of several models: of its producer by their names, of others as `MODEL.OUT`."""

    producer: str
    consumer: str
    bind: dict[str, str]
    steps: str

    @property
    def lines(self) -> list[str]:
        """The entry of the config."""
        pairs = ", ".join(f"{write_key(output)} = {write_value(name)}" for output, name in self.bind.items())
        lines = ["[[links]]", f"from = {write_value(self.producer)}", f"to = {write_value(self.consumer)}"]
        lines.append(f"bind = {{ {pairs} }}")
        if self.steps:
            lines.append(f"adapter = {write_value(f'adapters/{self.producer}_to_{self.consumer}.py')}")
        return lines


def join(parts: Sequence[Part], linked: Iterable[str]) -> list[JointLink]:
    """A link for each consumer that is in no other, of whose inputs each is fed by one model, or by one by its name.

    >>> from sigcheck.schema.notation import parse_spec
    >>> spec = parse_spec("float32[?, 4]")
    >>> fed = lambda name: Binding(provided=name, required=name, verdict="fits", provided_spec=spec, required_spec=spec)
    >>> parts = [Part("left", "both", (fed("a"),), ("a", "b")), Part("right", "both", (fed("b"),), ("a", "b"))]
    >>> join(parts, linked=())[0].bind
    {'a': 'a', 'right.b': 'b'}
    """
    by_consumer: dict[str, list[Part]] = {}
    for part in parts:
        by_consumer.setdefault(part.consumer, []).append(part)
    taken = set(linked)
    found = (_joint(name, of_it) for name, of_it in by_consumer.items() if name not in taken)
    return [one for one in found if one is not None]


def _joint(consumer: str, parts: Sequence[Part]) -> JointLink | None:
    chosen: dict[str, tuple[str, Binding]] = {}
    for name in parts[0].required:
        fits = [(part.producer, one) for part in parts for one in part.bindings if one.required == name]
        named = [(producer, one) for producer, one in fits if one.provided == name]
        meant = named or fits
        # Of several models nobody knows which is meant.
        if len(meant) != 1:
            return None
        chosen[name] = meant[0]
    producer = next(iter(chosen.values()))[0]
    bind = {one.provided if own == producer else f"{own}.{one.provided}": name for name, (own, one) in chosen.items()}
    steps = "; ".join(f"{name}: {one.plan}" for name, (_, one) in chosen.items() if one.plan and one.plan.steps)
    return JointLink(producer, consumer, bind, steps) if len(bind) == len(chosen) else None
