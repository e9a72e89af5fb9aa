"""Features: what serialized Examples hold, by a model that parses them, a schema or a signature."""

from __future__ import annotations

from sigcheck.schema.errors import UsageError
from sigcheck.schema.example_features import Feature, Features
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.stages.read_source import read_source

_DTYPES = frozenset({"float32", "int64", "string"})


def features_of(source: str) -> Features:
    """The features that a model wants of the Examples it parses, or else one for each of its inputs.

    A schema of TensorFlow Extended has its features as inputs. Raises SourceError where the source cannot be read,
    UsageError where it speaks of no feature.
    """
    read = read_source(source).shown
    signature = read.signature
    own = [one.spec.facts.features for one in signature.inputs if one.spec.facts.features is not None]
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


def _feature(spec: TensorSpec) -> Feature | None:
    """What becomes a tensor of this spec when it is parsed; None where nothing does."""
    if spec.dtype not in _DTYPES:
        return None
    is_known = spec.kind == "dense" and spec.shape is not None and len(spec.shape) > 0 and None not in spec.shape[2:]
    shape = spec.shape[1:] if is_known and spec.shape is not None else (None,)
    return Feature.model_validate({"dtype": spec.dtype, "shape": shape})
