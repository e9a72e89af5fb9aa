"""A spec: the set of tensors that a name stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, ValidationError, model_serializer, model_validator

from sigcheck.schema.dtype import DTYPES, DTypeName
from sigcheck.schema.example_features import Features
from sigcheck.schema.facts import NO_FACTS, Facts, Quantization, Range
from sigcheck.schema.meaning import HOLDING_FEATURES, TEXTUAL, Meaning
from sigcheck.schema.shape import MAX_RANK, MAX_SIZE, format_shape, is_subshape, is_valid_shape
from sigcheck.schema.stored_values import reachable
from sigcheck.schema.value import MadeValue
from sigcheck.schema.value_range import is_of_raw_values

SpecKind = Literal["dense", "ragged", "sparse"]

_Size = Annotated[int, Field(ge=0, le=MAX_SIZE)]
# What a spec keeps beside its fields: its hash, and what it was compared with last, with what differs.
_HASH, COMPARED = "_hash", "_compared"
# What two specs that are equal differ in most is compared first.
_VALUES: Callable[[Mapping[str, Any]], tuple[Any, ...]] = itemgetter(
    "dtype", "shape", "kind", "ragged_rank", "row_splits_dtype", "facts"
)


class TensorSpec(MadeValue):
    """Kind, dtype, shape and facts.

    `dtype` None is not statically known. `shape` None is an unknown rank and a size
    of None an unknown size. A ragged spec has its `ragged_rank` and `row_splits_dtype`;
    its axes 1 to ragged_rank vary from row to row.
    """

    kind: SpecKind = "dense"
    dtype: DTypeName | None
    shape: Annotated[tuple[_Size | None, ...], Field(max_length=MAX_RANK)] | None
    ragged_rank: Annotated[int, Field(ge=0)] | None = None
    row_splits_dtype: Literal["int32", "int64"] | None = None
    facts: Facts = NO_FACTS

    def _require(self) -> None:
        is_valid = _are_valid({"dtype": self.dtype, "shape": self.shape, "facts": self.facts})
        # What a ragged one leaves out is filled in by its validators.
        if not (is_valid and self.kind in {"dense", "sparse"}):
            raise ValueError("not seen to be valid in no time")
        self._settle()

    @model_validator(mode="before")
    @classmethod
    def _ragged_defaults(cls, data: Any) -> Any:
        # Contracts written by hand say "ragged" and leave the rest to TensorFlow's defaults
        # (tf.RaggedTensorSpec: ragged_rank = rank - 1, row_splits_dtype = int64).
        if not (isinstance(data, dict) and data.get("kind") == "ragged"):
            return data
        filled = {**data}
        if filled.get("row_splits_dtype") is None:
            filled["row_splits_dtype"] = "int64"
        if filled.get("ragged_rank") is None and isinstance(filled.get("shape"), list | tuple):
            filled["ragged_rank"] = max(0, len(filled["shape"]) - 1)
        return filled

    @model_validator(mode="after")
    def _checked(self) -> TensorSpec:
        self._settle()
        return self

    def _settle(self) -> None:
        if self.kind == "ragged":
            if self.ragged_rank is None:
                raise ValueError("a ragged spec of unknown rank needs its ragged_rank")
            if self.shape is not None and self.ragged_rank >= len(self.shape):
                raise ValueError(f"ragged_rank {self.ragged_rank} must be below the rank {len(self.shape)}")
        elif self.ragged_rank is not None or self.row_splits_dtype is not None:
            raise ValueError(f"ragged_rank and row_splits_dtype belong to a ragged spec, not a {self.kind} one")
        _settle_facts(self)

    @property
    def rank(self) -> int | None:
        """The number of axes, or None where it is not known."""
        return None if self.shape is None else len(self.shape)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, TensorSpec) and _VALUES(self.__dict__) == _VALUES(other.__dict__))

    def __hash__(self) -> int:
        # A search looks each spec up some ten times.
        own = self.__dict__
        found: int | None = own.get(_HASH)
        if found is None:
            found = own[_HASH] = hash(_VALUES(own))
        return found

    def __getstate__(self) -> dict[Any, Any]:
        """The fields alone: texts have another hash in every process."""
        # By name: another thread may keep something meanwhile.
        own = self.__dict__
        return {name: own[name] for name in TensorSpec.__pydantic_fields__}

    def replace(self, **changes: Any) -> TensorSpec:
        """The same spec with some fields changed, validated again."""
        # The axes of ragged specs are more than a shape.
        if _are_valid(changes) and not (self.kind == "ragged" and "shape" in changes):
            made = self.model_copy(update=changes)
            try:
                _settle_facts(made)
            except ValueError:
                # What is wrong is said as of any other value, below.
                pass
            else:
                return made
        fields = {name: getattr(self, name) for name in TensorSpec.model_fields}
        return TensorSpec(**(fields | changes))

    def replace_if_valid(self, **changes: Any) -> TensorSpec | None:
        """The same spec with some fields changed; None where they and the rest cannot be those of one tensor.

        >>> numbers = Quantization(scale=(0.1, 0.2), zero_point=(0, 0), axis=0)
        >>> channels = TensorSpec(dtype="int8", shape=(None,), facts=Facts(quantization=numbers))
        >>> str(channels.replace_if_valid(shape=(2,))), channels.replace_if_valid(shape=(3,))
        ('int8[2]', None)
        """
        try:
            return self.replace(**changes)
        except ValidationError:
            return None

    def is_subtype_of(self, other: TensorSpec) -> bool:
        """Whether every tensor of this spec is one of the other. Facts are not looked at.

        The relation of `tf.TypeSpec.is_subtype_of`: an unknown size holds a known one,
        never the other way round. An unknown dtype is a subtype of nothing.
        """
        return (
            self.kind == other.kind
            and self.dtype is not None
            and self.dtype == other.dtype
            and self.ragged_rank == other.ragged_rank
            and self.row_splits_dtype == other.row_splits_dtype
            and is_subshape(self.shape, other.shape)
        )

    def __str__(self) -> str:
        kind = "" if self.kind == "dense" else f"{self.kind} "
        return f"{kind}{self.dtype or 'unknown'}{format_shape(self.shape, self.ragged_rank or 0)}"

    @model_serializer(mode="wrap")
    def _as_contract(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = handler(self)
        if self.kind != "ragged":
            del written["ragged_rank"], written["row_splits_dtype"]
        return written


def _are_valid(changes: Mapping[str, Any]) -> bool:
    """Whether new fields are what their types say, as far as it is seen in no time."""
    for name, value in changes.items():
        if name == "shape":
            is_valid = value is None or is_valid_shape(value)
        elif name == "facts":
            is_valid = isinstance(value, Facts)
        else:
            is_valid = name == "dtype" and (value is None or (isinstance(value, str) and value in DTYPES))
        if not is_valid:
            return False
    return True


def _counted_from_front(facts: Facts, rank: int | None) -> Facts:
    """The facts with the quantized axis counted from the front, where the rank is known."""
    stored = facts.quantization
    if stored is None or stored.axis is None or stored.axis >= 0 or rank is None:
        return facts
    return facts.replace(quantization=stored.model_copy(update={"axis": stored.axis + rank}))


def _with_form(facts: Facts) -> Facts:
    """The facts with the meaning that features say, where nothing else does."""
    if facts.features is None or facts.meaning is not None:
        return facts
    origins = {**facts.origins, **({"meaning": facts.origins["features"]} if "features" in facts.origins else {})}
    return facts.replace(meaning=_form(facts.features), origins=origins)


def _form(features: Features) -> Meaning:
    is_sequence = any(feature.per_step for _, feature in features.named)
    return "serialized_sequence_example" if is_sequence else "serialized_example"


def _check_features(spec: TensorSpec, features: Features) -> None:
    if spec.dtype not in {None, "string"}:
        raise ValueError(f"features are held by strings, not by {spec.dtype}")
    if spec.facts.meaning not in {None, *HOLDING_FEATURES}:
        raise ValueError(f"features are those of serialized Examples, not of {spec.facts.meaning}")
    if spec.facts.meaning == "serialized_example" and _form(features) != "serialized_example":
        raise ValueError("features per step are those of a serialized_sequence_example, not of a serialized_example")


def _settle_facts(spec: TensorSpec) -> None:
    """Checks the facts against the rest, and shares those that are none. Raises ValueError where they contradict it."""
    facts = spec.facts
    if facts is NO_FACTS:
        return
    if facts.range is None and facts.axes is None and not facts.origins and facts == NO_FACTS:
        # Most specs have none, and share it.
        settled = NO_FACTS
    else:
        _check_facts(spec)
        # Once here, so that nobody has to count from both ends.
        is_plain = facts.features is None and facts.quantization is None
        settled = facts if is_plain else _counted_from_front(_with_form(facts), spec.rank)
    if settled is not facts:
        # A validator cannot return another instance.
        object.__setattr__(spec, "facts", settled)


def _check_facts(spec: TensorSpec) -> None:
    """Raises ValueError where a fact contradicts the dtype or the shape."""
    facts, rank = spec.facts, spec.rank
    if facts.axes is not None and rank is not None and len(facts.axes) != rank:
        raise ValueError(f"axes names {len(facts.axes)} axes, the shape {format_shape(spec.shape)} has {rank}")
    if facts.meaning in TEXTUAL and spec.dtype not in {None, "string"}:
        raise ValueError(f"meaning {facts.meaning} is one of strings, not of {spec.dtype}")
    if facts.features is not None:
        _check_features(spec, facts.features)
    if facts.quantization is not None:
        _check_quantization(spec, facts.quantization)
    if facts.range is not None and spec.dtype is not None:
        _check_range(spec, facts.range)


def is_storable(dtype: str | None) -> bool:
    """Whether numbers of the dtype can be stored ones, which stand for others by a scale: whole ones only.

    >>> is_storable("int8"), is_storable("float32")
    (True, False)
    """
    return dtype is None or DTYPES[dtype].kind in {"int", "uint", "quantized"}


def _check_quantization(spec: TensorSpec, numbers: Quantization) -> None:
    if not is_storable(spec.dtype):
        raise ValueError(f"quantization is one of whole numbers, not of {spec.dtype}")
    if numbers.axis is None or spec.shape is None:
        return
    rank = len(spec.shape)
    if not -rank <= numbers.axis < rank:
        raise ValueError(f"quantization axis {numbers.axis} is outside the rank {rank}")
    size = spec.shape[numbers.axis]
    if size is not None and size != len(numbers.scale):
        raise ValueError(f"quantization has {len(numbers.scale)} scales, its axis {numbers.axis} has size {size}")


# What covers less of a range has it declared in stored units, as people do.
_LEAST_COVERED = 0.5


def _check_range(spec: TensorSpec, ends: Range) -> None:
    dtype = DTYPES[spec.dtype or "variant"]
    if dtype.lowest is None or dtype.highest is None:
        raise ValueError(f"a range needs a real numeric dtype, not {spec.dtype}")
    if is_of_raw_values(spec.facts):
        return
    reached = None if spec.facts.quantization is None else reachable(spec)
    if reached is None:
        if ends[0] < float(dtype.lowest) or ends[1] > float(dtype.highest):
            raise ValueError(f"range [{ends[0]:g}, {ends[1]:g}] does not fit in {spec.dtype}")
        return
    low, high, step = reached
    # A calibration may stop short of the values, which saturate then; most of them it has.
    covered = min(high + step, ends[1]) - max(low - step, ends[0])
    if covered < _LEAST_COVERED * (ends[1] - ends[0]):
        raise ValueError(
            f"range [{ends[0]:g}, {ends[1]:g}] is of real values, and this quantization of {spec.dtype} "
            f"stands for [{low:g}, {high:g}]"
        )
