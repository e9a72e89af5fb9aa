"""Names and specs as messages print them: `{"image": "float32[?, 224, 224, 3]"}`.

It says what is wanted or what exists, so the same endpoints stand on both sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sigcheck.schema.errors import UsageError
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import DEFAULT_KEY, Endpoint, Model, Signature
from sigcheck.schema.tensor_spec import TensorSpec

NAME = "notation"
ORDER = 50
ACCEPTS = 'names with specs such as {"x": "float32[?, 10]"}'


def recognizes(value: object) -> bool:
    """Whether it maps names to texts or specs."""
    return (
        isinstance(value, Mapping) and bool(value) and all(isinstance(one, str | TensorSpec) for one in value.values())
    )


def read(value: Any) -> Model:
    """One signature under the key `default`. Raises UsageError where a text is no spec."""
    endpoints = read_specs(value)
    signature = Signature(key=DEFAULT_KEY, inputs=endpoints, outputs=endpoints)
    return Model(source=", ".join(map(str, value)), reader=NAME, signatures=(signature,))


def read_specs(specs: Mapping[str, Any]) -> tuple[Endpoint, ...]:
    """The endpoints of names and specs.

    A spec is `"float32[?, 10]"`, a TensorSpec, the dict of a signature file, or a `tf.TypeSpec`.
    Raises UsageError, naming the one that is no spec.
    """
    return tuple(Endpoint(name=str(name), spec=_spec(str(name), spec)) for name, spec in specs.items())


def _spec(name: str, value: Any) -> TensorSpec:
    from pydantic import ValidationError

    from sigcheck.readers.live.parts.specs import spec_from_type
    from sigcheck.schema.schema_problem import describe_problem

    if isinstance(value, TensorSpec):
        return value
    try:
        if isinstance(value, str):
            return parse_spec(value)
        if isinstance(value, Mapping):
            return TensorSpec.model_validate(dict(value))
    except ValidationError as error:
        raise UsageError(name, f"{value!r} is no spec: {describe_problem(error)}. Correct it.") from None
    except ValueError as error:
        raise UsageError(name, f"{error}. Correct it.") from None
    spec = spec_from_type(value)
    if spec is None:
        raise UsageError(name, f"a {type(value).__name__}, expected a spec. Write it like 'float32[?, 10]'.")
    return spec
