"""Signatures: the named inputs and outputs of the callables of a source."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from sigcheck.schema.constraint import Constraint, NamedSizes, checked_size
from sigcheck.schema.finding import Finding
from sigcheck.schema.inferred import Inferred
from sigcheck.schema.shape import format_shape
from sigcheck.schema.tensor_spec import TensorSpec
from sigcheck.schema.value import SCHEMA_VERSION, MadeValue, all_of

# The key of a signature that has no name of its own.
DEFAULT_KEY = "default"
SERVING_KEY = "serving_default"
# The key of the serialized Examples that a source describes beside the tensors that they are parsed to.
EXAMPLES_KEY = "examples"
# No model demands more; what is held against each other grows with the square.
MOST_CONSTRAINTS = 500
_SPEC_FIELDS = frozenset(TensorSpec.model_fields)


class Endpoint(MadeValue):
    """A name and the spec it stands for. An optional input may be left unfed.

    `parts` are the names under which the source itself takes or gives it, where that is not
    `name`: the values and row splits of a ragged tensor, outermost first; the indices, values
    and dense shape of a sparse one; the flat name of a dict entry. `inferred` is what the graph
    of the model shows, where it was looked at. `unless_fed` names the inputs whose defaults alone
    need this one: where all of them are fed, it may be left unfed, too. `sizes` names each size of a
    dense one, where the graph says more than the shape: a number, an expression over the names of
    all sizes of the signature, or None where nothing is known.
    """

    name: str
    spec: TensorSpec
    optional: bool = False
    parts: tuple[str, ...] = ()
    inferred: tuple[Inferred, ...] = ()
    unless_fed: tuple[str, ...] = ()
    sizes: NamedSizes | None = None

    def _require(self) -> None:
        is_right = type(self.spec) is TensorSpec and type(self.optional) is bool and type(self.name) is str
        if not is_right or not all_of(str, self.parts, self.unless_fed) or not all_of(Inferred, self.inferred):
            raise TypeError
        for size in self.sizes or ():
            checked_size(size)
        self._require_sizes()

    @model_validator(mode="before")
    @classmethod
    def _from_flat(cls, data: Any) -> Any:
        """In JSON the fields of the spec stand beside the name."""
        if not isinstance(data, dict) or "spec" in data:
            return data
        spec = {name: value for name, value in data.items() if name in _SPEC_FIELDS}
        rest = {name: value for name, value in data.items() if name not in _SPEC_FIELDS}
        return {**rest, "spec": spec}

    @model_validator(mode="after")
    def _sized(self) -> Endpoint:
        self._require_sizes()
        return self

    def _require_sizes(self) -> None:
        if self.sizes is not None:
            shape = self.spec.shape
            if shape is not None and len(shape) != len(self.sizes):
                raise ValueError(
                    f"sizes names {len(self.sizes)} sizes, the shape {format_shape(shape)} has {len(shape)}"
                )
            for size, named in zip(shape or (), self.sizes, strict=False):
                if size is not None and isinstance(named, int) and named != size:
                    raise ValueError(f"sizes says {named} where the shape {format_shape(shape)} says {size}")

    @model_serializer(mode="wrap")
    def _to_flat(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written = handler(self)
        flat = {"name": written["name"], **written["spec"]}
        rest: dict[str, Any] = {"optional": True} if self.optional else {}
        rest |= {field: written[field] for field in ("parts", "inferred", "unless_fed") if written[field]}
        if self.sizes is not None:
            rest["sizes"] = written["sizes"]
        return {**flat, **rest}

    @property
    def sized_spec(self) -> str:
        """The spec as people read it, its open sizes by their names where those are known."""
        if self.sizes is None:
            return str(self.spec)
        sizes = ", ".join("?" if size is None else str(size) for size in self.sizes)
        return f"{self.spec.dtype or 'unknown'}[{sizes}]"

    def __str__(self) -> str:
        return f"{self.name}: {self.spec}"


class Signature(MadeValue):
    """Inputs and outputs of one callable, each in the order of the source.

    `tags` names the meta graph of a SavedModel where it is not the only one. `constraints` are what
    must hold of the sizes of the inputs so that it runs, over the names in their `sizes`. `unfollowed` are
    the places in the graph behind which nothing is known of sizes, and nothing claimed.
    """

    key: str = DEFAULT_KEY
    inputs: tuple[Endpoint, ...] = ()
    outputs: tuple[Endpoint, ...] = ()
    tags: tuple[str, ...] = ()
    constraints: Annotated[tuple[Constraint, ...], Field(max_length=MOST_CONSTRAINTS)] = ()
    unfollowed: tuple[str, ...] = ()

    def _require(self) -> None:
        is_right = all_of(str, (self.key,), self.tags, self.unfollowed) and len(self.constraints) <= MOST_CONSTRAINTS
        if not is_right or not all_of(Endpoint, self.inputs, self.outputs) or not all_of(Constraint, self.constraints):
            raise TypeError
        self._require_names()

    @model_validator(mode="after")
    def _distinct(self) -> Signature:
        self._require_names()
        return self

    def _require_names(self) -> None:
        for side, endpoints in (("inputs", self.inputs), ("outputs", self.outputs)):
            if len({e.name for e in endpoints}) < len(endpoints):
                twice = [name for name, count in Counter(e.name for e in endpoints).items() if count > 1]
                raise ValueError(f"{side} name {twice[0]!r} twice")

    def without_sizes(self) -> Signature:
        """The same without names for its sizes, and what must hold of them."""
        sides = {
            side: tuple(one.model_copy(update={"sizes": None}) for one in getattr(self, side))
            for side in ("inputs", "outputs")
        }
        return self.model_copy(update={**sides, "constraints": (), "unfollowed": ()})

    def without_inferred(self) -> Signature:
        """The same without what the graph of the model shows; sizes whose constraints are all declared stay."""
        is_declared = self.constraints and all(one.tier == "read" for one in self.constraints)
        bare = self if is_declared else self.without_sizes()
        sides = {
            side: tuple(one.model_copy(update={"inferred": ()}) for one in getattr(bare, side))
            for side in ("inputs", "outputs")
        }
        return bare.model_copy(update=sides)

    @model_serializer(mode="wrap")
    def _as_contract(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if not self.tags:
            del written["tags"]
        for name in ("constraints", "unfollowed"):
            if not written[name]:
                del written[name]
        return written


class Note(MadeValue):
    """Something the reader saw that people should know; `place` names where.

    `by_loading` says that loading the model would show what its file does not say.
    """

    place: str
    message: str
    by_loading: Annotated[bool, Field(exclude=True, repr=False)] = False

    def _require(self) -> None:
        if not all_of(str, (self.place, self.message)) or type(self.by_loading) is not bool:
            raise TypeError


class Model(MadeValue):
    """What a reader found in a source: never code, never weights.

    `contradictions` are what a source says of a model that lies beside it, and that model does not.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    source: str
    reader: str
    signatures: tuple[Signature, ...]
    notes: tuple[Note, ...] = ()
    contradictions: tuple[Finding, ...] = ()

    def _require(self) -> None:
        is_right = self.schema_version == SCHEMA_VERSION and all_of(str, (self.source, self.reader))
        if not is_right or not all_of(Signature, self.signatures) or not all_of(Note, self.notes):
            raise TypeError

    def to_mlflow_signature(self, key: str | None = None) -> Any:
        """The signature that is meant, or that of a key, as an `mlflow.models.ModelSignature`.

        Raises UsageError where no signature is meant, for what MLflow cannot say, and where it is not installed.
        """
        # By its name: what selects a signature, and writes one, stands on this module.
        return import_module("sigcheck.schema.mlflow_signature").signature_of(self, key)

    def _repr_html_(self) -> str:
        # By its name: rendering stands above this floor, and is loaded only where somebody looks.
        shown: str = import_module("sigcheck.reports.models.html").frame(self)
        return shown

    @model_serializer(mode="wrap")
    def _as_contract(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if not self.contradictions:
            del written["contradictions"]
        return written
