"""Files of a few bytes that once held sigcheck for minutes, or took gigabytes: each ends, and says so in a line.

What each did is beside it. The bounds are those of `test_bounds`: two seconds and 300 MB.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

import sigcheck
from sigcheck.cli import COULD_NOT_CHECK, run
from sigcheck.cli.mistakes import describe_mistake
from sigcheck.encodings.content_file import ContentFile
from sigcheck.encodings.text_format import parse_message
from sigcheck.planning.names import is_counter
from sigcheck.schema.budget import GRAPH_STEPS, LimitError, bounded, spend
from sigcheck.schema.errors import SigcheckError
from sigcheck.schema.junction_text import parse_junction
from sigcheck.transforms.parts import numerals
from tests.fuzz.fork_server import ForkServer, fork_server, has_forks
from tests.fuzz.hostile import configs, flatbuffer, graphs
from tests.fuzz.test_bounds import problem

if TYPE_CHECKING:
    from typing_extensions import Self


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    with fork_server() as server:
        yield server


class Choices(Random):
    """Takes what it is told to, in this order, and then the last."""

    def __new__(cls, *_: object) -> Self:
        # Python 3.10 takes one argument, and hashes it.
        return super().__new__(cls)

    def __init__(self, *told: object) -> None:
        super().__init__(0)
        self._told = list(told)

    def choice(self, given):  # type: ignore[no-untyped-def]  # of any sequence, one of another type
        return self._told.pop(0) if len(self._told) > 1 else self._told[0]

    def random(self) -> float:
        return 0.0


def header(said: int) -> bytes:
    """A root whose header announces so many bytes."""
    return configs.hdf5_header(8, Choices(bytes(8), said))


def wide_signatures(inputs: int, signatures: int) -> bytes:
    graph = graphs.node("x", "Placeholder") + graphs.node("y", "AddN", *["x"] * inputs)
    return graphs.meta_graph(graph, b"".join(graphs.signature(f"s{at}", ["x"], ["y"]) for at in range(signatures)))


# The name of the file, what it did, and its bytes.
ATTACKS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "blanks, then a mark: never ended": ("saved_model.pbtxt", lambda: b" " * 59 + b"$"),
    "comments, then a mark: never ended": ("graph.pbtxt", lambda: b"node { #\n" + b"#\n " * 30 + b"$"),
    "one node of 100,000 inputs, 50 signatures: 200 s": ("saved_model.pb", lambda: wide_signatures(100_000, 50)),
    "one node of 600,000 inputs, in a file of 5.8 MB 40 s": ("saved_model.pb", lambda: wide_signatures(600_000, 1)),
    "a maximum of 300,000 inputs: minutes": (
        "model.json",
        lambda: maximum(300_000),
    ),
    "functions that call the next twice: exponential": (
        "saved_model.pb",
        lambda: graphs.calls_of_calls(20_000, Random(0)),
    ),
    "a header that announces 600 MB: 60 s, 1.2 GB": ("model.h5", lambda: header(600_000_000)),
    "a header that announces what is not there": ("model.h5", lambda: header(0xFFFFFFFF)),
    "1,000 signatures of 1,000 shared endpoints: 60 s, 3.5 GB": (
        "model.tflite",
        lambda: flatbuffer.shared_tables(8_000, Choices(1, 1, 0, 1, 1, 1, 1_000, 1_000, 0)),
    ),
    "scales that overlap: 53 s, 5.8 GB": (
        "model.tflite",
        lambda: flatbuffer.shared_tables(4_300_000, Choices(500_000, 1, 9, 1, 1, 1, 1, 1, 0)),
    ),
    "10,000 operators of 10,000 operands: 17 s, 5.7 GB": (
        "model.tflite",
        lambda: flatbuffer.shared_tables(80_000, Choices(1, 1, 0, 10_000, 9_999, 1, 1, 1, 0)),
    ),
    "groups of nothing: 22 s": ("saved_model.pb", lambda: graphs.meta_graph(b"\x4b\x4c" * 4_900_000, b"")),
    "fields that are not known: 30 s": ("saved_model.pb", lambda: graphs.meta_graph(b"\x78\x00" * 4_900_000, b"")),
    "signatures of thousands of inputs: 44 s, 5.5 GB": (
        "saved_model.pb",
        lambda: graphs.many_signatures(3_000_000, Choices(3_000)),
    ),
    "a list of names in an adapter: 8 s, 2.8 GB": ("adapter.py", lambda: b"x=[" + b"a," * 2_000_000 + b"]"),
    "one key of 100,000 parts: GBs": ("contract.toml", lambda: b"a" + b".a" * 99_999 + b"=1"),
    "one header of 30,000 parts: 9 s, 3.5 GB": ("sigcheck.toml", lambda: b"[" + b"a." * 29_999 + b"a]"),
    "a key behind a text of four quotes": ("sigcheck.toml", lambda: b'x={a="""x"""", b' + b".b" * 50_000 + b"=1}"),
    "an open header of brackets: quadratic": ("sigcheck.toml", lambda: b"[" + b"] #" * 16_000 + b"\n"),
    "quotes in one line: quadratic, a minute": ("sigcheck.lock", lambda: b"[models." + b'"' * 9_900_000),
    "comments by the million: four seconds": ("sigcheck.toml", lambda: b"#\n" * 4_950_000),
    "labels that are unpacked a million times": (
        "model.tflite",
        lambda: flatbuffer.shared_metadata(8_000, Choices(2, 5_000_000)),
    ),
    "a member that unpacks to gigabytes": ("model.keras", lambda: configs.packed_config(9_000_000, Random(3))),
    "a list of 65,000 letters: over 5 s for 500 kB": ("contract.yaml", lambda: b"[" + b"a," * 65_000 + b"]"),
    "a number of 60s of 65,000 parts: 13 s": ("contract.yaml", lambda: b"a: " + b"1:" * 65_000 + b"1"),
    "a directory of a hundred thousand members": (
        "model.keras",
        lambda: configs.many_members(8_000_000, Choices(b"a", 0xFFFF)),
    ),
}


LENGTHS = {"a header that announces 600 MB: 60 s, 1.2 GB": 600_001_000}


def maximum(count: int) -> bytes:
    import json

    told = {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "4"}]}}
    nodes = [
        {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_FLOAT"}}},
        {"name": "y", "op": "Maximum", "input": ["x"] * count, "attr": {}},
    ]
    sides = {"inputs": {"x": {**told, "name": "x:0"}}, "outputs": {"y": {**told, "name": "y:0"}}}
    return json.dumps({"modelTopology": {"node": nodes}, "signature": sides}).encode()


@pytest.mark.skipif(not has_forks(), reason="the system has no forks, or does not tell what they take")
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_file_ends_within_the_bounds(server: ForkServer, tmp_path: Path, attack: str) -> None:
    name, make = ATTACKS[attack]
    path = tmp_path / name
    data = make()
    path.write_bytes(data)
    # Zeros that take no room: what a header announces is there.
    os.truncate(path, max(len(data), LENGTHS.get(attack, 0)))
    assert problem(data, server.measure(name, path)) is None


def small(call: Callable[[], object]) -> None:
    begin = time.thread_time()
    with suppress(SigcheckError, ValueError):
        call()
    assert time.thread_time() - begin < 1


def test_texts_of_a_config_and_of_values_end() -> None:
    small(lambda: parse_junction("concat(" + " " * 3_000 + "(,b)"))
    small(lambda: parse_junction('concat("' + "\\\\" * 300_000 + ")"))
    small(lambda: is_counter("x" + "1" * 60 + "!"))
    small(lambda: re.fullmatch(numerals._DECIMAL, b"1" * 16_000 + b"x"))
    small(lambda: parse_message("GraphDef", b'node { name: "' + b"\\a" * 400_000))


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    path = tmp_path / "w.bin"
    os.mkfifo(path)
    return path


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_that_a_manifest_names_is_not_waited_for(tmp_path: Path, pipe: Path) -> None:
    """It never ended."""
    import json

    data = json.loads(maximum(2))
    data["modelTopology"]["node"].append({"name": "c", "op": "Const", "attr": {}})
    data["modelTopology"]["node"][1]["input"] = ["x", "c"]
    weights = [{"name": "c", "shape": [1], "dtype": "float32"}]
    data["weightsManifest"] = [{"paths": [pipe.name], "weights": weights}]
    file = tmp_path / "model.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    reading = threading.Thread(target=lambda: sigcheck.read(file, infer=True), daemon=True)
    reading.start()
    reading.join(20)
    assert not reading.is_alive()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
@pytest.mark.parametrize("name", ["w.bin"])
def test_a_pipe_is_no_model(pipe: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", str(pipe)]) == COULD_NOT_CHECK
    assert "a pipe or device" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "said"), [(MemoryError, "needs more memory"), (RecursionError, "nested deeper")])
def test_what_has_no_room_is_one_line(
    error: type[Exception], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("sigcheck.stages.read_source.read_any", fail)
    assert run(["show", __file__]) == COULD_NOT_CHECK
    told = capsys.readouterr().err
    assert said in told
    assert "internal error" not in told
    assert told.count("\n") == 1


def test_what_was_inferred_before_the_limit_holds(tmp_path: Path) -> None:
    path = tmp_path / "saved_model.pb"
    graph = graphs.node("x", "Placeholder") + graphs.node("small", "Sigmoid", "x")
    graph += graphs.node("y", "AddN", *["x"] * (GRAPH_STEPS // 2))
    first = graphs.signature("a", ["x"], ["small"])
    path.write_bytes(graphs.meta_graph(graph, first + graphs.signature("b", ["x"], ["y"])))
    model = sigcheck.read(path, infer=True)
    assert [one.key for one in model.signatures] == ["a", "b"]
    assert model.signatures[0].outputs[0].inferred
    assert "but for the first 1" in model.notes[-1].message


def test_a_budget_is_spent_by_all_within_it() -> None:
    def read_within() -> None:
        for _ in range(1_000):
            with bounded("b"):
                spend(10_000)

    with bounded("a"), pytest.raises(LimitError):
        read_within()
    # Without one nothing is counted.
    spend(10**9)


def test_a_budget_that_is_spent_stays_so() -> None:
    with bounded("a") as budget:
        for _ in range(2):
            with pytest.raises(LimitError):
                budget.spend(10**9)
            with pytest.raises(LimitError):
                budget.spend(0)


def test_a_read_of_a_directory_is_bounded_by_what_is_there() -> None:
    file = ContentFile(bytes(100), 10, "too much")
    assert file.read(10) == bytes(10)
    with pytest.raises(ValueError, match="too much"):
        file.read(2**40)


def test_a_mistake_of_thousands_of_characters_is_described_at_once() -> None:
    import click

    small(lambda: describe_mistake(click.BadParameter("'" * 16_000)))
