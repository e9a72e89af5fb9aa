"""Example features: what serialized `tf.train.Example`s hold, feature by feature, as who parses them has to know it.

A feature of an Example is a list of values without a shape. A specification says how many values there are and how
they are laid out, whether an Example may lack it, and in a `tf.train.SequenceExample` whether each step has one.

    float32[3]                  three values (`FixedLenFeature([3], tf.float32)`)
    string[]                    one value
    string[] optional           one value, or none: whoever parses has a default
    int64[?]                    any number of values, or none (`VarLenFeature`, `RaggedFeature`)
    int64[?, 2]                 any number of rows of two (`FixedLenSequenceFeature([2], ...)`)
    int64[] per_step            one value in each step of a sequence
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import prod
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_serializer, model_validator

from sigcheck.schema.value import Value

# What a list of a tf.train.Feature holds (feature.proto): bytes, floats of 32 bits, whole numbers of 64.
FeatureDtype = Literal["float32", "int64", "string"]
_WRITTEN = r"\s*(float32|int64|string)\[([0-9?, ]*)\](( +(?:optional|per_step)){0,2})\s*"
_EXPECTED = "expected values of float32, int64 or string, such as 'float32[3]', 'int64[?]' or 'string[] optional'"
# The largest data sets of features have some ten thousand.
MOST_FEATURES = 20_000
_MOST_AXES = 32
_MOST_DIGITS = 10


class Feature(Value):
    """The values of one feature: their dtype, and their shape, of which the first size alone may be open.

    An `optional` one may be absent. One of open size may be so too: no values and no feature are parsed alike.
    """

    dtype: FeatureDtype
    shape: Annotated[tuple[int | None, ...], Field(max_length=_MOST_AXES)]
    optional: bool = False
    per_step: bool = False

    @model_validator(mode="before")
    @classmethod
    def _words(cls, data: Any) -> Any:
        return _parts(data) if isinstance(data, str) else data

    @model_validator(mode="after")
    def _checked(self) -> Feature:
        if None in self.shape[1:] or any(size is not None and size < 0 for size in self.shape):
            raise ValueError(f"found {self}, expected known sizes behind the first")
        return self

    @model_serializer(mode="plain")
    def __str__(self) -> str:
        sizes = ", ".join("?" if size is None else str(size) for size in self.shape)
        words = [word for word in ("optional", "per_step") if getattr(self, word)]
        return " ".join([f"{self.dtype}[{sizes}]", *words])

    @property
    def count(self) -> int | None:
        """How many values there are; None where any number of them."""
        sizes = [size for size in self.shape if size is not None]
        return prod(sizes) if len(sizes) == len(self.shape) else None

    @property
    def row(self) -> int:
        """How many values come together: those of all axes behind an open one."""
        return prod(size for size in self.shape if size is not None)

    @property
    def may_be_absent(self) -> bool:
        """Whether an Example without the feature is one that has it: by a default, or as one of no values."""
        return self.optional or self.count is None


class Features(Value):
    """The features of an Example by their names, in the order of the names.

    >>> told = Features.model_validate({"words": "int64[?]", "age": "float32[1]"})
    >>> told["age"].count, list(told)
    (1, ['age', 'words'])
    """

    named: Annotated[tuple[tuple[str, Feature], ...], Field(min_length=1, max_length=MOST_FEATURES)]

    @model_validator(mode="before")
    @classmethod
    def _by_name(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or isinstance(data.get("named"), tuple):
            return data
        # Made here, so that what is wrong is told with the name of its feature.
        named = [
            (_name(name), value if isinstance(value, Feature) else _read(name, value)) for name, value in data.items()
        ]
        return {"named": tuple(sorted(named, key=lambda one: one[0]))}

    @classmethod
    def __get_pydantic_json_schema__(cls, _: Any, __: Any) -> dict[str, Any]:
        """As people write it."""
        return {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1}

    @model_serializer(mode="plain")
    def _as_contract(self) -> dict[str, str]:
        return {name: str(feature) for name, feature in self.named}

    def __str__(self) -> str:
        return ", ".join(f"{name} {feature}" for name, feature in self.named)

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]  # its names, as those of a mapping
        return (name for name, _ in self.named)

    def __getitem__(self, name: str) -> Feature:
        return dict(self.named)[name]

    def get(self, name: str) -> Feature | None:
        """The feature of this name; None where there is none."""
        return dict(self.named).get(name)


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise ValueError(f"found {name!r:.80}, expected the name of a feature")
    return name


def _read(name: str, value: Any) -> Feature:
    if not isinstance(value, str):
        raise ValueError(f"feature {name!r:.80}: found {value!r:.80}, {_EXPECTED}")
    try:
        return Feature(**_parts(value))
    except ValidationError as error:
        problem = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise ValueError(f"feature {name!r:.80}: {problem}") from None
    except ValueError as error:
        raise ValueError(f"feature {name!r:.80}: {error}") from None


def _parts(text: str) -> dict[str, Any]:
    """The fields of a feature that is written as one text. Raises ValueError where it is not."""
    found = re.fullmatch(_WRITTEN, text)
    words = found[3].split() if found is not None else []
    sizes = [size.strip() for size in found[2].split(",")] if found is not None and found[2].strip() else []
    is_wrong = any(size != "?" and not (size.isdecimal() and len(size) < _MOST_DIGITS) for size in sizes)
    if found is None or is_wrong or len(set(words)) < len(words):
        raise ValueError(f"found {text!r:.80}, {_EXPECTED}")
    shape = tuple(None if size == "?" else int(size) for size in sizes)
    return {"dtype": found[1], "shape": shape, **dict.fromkeys(words, True)}
