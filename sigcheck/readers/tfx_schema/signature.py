"""TFX schema: the batches of tensors that TFX makes of its examples, for what gives them and for what takes them.

Features may be of one environment only, as labels are of training: where a schema has environments, each is a
signature of its own beside `default`, which has all features. The signature `examples` is the serialized Examples.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from sigcheck.encodings.message import Message, decode
from sigcheck.encodings.source import Source
from sigcheck.encodings.text_format import parse_message
from sigcheck.readers.parsed_features import serialized
from sigcheck.readers.tfx_schema.held import held_features
from sigcheck.readers.tfx_schema.messages import TFX_SCHEMA
from sigcheck.readers.tfx_schema.recognize import NAME, is_text
from sigcheck.readers.tfx_schema.tensors import is_used, read_tensors
from sigcheck.schema.signature import DEFAULT_KEY, EXAMPLES_KEY, Model, Note, Signature

# A schema is written by hand or read by people: the largest have some ten thousand features.
_MOST_BYTES = 32 * 2**20
# Training, serving, evaluation, and a handful of others.
_MOST_ENVIRONMENTS = 100


def read(source: Source) -> Model:
    """The signature `default`, and one of each environment. Raises ValueError or KeyError where the file is broken."""
    with source.content() as content:
        if len(content) > _MOST_BYTES:
            raise ValueError(f"{len(content)} bytes, more than {_MOST_BYTES}")
        if is_text(source):
            schema = parse_message("Schema", content, TFX_SCHEMA)
        else:
            schema = decode("Schema", bytes(content[:]), messages=TFX_SCHEMA)
    features = {one["name"]: one for one in schema.get("feature", ()) if is_used(one)}
    if not features:
        raise ValueError("no features")
    notes = dict.fromkeys(_twice(schema))
    signatures = []
    for key, chosen in {DEFAULT_KEY: features, **_environments(schema, features)}.items():
        tensors = read_tensors(schema, chosen)
        notes |= dict.fromkeys(tensors.notes)
        signatures.append(Signature(key=key, inputs=tensors.ends, outputs=tensors.ends))
    # What holds features of steps is a SequenceExample, which nothing that parses Examples takes.
    held = {} if any("struct_domain" in one for one in features.values()) else held_features(features)
    if held and EXAMPLES_KEY not in {one.key for one in signatures}:
        signatures.append(serialized(held))
    return Model(source=source.text, reader=NAME, signatures=tuple(signatures), notes=tuple(notes))


def _twice(schema: Message) -> Iterator[Note]:
    """Yields a note on each name that several features have, of which TFX keeps one."""
    counted = Counter(one.get("name", "") for one in schema.get("feature", ()) if is_used(one))
    for name, count in counted.items():
        if count > 1:
            yield Note(place=name, message=f"{count} features of this name: the last is read")


def _environments(schema: Message, features: Mapping[str, Message]) -> dict[str, dict[str, Message]]:
    usual = schema.get("default_environment", ())
    sides = ("in_environment", "not_in_environment")
    names = dict.fromkeys(
        [*usual, *(name for one in features.values() for side in sides for name in one.get(side, ()))]
    )
    if len(names) > _MOST_ENVIRONMENTS:
        raise ValueError(f"{len(names)} environments, more than {_MOST_ENVIRONMENTS}")
    return {
        environment: {name: one for name, one in features.items() if _is_in(environment, one, environment in usual)}
        for environment in names
    }


def _is_in(environment: str, feature: Message, is_usual: bool) -> bool:
    if environment in feature.get("in_environment", ()):
        return True
    return is_usual and environment not in feature.get("not_in_environment", ())
