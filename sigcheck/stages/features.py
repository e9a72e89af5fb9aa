"""Features: what serialized Examples hold, by a model that parses them, a schema or a signature."""

from __future__ import annotations

from typing import Any

from sigcheck.schema.errors import UsageError
from sigcheck.schema.example_features import Feature, Features
from sigcheck.schema.signature import Endpoint
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.stages.read_source import read_source

_DTYPES = frozenset({"float32", "int64", "string"})
_EXAMPLES = frozenset({"serialized_example", "serialized_sequence_example"})


def features_of(source: str) -> Features:
    """The features that a model wants of the Examples it parses, or else one for each of its inputs.

    A schema of TensorFlow Extended has its features as inputs. Raises SourceError where the source cannot be read,
    UsageError where it speaks of no feature.
    """
    read = read_source(source).shown
    signature = read.signature
    parsed = [one for one in signature.inputs if reads_examples(one)]
    own: list[Features] = [features for one in parsed if (features := _declared_or_proved(one, "features")) is not None]
    if len(own) < len(parsed):
        problem = "parses Examples, and of which features its graph does not say. Name a schema, or a signature file."
        raise UsageError(read.model.source, problem)
    if len(own) == 1:
        return own[0]
    if own:
        problem = f"parses {len(own)} inputs of Examples, expected one. Name a signature of one, or a schema."
        raise UsageError(read.model.source, problem)
    found = {one.name: _feature(one.spec) for one in signature.inputs}
    unlike = [name for name, feature in found.items() if feature is None]
    if unlike or not found:
        what = f"input {unlike[0]!r} is none that a feature becomes" if unlike else "no input"
        problem = (
            f"{what}, expected values of float32, int64 or string. Name a model that parses Examples, or a schema."
        )
        raise UsageError(read.model.source, problem)
    return Features.model_validate({name: feature for name, feature in found.items() if feature is not None})


def reads_examples(endpoint: Endpoint) -> bool:
    """Whether it takes serialized Examples, which the model parses itself."""
    has_features = _declared_or_proved(endpoint, "features") is not None
    return has_features or _declared_or_proved(endpoint, "meaning") in _EXAMPLES


def _declared_or_proved(endpoint: Endpoint, name: str) -> Any:
    declared = getattr(endpoint.spec.facts, name)
    proved = (one.value for one in endpoint.inferred if one.name == name and one.tier == "proved")
    return next(proved, None) if declared is None else declared


def _feature(spec: TensorSpec) -> Feature | None:
    """What becomes a tensor of this spec when it is parsed; None where nothing does."""
    if spec.dtype not in _DTYPES:
        return None
    is_known = spec.kind == "dense" and spec.shape is not None and len(spec.shape) > 0 and None not in spec.shape[2:]
    shape = spec.shape[1:] if is_known and spec.shape is not None else (None,)
    return Feature.model_validate({"dtype": spec.dtype, "shape": shape})
