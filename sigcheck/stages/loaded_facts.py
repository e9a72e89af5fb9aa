"""Loaded facts: what the graph in a file shows of a model that was loaded, which says names, dtypes and shapes alone.

What is known of a layer holds whatever code the others have. So it is told of each input and output that the file
and what was loaded agree on; nothing is said of others, nor where a class of a person's own may stand in for one of
Keras': in HDF5 a class has a name and no module, and one that was imported goes before that of Keras.
"""

from __future__ import annotations

from collections.abc import Sequence

from sigcheck.encodings.source import Source
from sigcheck.readers import graph_reader, read
from sigcheck.schema.errors import SigcheckError
from sigcheck.schema.loading import Loading
from sigcheck.schema.signature import Endpoint, Model, Signature
from sigcheck.schema.tensor_spec import TensorSpec

_BY_NAME_ALONE = "keras_h5"


def read_in_file(source: Source, loading: Loading) -> Model | None:
    """The model as its file says it, to be looked at beside what was loaded; None where it is not to be."""
    try:
        static = read(source)
    except SigcheckError:
        return None
    is_replaced = static.reader == _BY_NAME_ALONE and bool(loading.imports)
    return None if is_replaced or graph_reader(static.reader) is None else static


def with_facts(loaded: Model, static: Model) -> Model:
    """The loaded model with what was found of the signatures in its file, by their keys."""
    known = {one.key: one for one in static.signatures}
    signatures = tuple(_of_signature(one, known[one.key]) if one.key in known else one for one in loaded.signatures)
    return loaded.model_copy(update={"signatures": signatures})


def _of_signature(loaded: Signature, static: Signature) -> Signature:
    inputs, outputs = _ends(loaded.inputs, static.inputs), _ends(loaded.outputs, static.outputs)
    # What must hold speaks of the sizes of all inputs.
    is_whole = [(one.name, one.sizes) for one in inputs] == [(one.name, one.sizes) for one in static.inputs]
    told = {"inputs": inputs, "outputs": outputs, "constraints": static.constraints if is_whole else ()}
    return loaded.model_copy(update=told)


def _ends(loaded: Sequence[Endpoint], static: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
    known = {one.name: one for one in static}
    return tuple(_told(one, known[one.name]) if one.name in known else one for one in loaded)


def _told(loaded: Endpoint, static: Endpoint) -> Endpoint:
    if not _agree(loaded.spec, static.spec):
        return loaded
    sizes = static.sizes if static.spec.shape == loaded.spec.shape else None
    spec = None if loaded.spec.facts.known() else loaded.spec.replace_if_valid(facts=static.spec.facts)
    return loaded.model_copy(update={"spec": spec or loaded.spec, "inferred": static.inferred, "sizes": sizes})


def _agree(loaded: TensorSpec, static: TensorSpec) -> bool:
    """Whether both say the same, as far as both say."""
    if loaded.kind != static.kind or (static.dtype is not None and loaded.dtype != static.dtype):
        return False
    if loaded.shape is None or static.shape is None:
        return static.shape is None
    if len(loaded.shape) != len(static.shape):
        return False
    return all(None in sizes or len(set(sizes)) == 1 for sizes in zip(loaded.shape, static.shape, strict=True))
