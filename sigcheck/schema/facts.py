"""Facts: what dtype and shape cannot say about the values of a tensor.

A fact that is not known is None. Facts are never guessed: each has an origin, and
a comparison with an unknown fact is listed under `unchecked`, not decided.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_serializer, model_validator

from sigcheck.schema.example_features import Features
from sigcheck.schema.meaning import Meaning
from sigcheck.schema.value import Value

Origin = Literal["declared", "read", "inferred", "observed"]
ChannelOrder = Literal["RGB", "BGR", "GRAY", "RGBA"]
BoxOrder = Literal["yxyx", "xyxy", "xywh", "cxcywh"]
BoxUnit = Literal["normalized", "pixels"]

# The least number of float32 with all its digits: by what is less, it divides as by 0.
_LEAST_STD = 2.0**-126
# No whole type has more numbers.
MOST_NUMBERS = 2**64
# Up to here floats have all whole numbers.
_MOST_WHOLE = 2.0**53


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("must be a finite number, not NaN or infinity")
    return number


def _ordered(pair: tuple[float, float]) -> tuple[float, float]:
    if not pair[0] < pair[1]:
        raise ValueError(f"the lower end {pair[0]:g} must be below the upper end {pair[1]:g}")
    return pair


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("half of a character, expected a text that a file can hold") from None
    return text


def _written(value: Any) -> Any:
    """NaN as text: as a number it is no JSON, and not even equal to itself."""
    return NOT_A_NUMBER if isinstance(value, float) and math.isnan(value) else value


def _scalar(value: Any) -> Any:
    # Said here: of a value that may be one of several kinds pydantic tells what each kind lacks.
    if not (isinstance(value, str) or hasattr(value, "__float__")) or (
        isinstance(value, float) and not math.isfinite(value)
    ):
        raise ValueError(f"found {value!r:.80}, expected a finite number, true, false or a text")
    return value


Finite = Annotated[float, AfterValidator(_finite)]
Range = Annotated[tuple[Finite, Finite], AfterValidator(_ordered)]
Text = Annotated[str, AfterValidator(_encodable)]
Filler = Annotated[Finite | bool | Text, BeforeValidator(_scalar)]
# What fills rows of floats that have no number where they have no value: no number says it, and no JSON either.
NOT_A_NUMBER = "nan"
PaddingSide = Literal["post", "pre"]
# A name for each axis; None where it is not known.
Axes = tuple[Text | None, ...]


# The height or the width of an image.
BoxSize = Annotated[Finite, Field(gt=0)]


class Normalization(Value):
    """value = (raw - mean) / std, for one number, or one for each channel.

    `raw_range` is the range of the raw values that mean and std were computed on. As many equal
    numbers as there are channels are one number for all.
    """

    mean: Annotated[tuple[Finite, ...], Field(min_length=1)]
    std: Annotated[tuple[Finite, ...], Field(min_length=1)]
    raw_range: Range | None = None

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, data: Any) -> Any:
        return _once(_numbers_as_lists(data, ("mean", "std")), ("mean", "std"))

    @model_validator(mode="after")
    def _checked(self) -> Normalization:
        if len(self.mean) != len(self.std):
            raise ValueError(f"mean has {len(self.mean)} numbers and std {len(self.std)}; give as many of each")
        if any(number <= 0 for number in self.std):
            raise ValueError("every std must be above 0: values are divided by it")
        if not all(_LEAST_STD <= number <= 1 / _LEAST_STD for number in self.std):
            raise ValueError(f"every std must lie between {_LEAST_STD:g} and {1 / _LEAST_STD:g}, which float32 holds")
        return self


class Quantization(Value):
    """real = scale * (q - zero_point), per tensor (`axis` None) or per index of `axis`.

    One scale and zero point, or as many equal ones, are those of the whole tensor. A spec of known
    rank has the axis counted from the front.
    """

    scale: Annotated[tuple[Finite, ...], Field(min_length=1)]
    zero_point: Annotated[tuple[Annotated[int, Field(ge=-MOST_NUMBERS, le=MOST_NUMBERS)], ...], Field(min_length=1)]
    axis: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, data: Any) -> Any:
        given = _numbers_as_lists(data, ("scale", "zero_point"))
        told = _once(given, ("scale", "zero_point"))
        # One scale is that of every index: the axis says no more.
        is_one = isinstance(told, Mapping) and isinstance(told.get("scale"), list | tuple) and len(told["scale"]) == 1
        return {**told, "axis": None} if is_one and _is_axis(told.get("axis")) else told

    @model_validator(mode="after")
    def _checked(self) -> Quantization:
        if len(self.scale) != len(self.zero_point):
            raise ValueError(
                f"scale has {len(self.scale)} numbers and zero_point {len(self.zero_point)}; give as many of each"
            )
        if any(number <= 0 for number in self.scale):
            raise ValueError("every scale must be above 0")
        if self.axis is None and len(self.scale) > 1:
            raise ValueError("several scales need the axis that they belong to")
        return self


class Padding(Value):
    """How rows shorter than the axis are filled: with which value, on which side.

    `value` is what stands in the tensor: of a quantized one the stored number, of a normalized one
    the normalized number. Of floats it may be "nan", which NaN is written as.
    """

    value: Annotated[Filler, BeforeValidator(_written)] = 0
    side: PaddingSide = "post"

    @property
    def as_declared(self) -> str:
        """As a person declares it: whole numbers as such, and no side where it is the usual one.

        >>> Padding(value=0.0).as_declared, Padding(value=-1, side="pre").as_declared
        ('{"value":0}', '{"value":-1,"side":"pre"}')
        """
        value = self.value
        if isinstance(value, float) and value.is_integer() and abs(value) <= _MOST_WHOLE:
            value = int(value)
        told = {"value": value} if self.side == "post" else {"value": value, "side": self.side}
        return json.dumps(told, separators=(",", ":"))


class Boxes(Value):
    """What the four numbers along the last axis say of a box.

    `order`: two corners (`yxyx`: ymin, xmin, ymax, xmax; `xyxy`: xmin, ymin, xmax, ymax), or the corner of least x
    and y (`xywh`), or the centre (`cxcywh`), with width and height. `unit`: `normalized` numbers are shares of the
    image's height and width, `pixels` are counted on an image of this `size`, height before width, in pixels.
    `image` names the input, or output, whose axes `height` and `width` have the size. One text may say order and
    unit: "yxyx", "yxyx normalized".
    """

    order: BoxOrder
    unit: BoxUnit | None = None
    size: tuple[BoxSize, BoxSize] | None = None
    image: Text | None = None

    @model_validator(mode="before")
    @classmethod
    def _words(cls, data: Any) -> Any:
        if isinstance(data, str):
            order, *unit = data.split()[:3] or [data]
            if len(unit) > 1:
                raise ValueError(f"found {data!r:.80}, expected an order and a unit, such as 'yxyx normalized'")
            return {"order": order, **({"unit": unit[0]} if unit else {})}
        return data

    @model_validator(mode="after")
    def _checked(self) -> Boxes:
        if self.unit != "pixels" and (self.size is not None or self.image is not None):
            raise ValueError('only boxes in pixels have a size or an image; add unit = "pixels", or leave it out')
        return self


class Facts(Value):
    """All facts of one tensor; None is unknown.

    `axes` names each axis; an axis without a known name (two merged ones) is None.
    `range` holds the ends that the encoding spans, so two ranges that differ are two
    encodings of the same thing, unless `meaning` is categorical: then it only bounds. It is of
    real values: beside a quantization, of what the stored numbers stand for.
    `features` is what serialized Examples hold, however the bytes are written.
    `origins` says for each known fact where it comes from; two Facts are equal when
    the facts are, wherever they come from.
    """

    axes: Axes | None = None
    range: Range | None = None
    normalization: Normalization | None = None
    quantization: Quantization | None = None
    meaning: Meaning | None = None
    id_count: Annotated[int, Field(ge=1, le=MOST_NUMBERS)] | None = None
    channel_order: ChannelOrder | None = None
    boxes: Boxes | None = None
    features: Features | None = None
    padding: Padding | None = None
    origins: Mapping[str, Origin] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _checked(self) -> Facts:
        if self.axes is not None:
            named = [name for name in self.axes if name is not None]
            if len(named) != len(set(named)):
                raise ValueError(f"axes names must differ, found {list(self.axes)}")
        return self

    def known(self) -> dict[str, Any]:
        """The facts that are known, by name, in the order of the fields."""
        return {name: value for name in FACT_NAMES if (value := getattr(self, name)) is not None}

    def with_origin(self, origin: Origin) -> Facts:
        """The same facts, all with this origin."""
        return self.model_copy(update={"origins": dict.fromkeys(self.known(), origin)})

    def replace(self, **changes: Any) -> Facts:
        """The same facts with some set or, by None, forgotten. Not validated again."""
        return self.model_copy(update=changes)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Facts) and _KNOWN(self.__dict__) == _KNOWN(other.__dict__))

    def __hash__(self) -> int:
        return hash(_KNOWN(self.__dict__))

    @model_serializer(mode="plain")
    def _only_known(self) -> dict[str, Any]:
        written: dict[str, Any] = {
            name: value.model_dump() if isinstance(value, Value) else value for name, value in self.known().items()
        }
        if self.origins:
            written["origins"] = {name: self.origins[name] for name in FACT_NAMES if name in self.origins}
        return written


FACT_NAMES = tuple(name for name in Facts.model_fields if name != "origins")
_KNOWN: Callable[[Mapping[str, Any]], tuple[Any, ...]] = itemgetter(*FACT_NAMES)
# Made without validation, which would build the validators at import.
NO_FACTS = Facts.model_construct()


def _numbers_as_lists(data: Any, names: tuple[str, ...]) -> Any:
    """One number may stand for a list of one: people write `mean = 127.5`."""
    if not isinstance(data, Mapping):
        return data
    return {
        name: [value] if name in names and isinstance(value, int | float) else value for name, value in data.items()
    }


def _once(data: Any, names: tuple[str, str]) -> Any:
    """Two lists of equal numbers each as lists of one; anything else as it is."""
    if not isinstance(data, Mapping):
        return data
    lists = [data.get(name) for name in names]
    if any(not isinstance(one, list | tuple) or not one or any(item != one[0] for item in one) for one in lists):
        return data
    if len({len(one) for one in lists if isinstance(one, list | tuple)}) != 1:
        return data
    return {**data, **{name: one[:1] for name, one in zip(names, lists, strict=True) if isinstance(one, list | tuple)}}


def _is_axis(axis: Any) -> bool:
    return axis is None or (isinstance(axis, int) and not isinstance(axis, bool))
