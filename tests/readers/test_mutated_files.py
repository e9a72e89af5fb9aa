"""Mutated files of every kind: a model or the one error, in bounded time and memory.

`SIGCHECK_FUZZ_CASES=20000` runs as many cases over all kinds; the suite runs a few hundred.
"""

from __future__ import annotations

import io
import json
import os
import random
import time
import tracemalloc
import zipfile
from pathlib import Path

import h5py
import pytest

from sigcheck.readers import CATALOG, read
from sigcheck.schema.errors import SigcheckError
from sigcheck.schema.signature import Model
from tests.readers.frozen_graph.test_frozen_graph import GRAPH
from tests.readers.hostile_modules import hostile_modules
from tests.readers.keras.test_keras_v3 import nested
from tests.readers.keras_h5.test_keras_h5 import SIMPLE as OLD_MODEL
from tests.readers.saved_model.test_functions import FLOAT, arguments, bare, child, function, spec
from tests.readers.signature_file.test_signature_file import SHORT_JSON, SHORT_TOML, SHORT_YAML
from tests.readers.tfjs.test_tfjs import NODES
from tests.readers.tfjs.test_tfjs import SIGNATURE as WEB_SIGNATURE
from tests.readers.tflite.test_tflite import metadata, model, with_files
from tests.readers.written_models import RAGGED, SPARSE, encode, meta_graph, tensor

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = int(os.environ.get("SIGCHECK_FUZZ_CASES", "560"))
# A case takes milliseconds; what takes this long would hang on a larger file.
SLOWEST = 2.0
# What a reader may take for any file: decoded tables, caches of patterns, an error with its frames.
FREE_BYTES = 4 * 2**20


def structured() -> bytes:
    """A SavedModel whose inputs must be looked up in its object graph."""
    inputs = {"r": tensor(1, -1, 4), "r_1": tensor(9, -1), "a": tensor(3, 3), "b": tensor(3, 3)}
    outputs = {"o": {"composite_tensor": {"type_spec": SPARSE}}, "p": tensor(1, 2)}
    served = meta_graph(["serve"], serving_default={"inputs": inputs, "outputs": outputs})
    inner = function(
        arguments({"type_spec_value": RAGGED}, {"dict_value": {"fields": {"k": spec("a", 3, 3)}}}, b=spec("b", 3, 3))
    )
    served["object_graph_def"] = {
        "nodes": [{"children": [child(1, "f")]}, bare("f", "r", "r_1", "a", "b")],
        "concrete_functions": {"f": inner},
    }
    bare_functions = meta_graph(["train"])
    bare_functions["object_graph_def"] = {
        "nodes": [{"children": [child(1, "g")]}, {"function": {"concrete_functions": ["g"]}}],
        "concrete_functions": {"g": function(arguments(FLOAT, FLOAT))},
    }
    return encode("SavedModel", {"saved_model_schema_version": 1, "meta_graphs": [served, bare_functions]})


TEXT = """saved_model_schema_version: 1
meta_graphs {
  meta_info_def { tags: "serve" }
  signature_def {
    key: "f"
    value { inputs { key: "x" value { dtype: DT_FLOAT tensor_shape { dim { size: -1 } dim { size: 3 } } } } }
  }
}
"""


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("config.json", json.dumps(nested(3)))
    return packed.getvalue()


def hierarchical() -> bytes:
    packed = io.BytesIO()
    with h5py.File(packed, "w") as file:
        file.attrs["model_config"] = json.dumps(OLD_MODEL)
    return packed.getvalue()


def flat() -> bytes:
    tensors = [{"name": "x", "dtype": 3, "quantization": ([0.5], [128]), "signature": (-1, 4)}, {"name": "y"}]
    told = metadata([{"mean": [1.0], "std": [2.0], "colors": 1}], [{"labels": "labels.txt"}])
    return with_files(model([(tensors, [0], [1])], [("k", [("x", 0)], [("y", 1)])], told), labels="a\nb\nc")


SEEDS = {
    "saved_model.pb": structured,
    "exported/saved_model.pb": (FIXTURES / "rows" / "tokenizer" / "saved_model.pb").read_bytes,
    "saved_model.pbtxt": TEXT.encode,
    "graph.pb": lambda: encode("GraphDef", GRAPH),
    "model.keras": zipped,
    "model.h5": hierarchical,
    "model.tflite": flat,
    "model.json": json.dumps({"modelTopology": {"node": NODES}, "signature": WEB_SIGNATURE}).encode,
    "contract.json": SHORT_JSON.encode,
    "contract.toml": SHORT_TOML.encode,
    "contract.yaml": SHORT_YAML.encode,
    # A format that brings its own has them beside its tests.
    **{name: make for one in hostile_modules() for name, make in one.SEEDS.items()},
}


def mutate(data: bytes, generator: random.Random) -> bytes:
    mutated = bytearray(data)
    for _ in range(generator.randint(1, 4)):
        at = generator.randrange(len(mutated))
        match generator.randrange(6):
            case 0:
                mutated[at] ^= 1 << generator.randrange(8)
            case 1:
                mutated[at] = generator.choice([0, 1, 0x7F, 0x80, 0xFF])
            case 2:
                mutated[at:at] = bytes([0xFF] * generator.randint(1, 9) + [1])
            case 3:
                end = min(len(mutated), at + generator.randint(1, 64))
                mutated[at:at] = mutated[at:end] * generator.randint(1, 20)
            case 4:
                del mutated[at : at + generator.randint(1, 16)]
            case _:
                del mutated[max(1, at) :]
        if not mutated:
            return b"\n"
    return bytes(mutated)


def read_of(folder: Path, name: str) -> Model:
    """What a seed is read as."""
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(SEEDS[name]())
    return read(file)


def refusal(file: Path) -> str | None:
    """What reading the file is refused with; None where it is read."""
    try:
        read(file)
    except SigcheckError as error:
        return str(error)
    return None


@pytest.mark.parametrize("name", CATALOG)
def test_each_format_has_a_file_that_is_mutated(tmp_path: Path, name: str) -> None:
    read_as = {file: read_of(tmp_path, file).reader for file in SEEDS}
    assert name in read_as.values(), f"write one: SEEDS in tests/readers/{name}/hostile.py, by the name of the file"


@pytest.mark.parametrize("name", SEEDS)
def test_a_mutated_file_is_a_model_or_the_one_error(tmp_path: Path, name: str) -> None:
    seed = SEEDS[name]()
    file = tmp_path / Path(name).name
    file.write_bytes(seed)
    assert refusal(file) is None
    generator = random.Random(name)
    refused = 0
    for _ in range(max(1, CASES // len(SEEDS))):
        file.write_bytes(mutate(seed, generator))
        begin = time.process_time()
        message = refusal(file)
        assert time.process_time() - begin < SLOWEST
        if message is not None:
            refused += 1
            assert message.startswith(str(file))
            assert "\n" not in message
    assert refused


@pytest.mark.parametrize("name", SEEDS)
def test_a_mutated_file_takes_no_more_than_ten_times_its_size(tmp_path: Path, name: str) -> None:
    seed = SEEDS[name]()
    file = tmp_path / Path(name).name
    generator = random.Random(name)
    tracemalloc.start()
    try:
        for _ in range(12):
            data = mutate(seed, generator)
            file.write_bytes(data)
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            refusal(file)
            assert tracemalloc.get_traced_memory()[1] - before < 10 * len(data) + FREE_BYTES
    finally:
        tracemalloc.stop()
