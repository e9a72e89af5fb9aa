"""Functions: a `tf.function`, by its input signature or its traces, and a ConcreteFunction."""

from __future__ import annotations

from sigcheck.readers.live.parts.functions import is_concrete, is_polymorphic, read_function
from sigcheck.schema.errors import SourceError
from sigcheck.schema.signature import DEFAULT_KEY, Model

NAME = "tf_function"
ORDER = 20
ACCEPTS = "a tf.function or ConcreteFunction"


def recognizes(value: object) -> bool:
    """Whether it is a function of TensorFlow."""
    return is_concrete(value) or is_polymorphic(value)


def read(value: object) -> Model:
    """The signature under the key `default`; several traces of one function
    are default[0], default[1].

    A function with an input signature is traced, which is how its outputs become known.
    Raises SourceError for a function that has none and was never called.
    """
    name = str(getattr(value, "__name__", "function"))
    found = read_function(value, DEFAULT_KEY, name)
    if found is None:
        problem = "a tf.function without an input_signature that was never called, expected one with known inputs"
        raise SourceError(name, f"{problem}. Give it an input_signature, or pass fn.get_concrete_function(...).")
    signatures, notes = found
    return Model(source=name, reader=NAME, signatures=signatures, notes=notes)
