"""A suite of bindings to plan: the mismatches that users of such models meet, and sizes that try the limits.

The headings are those of the list of what hurts users most; 12 and 13 are about names, which
`test_binding.py` and `test_names.py` are about. The suite is both tested and timed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from sigcheck.schema.facts import Facts
from sigcheck.schema.notation import parse_spec
from sigcheck.schema.tensor_spec import TensorSpec


class Case(NamedTuple):
    """Two specs with their facts, the verdict, and the transforms of the plan, or of the first two candidates."""

    provided: str
    required: str
    verdict: str
    steps: str = ""
    gives: Mapping[str, Any] = MappingProxyType({})
    wants: Mapping[str, Any] = MappingProxyType({})

    def specs(self) -> tuple[TensorSpec, TensorSpec]:
        """The provided and the required spec."""
        return _spec(self.provided, self.gives), _spec(self.required, self.wants)

    def __str__(self) -> str:
        return f"{self.provided} {dict(self.gives) or ''} -> {self.required} {dict(self.wants) or ''}"


def _spec(text: str, facts: Mapping[str, Any]) -> TensorSpec:
    return parse_spec(text).replace(facts=Facts.model_validate(facts))


CASES: tuple[Case, ...] = (
    # 1 rank and batch axis
    Case("float32[224, 224, 3]", "float32[?, 224, 224, 3]", "adapts", "expand_dims"),
    Case("float32[?, 10]", "float32[10]", "guarded", "squeeze"),
    Case("float32[1, 10]", "float32[10]", "adapts", "squeeze"),
    Case("float32[?, 1, 10]", "float32[?, 10]", "adapts", "squeeze"),
    Case("float32[10]", "float32[1, 10]", "adapts", "expand_dims"),
    Case("float32[]", "float32[?]", "adapts", "expand_dims"),
    Case("float32[1]", "float32[]", "adapts", "squeeze"),
    Case("int32[?]", "int32[?, 1]", "adapts", "expand_dims"),
    Case("float32[?, 10]", "float32[?, 1, 1, 10]", "adapts", "expand_dims expand_dims"),
    Case("float32[*]", "float32[?, 10]", "guarded", "ensure_shape"),
    Case("float32[?, 8, 8, 1]", "float32[?, 8, 8]", "adapts", "squeeze"),
    # 2 fixed image size
    Case(
        "float32[?, 224, 224, 3]",
        "float32[?, 299, 299, 3]",
        "adapts",
        "resize",
        wants={"axes": ["batch", "height", "width", "channel"]},
    ),
    Case(
        "float32[?, 512, 512, 3]",
        "float32[?, 224, 224, 3]",
        "blocked",
        "",
        wants={"axes": ["batch", "height", "width", "channel"]},
    ),
    Case("uint8[?, 480, 640, 3]", "float32[?, 224, 224, 3]", "blocked", ""),
    Case("float32[?, ?, ?, 3]", "float32[?, 640, 640, 3]", "guarded", "ensure_shape"),
    Case("float32[?, 28, 28, 1]", "float32[?, 32, 32, 1]", "undecided", "resize | pad"),
    Case("float32[?, 28, 28]", "float32[?, 32, 32, 1]", "undecided", "expand_dims resize | expand_dims pad"),
    # 3 feature width and flatten
    Case("float32[?, 7, 7, 512]", "float32[?, 25088]", "adapts", "reshape"),
    Case("float32[?, 25088]", "float32[?, 7, 7, 512]", "adapts", "reshape"),
    Case("float32[?, 784]", "float32[?, 28, 28, 1]", "adapts", "reshape"),
    Case("float32[?, 28, 28, 1]", "float32[?, 784]", "adapts", "reshape"),
    Case("float32[?, 512]", "float32[?, 768]", "undecided", "pad"),
    Case("float32[?, 768]", "float32[?, 512]", "blocked", ""),
    Case("float32[?, ?, ?, 8]", "float32[?, ?]", "undecided", "reshape"),
    Case("float32[?, 2, 64]", "float32[?, 128]", "adapts", "reshape"),
    Case("float32[?, 12, 64]", "float32[?, 768]", "adapts", "reshape"),
    # 4 sequence length
    Case("int32[?, 100]", "int32[?, 128]", "undecided", "pad"),
    Case("int32[?, 100]", "int32[?, 128]", "adapts", "pad", wants={"padding": {"value": 0, "side": "post"}}),
    Case("int32[?, 512]", "int32[?, 128]", "blocked", ""),
    Case("int32[?, ?]", "int32[?, 128]", "guarded", "ensure_shape"),
    Case("int32[?, ?]", "int32[?, 128]", "guarded", "pad", wants={"padding": {"value": 1, "side": "pre"}}),
    Case("string[?, 10]", "string[?, 16]", "undecided", "pad"),
    Case("string[?, 10]", "string[?, 16]", "adapts", "pad", wants={"padding": {"value": "[PAD]"}}),
    Case("float32[?, 50, 64]", "float32[?, 100, 64]", "undecided", "pad"),
    # 5 one channel against three
    Case("float32[?, 224, 224, 1]", "float32[?, 224, 224, 3]", "undecided", "repeat"),
    Case("float32[?, 224, 224, 3]", "float32[?, 224, 224, 1]", "blocked", ""),
    Case("uint8[?, 28, 28]", "uint8[?, 28, 28, 3]", "undecided", "expand_dims repeat"),
    Case(
        "float32[?, 8, 8, 1]",
        "float32[?, 8, 8, 3]",
        "adapts",
        "gray_to_rgb",
        gives={"channel_order": "GRAY"},
        wants={"channel_order": "RGB"},
    ),
    Case(
        "float32[?, 8, 8, 3]",
        "float32[?, 8, 8, 1]",
        "blocked",
        "",
        gives={"channel_order": "RGB"},
        wants={"channel_order": "GRAY"},
    ),
    Case(
        "float32[?, 8, 8, 4]",
        "float32[?, 8, 8, 3]",
        "blocked",
        "",
        gives={"channel_order": "RGBA"},
        wants={"channel_order": "RGB"},
    ),
    # 6 channels last against first
    Case("float32[?, 224, 224, 3]", "float32[?, 3, 224, 224]", "adapts", "transpose"),
    Case("float32[?, 3, 224, 224]", "float32[?, 224, 224, 3]", "adapts", "transpose"),
    Case("float32[?, ?, ?, 3]", "float32[?, 3, ?, ?]", "undecided", "ensure_shape | transpose"),
    Case(
        "float32[?, ?, ?, 3]",
        "float32[?, 3, ?, ?]",
        "adapts",
        "transpose",
        gives={"axes": ["b", "h", "w", "c"]},
        wants={"axes": ["b", "c", "h", "w"]},
    ),
    Case("float32[8, 8, 3]", "float32[3, 8, 8]", "adapts", "transpose"),
    Case(
        "float32[?, 3, 3, 3]",
        "float32[?, 3, 3, 3]",
        "adapts",
        "transpose",
        gives={"axes": ["b", "h", "w", "c"]},
        wants={"axes": ["b", "c", "h", "w"]},
    ),
    Case("float32[?, 16, 32]", "float32[?, 32, 16]", "adapts", "transpose"),
    Case("float32[4, 4]", "float32[4, 4]", "fits", ""),
    Case("float32[?, 8, 8, 16]", "float32[?, 16, 64]", "adapts", "transpose reshape"),
    # 7 float64 against float32
    Case("float64[?, 10]", "float32[?, 10]", "adapts", "cast"),
    Case("float32[?, 10]", "float64[?, 10]", "adapts", "cast"),
    Case("float64[?, 10]", "float32[?, 1, 10]", "adapts", "expand_dims cast"),
    Case("complex64[?, 4]", "float32[?, 4]", "blocked", ""),
    Case("float64[?, 3]", "complex64[?, 3]", "adapts", "cast"),
    # 8 int64 against int32 ids
    Case("int64[?, 128]", "int32[?, 128]", "guarded", "cast"),
    Case(
        "int64[?, 128]",
        "int32[?, 128]",
        "adapts",
        "cast",
        gives={"meaning": "token_ids", "id_count": 30522},
        wants={"meaning": "token_ids", "id_count": 30522},
    ),
    Case("int32[?, 128]", "int64[?, 128]", "adapts", "cast"),
    Case(
        "int32[?, 128]",
        "int32[?, 128]",
        "blocked",
        "",
        gives={"meaning": "token_ids", "id_count": 50000},
        wants={"meaning": "token_ids", "id_count": 30522},
    ),
    Case("uint64[?]", "int64[?]", "guarded", "cast"),
    Case("int64[?, 128]", "float32[?, 128]", "adapts", "cast"),
    Case("float32[?, 128]", "int32[?, 128]", "blocked", ""),
    Case(
        "int32[?, 128]",
        "int32[?, 128]",
        "fits",
        "",
        gives={"meaning": "token_ids", "id_count": 30000},
        wants={"meaning": "token_ids", "id_count": 30522},
    ),
    # 9 value ranges
    Case("uint8[?, 8, 8, 3]", "float32[?, 8, 8, 3]", "adapts", "cast"),
    Case(
        "uint8[?, 8, 8, 3]",
        "float32[?, 8, 8, 3]",
        "adapts",
        "cast scale",
        gives={"range": [0, 255]},
        wants={"range": [0, 1]},
    ),
    Case("float32[?, 3]", "float32[?, 3]", "adapts", "scale", gives={"range": [0, 1]}, wants={"range": [-1, 1]}),
    Case("float32[?, 3]", "uint8[?, 3]", "blocked", "", gives={"range": [0, 1]}, wants={"range": [0, 255]}),
    Case(
        "uint8[?, 3]", "float16[?, 3]", "adapts", "cast scale cast", gives={"range": [0, 255]}, wants={"range": [0, 1]}
    ),
    Case("float32[?, 3]", "float32[?, 3]", "fits", "", gives={"range": [0, 1]}),
    Case("float32[?, 3]", "float32[?, 3]", "fits", "", wants={"range": [0, 1]}),
    Case("int32[?, 3]", "int32[?, 3]", "blocked", "", gives={"range": [0, 10]}, wants={"range": [0, 5]}),
    # 10 mean and std
    Case(
        "float32[?, 8, 8, 3]",
        "float32[?, 8, 8, 3]",
        "adapts",
        "standardize",
        gives={"range": [0, 255]},
        wants={"normalization": {"mean": [123.7, 116.8, 103.9], "std": [58.4, 57.1, 57.4], "raw_range": [0, 255]}},
    ),
    Case(
        "uint8[?, 8, 8, 3]",
        "float32[?, 8, 8, 3]",
        "adapts",
        "cast standardize",
        gives={"range": [0, 255]},
        wants={"normalization": {"mean": 127.5, "std": 127.5}},
    ),
    Case(
        "float32[?, 8, 8, 3]",
        "float32[?, 8, 8, 3]",
        "adapts",
        "scale standardize",
        gives={"range": [0, 1]},
        wants={"normalization": {"mean": 127.5, "std": 127.5, "raw_range": [0, 255]}},
    ),
    Case(
        "float32[?, 8, 8, 3]",
        "float32[?, 8, 8, 3]",
        "adapts",
        "destandardize scale",
        gives={"normalization": {"mean": 127.5, "std": 127.5, "raw_range": [0, 255]}},
        wants={"range": [0, 1]},
    ),
    Case(
        "float32[?, 8, 8, 3]",
        "float32[?, 8, 8, 3]",
        "adapts",
        "destandardize scale standardize",
        gives={"normalization": {"mean": 127.5, "std": 127.5, "raw_range": [0, 255]}},
        wants={"normalization": {"mean": 0.5, "std": 0.5, "raw_range": [0, 1]}},
    ),
    Case(
        "float32[?, 8, 8, 3]",
        "float32[?, 8, 8, 3]",
        "fits",
        "",
        wants={"normalization": {"mean": 127.5, "std": 127.5, "raw_range": [0, 255]}},
    ),
    Case(
        "float32[?, 8, 8, 3]",
        "float32[?, 8, 8, 3]",
        "blocked",
        "",
        gives={"normalization": {"mean": 127.5, "std": 127.5}},
        wants={"range": [0, 1]},
    ),
    # 11 order of colours
    Case(
        "float32[?, 8, 8, 3]",
        "float32[?, 8, 8, 3]",
        "adapts",
        "reverse_channels",
        gives={"channel_order": "RGB"},
        wants={"channel_order": "BGR"},
    ),
    Case(
        "float32[?, 8, 8, 3]",
        "float32[?, 8, 8, 3]",
        "fits",
        "",
        gives={"channel_order": "RGB"},
        wants={"channel_order": "RGB"},
    ),
    Case("float32[?, 8, 8, 3]", "float32[?, 8, 8, 3]", "fits", "", gives={"channel_order": "RGB"}),
    # 14 dynamic batch to fixed batch
    Case("float32[?, 10]", "float32[1, 10]", "guarded", "ensure_shape"),
    Case("float32[?, 10]", "float32[8, 10]", "guarded", "ensure_shape"),
    Case("float32[1, 10]", "float32[?, 10]", "fits", ""),
    Case("float32[4, 10]", "float32[8, 10]", "undecided", "pad"),
    Case("float32[8, 10]", "float32[4, 10]", "blocked", ""),
    Case("float32[?, ?, 3]", "float32[2, 7, 3]", "guarded", "ensure_shape"),
    # 15 ragged, dense and strings
    Case("ragged int32[?, None]", "int32[?, 128]", "undecided", "ragged_to_dense"),
    Case(
        "ragged int32[?, None]",
        "int32[?, 128]",
        "guarded",
        "ragged_to_dense",
        wants={"padding": {"value": 0, "side": "post"}},
    ),
    Case("ragged int32[?, None]", "int32[?, ?]", "undecided", "ragged_to_dense"),
    Case("ragged string[?, None]", "string[?, 8]", "undecided", "ragged_to_dense"),
    Case("ragged string[?, None]", "string[?, 8]", "guarded", "ragged_to_dense", wants={"padding": {"value": ""}}),
    Case("ragged float32[?, None, 4]", "float32[?, 16, 4]", "undecided", "ragged_to_dense"),
    Case("ragged int64[?, None]", "int32[?, 16]", "undecided", "cast ragged_to_dense"),
    Case("ragged int64[?, None, None]", "int64[?, 4, 8]", "undecided", "ragged_to_dense"),
    Case("int32[?, 128]", "ragged int32[?, None]", "adapts", "dense_to_ragged"),
    Case("string[?]", "float32[?, 8, 8, 3]", "blocked", ""),
    Case("string[?]", "string[?, 1]", "adapts", "expand_dims"),
    Case("string[?]", "int64[?]", "blocked", ""),
    # 16 quantized
    Case(
        "uint8[?, 8]", "float32[?, 8]", "adapts", "dequantize", gives={"quantization": {"scale": 0.5, "zero_point": 3}}
    ),
    Case("float32[?, 8]", "uint8[?, 8]", "adapts", "quantize", wants={"quantization": {"scale": 0.5, "zero_point": 3}}),
    Case(
        "uint8[?, 8]",
        "int8[?, 8]",
        "adapts",
        "requantize",
        gives={"quantization": {"scale": 0.5, "zero_point": 128}},
        wants={"quantization": {"scale": 0.5, "zero_point": 0}},
    ),
    Case(
        "int8[?, 8]",
        "int8[?, 8]",
        "fits",
        "",
        gives={"quantization": {"scale": 0.5, "zero_point": 1}},
        wants={"quantization": {"scale": 0.5, "zero_point": 1}},
    ),
    # 17 logits and probabilities
    Case(
        "float32[?, 10]",
        "float32[?, 10]",
        "adapts",
        "activation",
        gives={"meaning": "logits"},
        wants={"meaning": "probabilities"},
    ),
    Case(
        "float32[?, 10]",
        "float32[?, 10]",
        "fits",
        "",
        gives={"meaning": "probabilities"},
        wants={"meaning": "probabilities"},
    ),
    Case("float32[?, 10]", "float32[?, 10]", "fits", "", gives={"meaning": "logits"}),
    Case(
        "float32[?, 10]",
        "float32[?, 10]",
        "adapts",
        "activation",
        gives={"meaning": "probabilities"},
        wants={"meaning": "logits"},
    ),
    Case(
        "float32[?, 10]",
        "float32[?, 10]",
        "adapts",
        "activation",
        gives={"meaning": "log_probabilities"},
        wants={"meaning": "probabilities"},
    ),
    Case(
        "float32[?, 8, 8, 10]",
        "float32[?, 8, 8, 10]",
        "adapts",
        "activation",
        gives={"meaning": "logits"},
        wants={"meaning": "probabilities"},
    ),
    Case(
        "float32[?, 10]",
        "float32[?, 10]",
        "blocked",
        "",
        gives={"meaning": "embedding"},
        wants={"meaning": "probabilities"},
    ),
    # 18 boxes
    Case("float32[?, 100, 4]", "float32[?, 4, 100]", "adapts", "transpose"),
    Case("float32[?, 100, 4]", "float32[?, 400]", "adapts", "reshape"),
    Case("float32[1, 100, 4]", "float32[100, 4]", "adapts", "squeeze"),
    Case(
        "float32[?, 100, 4]",
        "float32[?, 100, 4]",
        "adapts",
        "scale",
        gives={"range": [0, 1]},
        wants={"range": [0, 640]},
    ),
    # 19 narrow floats
    Case("float32[?, 10]", "float16[?, 10]", "adapts", "cast"),
    Case("float32[?, 10]", "float16[?, 10]", "adapts", "cast", gives={"range": [0, 1]}),
    Case("float32[?, 10]", "bfloat16[?, 10]", "adapts", "cast"),
    Case("float16[?, 10]", "bfloat16[?, 10]", "adapts", "cast"),
    Case("bfloat16[?, 10]", "float32[?, 10]", "adapts", "cast"),
    Case("float16[?, 10]", "float32[?, 10]", "adapts", "cast scale", gives={"range": [0, 1]}, wants={"range": [-1, 1]}),
    # 20 sparse against dense
    Case("sparse float32[?, 1000]", "sparse float32[?, 1000]", "fits", ""),
    Case("sparse float64[?, 1000]", "sparse float32[?, 1000]", "adapts", "cast"),
    Case("sparse float32[?, 1000]", "float32[?, 1000]", "undecided", "sparse_to_dense"),
    # large ranks and sizes
    Case("float32[?, ?, ?, ?, ?, ?, ?, ?]", "float32[?, ?, ?, ?, ?, ?, ?, ?]", "fits", ""),
    Case("float32[?, ?, ?, ?, ?, ?, ?, ?]", "float32[?, 2, ?, ?, 4, ?, ?, ?]", "guarded", "ensure_shape"),
    Case("float32[?, 2, 3, 4, 5, 6, 7, 8]", "float32[?, 8, 7, 6, 5, 4, 3, 2]", "adapts", "transpose"),
    Case("float32[2, 3, 4, 5, 6, 7]", "float32[7, 6, 5, 4, 3, 2]", "adapts", "transpose"),
    Case("int32[?, ?]", "float32[?, 96, 96, 3]", "blocked", ""),
    Case(
        "uint8[1, 8, 1, 8]",
        "float16[1, 8, 1, 8]",
        "adapts",
        "cast scale cast",
        gives={"axes": ["batch", "height", "width", "channel"], "range": [0, 255]},
        wants={"axes": ["batch", "height", "width", "channel"], "range": [0, 1]},
    ),
    Case(
        "uint8[28, 28, 1]",
        "float16[?, 1, 28, 28]",
        "adapts",
        "expand_dims transpose cast scale standardize cast",
        gives={"axes": ["height", "width", "channel"], "range": [0, 255]},
        wants={
            "axes": ["batch", "channel", "height", "width"],
            "normalization": {"mean": [0.5], "std": [0.5], "raw_range": [0, 1]},
        },
    ),
    Case(
        "float32[?, 2, 3, 4, 5, 6, 7, 8]",
        "float32[?, 8, 7, 6, 5, 4, 3, 2]",
        "adapts",
        "transpose",
        gives={"axes": ["a", "b", "c", "d", "e", "f", "g", "h"]},
        wants={"axes": ["a", "h", "g", "f", "e", "d", "c", "b"]},
    ),
    Case("float32[?, 2, 2, 2, 2, 2, 2, 2]", "float32[?, 16, 8]", "adapts", "reshape"),
    Case("float32[?, 128]", "float32[?, 2, 2, 2, 2, 2, 2, 2]", "adapts", "reshape"),
    Case(
        "float32[?, ?, ?, ?]",
        "float32[?, ?, ?, ?, ?, ?, ?, ?]",
        "undecided",
        "expand_dims expand_dims expand_dims expand_dims | expand_dims expand_dims expand_dims expand_dims",
    ),
    Case("float32[?, ?, ?, ?, ?, ?, ?, ?]", "float32[?, ?, ?, ?]", "undecided", "reshape | reshape"),
    Case("float32[?, ?, ?, ?, ?, ?, ?, ?]", "float32[8, 7, 6, 5, 4, 3, 2, 1]", "guarded", "ensure_shape"),
    Case(
        "float64[?, ?, ?, ?, ?, ?, ?, 3]",
        "float32[?, 3, ?, ?, ?, ?, ?, ?]",
        "undecided",
        "ensure_shape cast | cast transpose",
    ),
    Case(
        "float32[1, 1, 1, 1, 1, 1, 1, 1]",
        "float32[1]",
        "adapts",
        "squeeze squeeze squeeze squeeze squeeze squeeze squeeze",
    ),
    Case("float32[?, 9223372036854775807]", "float32[?, 1, 9223372036854775807]", "adapts", "expand_dims"),
    Case("int8[9223372036854775807]", "int8[9223372036854775806]", "blocked", ""),
    Case("float32[?, 4294967296, 2147483647]", "float32[?, 9223372032559808512]", "adapts", "reshape"),
    # several at once
    Case("uint8[8, 8, 3]", "float32[?, 3, 8, 8]", "adapts", "expand_dims transpose cast"),
    Case(
        "uint8[?, ?, ?, 3]",
        "float16[?, 3, 224, 224]",
        "guarded",
        "transpose cast scale cast ensure_shape",
        gives={"range": [0, 255]},
        wants={"range": [0, 1]},
    ),
    Case("float64[?, 8, 8, 1]", "float32[?, 64]", "adapts", "reshape cast"),
    Case("int64[?, 100]", "int32[?, 1, 128]", "undecided", "expand_dims cast pad"),
    Case(
        "uint8[?, 224, 224, 3]",
        "float32[?, 3, 224, 224]",
        "adapts",
        "transpose cast scale standardize",
        gives={"range": [0, 255], "axes": ["b", "h", "w", "c"]},
        wants={
            "normalization": {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "raw_range": [0, 1]},
            "axes": ["b", "c", "h", "w"],
        },
    ),
    Case("ragged int64[?, None]", "int32[?, 1, 16]", "undecided", "ragged_to_dense expand_dims cast"),
    Case("float64[28, 28]", "float32[?, 28, 28, 1]", "adapts", "expand_dims expand_dims cast"),
    Case("float64[?, 6, 4]", "float16[?, 4, 2, 3]", "adapts", "reshape cast transpose"),
)
