"""What it costs to infer facts of large graphs, sizes included: CPU milliseconds for each, in one process.

    python tests/benchmarks/large_graphs.py [EFFICIENTNETB7]

EfficientNetB7 with both of its signatures, exported here unless a folder is named; a graph of 33,000 nodes, more than
are walked for sizes; and functions each of which calls the next twice, to a depth of 14. Reading is not counted.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from sigcheck.encodings.source import Source
from sigcheck.inference.infer import infer
from sigcheck.readers import read
from tests.benchmarks.in_process import least_cost
from tests.benchmarks.measure import judge, say
from tests.inference.files import FLOAT, attribute, written_node
from tests.inference.test_large_graphs import calling, write_model, written_calls, written_function
from tests.readers.written_models import length_field, varint

# In milliseconds of processor time.
DEMANDS = {"EfficientNetB7": 80.0, "33,000 nodes": 150.0, "calls to a depth of 14": 10.0}
NODES, DEPTH, ROUNDS = 33_000, 14, 15
_NODES_OF_LAYER = 6
EXPORT = "import sys, keras; keras.applications.EfficientNetB7(weights=None).export(sys.argv[1], verbose=False)"


def _layers(count: int) -> Iterator[bytes]:
    """Yields the nodes of so many layers as Keras names them: a product with weights, a bias, a ReLU and a sum."""
    read_, before = attribute("dtype", bytes([6 << 3]) + varint(1)), "x"
    for at in range(count):
        layer = f"functional_1/block_{at // 10}/dense_{at}"
        yield written_node(f"{layer}/Cast/ReadVariableOp", "ReadVariableOp", "x", attributes=read_)
        yield written_node(
            f"{layer}/MatMul", "MatMul", before, f"{layer}/Cast/ReadVariableOp:value:0", attributes=FLOAT
        )
        yield written_node(f"{layer}/BiasAdd/ReadVariableOp", "ReadVariableOp", "x", attributes=read_)
        yield written_node(
            f"{layer}/BiasAdd",
            "BiasAdd",
            f"{layer}/MatMul:product:0",
            f"{layer}/BiasAdd/ReadVariableOp:value:0",
            attributes=FLOAT,
        )
        yield written_node(f"{layer}/Relu", "Relu", f"{layer}/BiasAdd:output:0", attributes=FLOAT)
        yield written_node(f"{layer}/add", "AddV2", f"{layer}/Relu:activations:0", before, attributes=FLOAT)
        before = f"{layer}/add:z:0"


def _write_layers(folder: Path) -> None:
    count = NODES // _NODES_OF_LAYER
    result = f"functional_1/block_{(count - 1) // 10}/dense_{count - 1}/add:z:0"
    function = written_function("f", list(_layers(count)), result)
    call = written_node("call", "StatefulPartitionedCall", "x", attributes=calling("f"))
    nodes = b"".join(length_field(1, one) for one in (written_node("x", "Placeholder", attributes=FLOAT), call))
    write_model(folder, nodes + length_field(2, function))


def cost(path: Path) -> float:
    """The least CPU time of inferring all signatures of a model, in milliseconds."""
    model, source = read(str(path)), Source.parse(str(path))
    return least_cost(lambda: infer(source, model), ROUNDS)


def main() -> int:
    """Prints the figures, and says whether they hold."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [Path(one) for one in sys.argv[1:2]] or [folder / "efficientnet"]
        if not sys.argv[1:]:
            subprocess.run([sys.executable, "-c", EXPORT, str(paths[0])], check=True, capture_output=True)
        paths += [folder / "layers", folder / "calls"]
        for path in paths[1:]:
            path.mkdir()
        _write_layers(paths[1])
        written_calls(paths[2], DEPTH, is_old=False)
        costs = dict(zip(DEMANDS, map(cost, paths), strict=True))
    for what, spent in costs.items():
        say(f"{what:24} {spent:8.1f} ms")
    return judge({f"{what} in under {most:g} ms": costs[what] < most for what, most in DEMANDS.items()})


if __name__ == "__main__":
    sys.exit(main())
