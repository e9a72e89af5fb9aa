"""Schemas that TFX does not write."""

from __future__ import annotations

from random import Random

from tests.fuzz.hostile.generator import Generator

WHOLE = """feature {
  name: "age"
  type: INT
  presence { min_fraction: 1.0 }
  shape { dim { size: 1 name: "years" } }
  int_domain { min: 0 max: 120 }
}
feature { name: "words" type: BYTES not_in_environment: "SERVING" }
feature { name: "price" type: FLOAT float_domain { min: -1.5 max: 1e6 } }
sparse_feature { name: "s" index_feature { name: "i" } value_feature { name: "v" } }
feature { name: "i" type: INT int_domain { min: 0 max: 9 } }
feature { name: "v" type: FLOAT }
default_environment: "TRAINING"
tensor_representation_group {
  key: ""
  value {
    tensor_representation {
      key: "r"
      value { ragged_tensor { feature_path { step: "words" } partition { uniform_row_length: 2 } } }
    }
  }
}
"""


def text() -> bytes:
    return WHOLE.encode()


def binary() -> bytes:
    """One feature, `age`: an int64 with a domain, and a fraction of 1."""
    shape = bytes([0xBA, 1, 4, 0x12, 2, 8, 3])
    presence = bytes([0x72, 9, 9, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    feature = b"\x0a\x03age" + bytes([0x30, 2, 0x4A, 4, 0x18, 0, 0x20, 120]) + presence + shape
    return bytes([10, len(feature)]) + feature


def many_features(size: int, generator: Random) -> bytes:
    form = generator.choice(
        [
            'feature {{ name: "x{}" type: INT }}\n',
            'feature {{ name: "x{}" type: FLOAT in_environment: "e{}" }}\n',
            'feature {{ name: "s{}" type: STRUCT struct_domain {{ feature {{ name: "x" type: INT }} }} }}\n',
            'sparse_feature {{ name: "y{}" value_feature {{ name: "v" }} }}\n',
            'int_domain {{ name: "d{}" min: 0 max: 9 }}\n',
        ]
    )
    one = len(form.format(10_000, 10_000))
    return (WHOLE + "".join(form.format(at, at) for at in range(max(1, size // one)))).encode()


def many_parts(size: int, generator: Random) -> bytes:
    part = generator.choice(
        [
            'feature { name: "x" shape { dim { size: 1 } } }\n',
            'default_environment: "e"\n',
            'feature { name: "s" type: STRUCT struct_domain { feature { name: "x" } feature { type: STRUCT } } }\n',
            'feature { name: "x" type: INT in_environment: ["a", "b", "c"] }\n',
            'tensor_representation_group { key: "g" value { tensor_representation { key: "r" } } }\n',
            'sparse_feature { name: "s" index_feature { name: "i" } value_feature { name: "v" } }\n',
        ]
    )
    return (WHOLE + part * max(1, size // len(part))).encode()


def long_shape(size: int, generator: Random) -> bytes:
    dim = generator.choice(["dim { size: 1 } ", "dim { size: -1 name: 'a' } ", f"dim {{ size: {'9' * 300} }} "])
    return f'feature {{ name: "x" type: INT shape {{ {dim * max(1, size // len(dim))} }} }}'.encode()


def odd_numbers(size: int, generator: Random) -> bytes:
    number = generator.choice(["1e999", "-inf", "nan", "9" * size, "1" + "f" * size, "- " * size])
    return f'feature {{ name: "x" type: FLOAT float_domain {{ min: {number} max: 1 }} }}'.encode()


SEEDS = {"schema.pbtxt": text, "schema.pb": binary}
GENERATORS: dict[str, list[Generator]] = {"schema.pbtxt": [many_features, many_parts, long_shape, odd_numbers]}
