"""Configurations of Triton that no server takes."""

from __future__ import annotations

from random import Random

from tests.fuzz.hostile.generator import Generator

TENSOR = 'name: "{}" data_type: TYPE_FP32 dims: [ -1, 4 ]'
WHOLE = f"""name: "m"
platform: "tensorflow_savedmodel"
max_batch_size: 8
input [ {{ {TENSOR.format("x")} }} ]
output {{ {TENSOR.format("y")} }}
"""


def whole() -> bytes:
    return WHOLE.encode()


def many_tensors(size: int, generator: Random) -> bytes:
    form = generator.choice([f"input {{{{ {TENSOR} }}}}\n", "output {{ name: '{}' }}\n", "input {{ dims: [] }}\n"])
    one = len(form.format(10_000))
    return (WHOLE + "".join(form.format(f"x{at}") for at in range(max(1, size // one)))).encode()


def many_parts(size: int, generator: Random) -> bytes:
    """What else a configuration may have, again and again."""
    part = generator.choice(
        [
            "instance_group { count: 1 }\n",
            'parameters { key: "k" value { string_value: "v" } }\n',
            "ensemble_scheduling { step { model_name: 'm' input_map { key: 'a' value: 'b' } } }\n",
            "input { reshape { shape: [ 1 ] } }\n",
            "version_policy { specific { versions: [ 1 ] } }\n",
        ]
    )
    return (WHOLE + part * max(1, size // len(part))).encode()


def long_dims(size: int, generator: Random) -> bytes:
    one = generator.choice(["1, ", "-1, ", f"{'9' * 300}, ", "'a', "])
    return (WHOLE + f'input {{ name: "z" data_type: TYPE_INT32 dims: [ {one * (size // len(one))}1 ] }}').encode()


SEEDS = {"config.pbtxt": whole}
GENERATORS: dict[str, list[Generator]] = {"config.pbtxt": [many_tensors, many_parts, long_dims]}
