"""A pair of sides for each kind of junction, with arrays: what the forms, the reports and the commands are tried on."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sigcheck.schema.notation import parse_spec
from sigcheck.schema.signature import Endpoint, Signature


@dataclass(frozen=True)
class Kind:
    """Specs by name; what is bound; and how each input is fed, as a binding says it."""

    outputs: dict[str, str]
    inputs: dict[str, str]
    bind: dict[str, Any]
    fed: dict[str, str]
    steps: tuple[str, ...]

    def sides(self) -> tuple[Signature, Signature]:
        """The producer and the consumer."""
        return (
            Signature(key="give", outputs=_ends(self.outputs)),
            Signature(key="take", inputs=_ends(self.inputs)),
        )

    def options(self) -> Iterator[str]:
        """Yields the `--bind` options of a command."""
        for output, names in self.bind.items():
            for name in (names,) if isinstance(names, str) else names:
                yield from ("--bind", f"{output}={name}")

    def write(self, folder) -> tuple[str, str]:
        """Two signature files, `give.toml` and `take.toml`."""
        for name, side, specs in (("give", "outputs", self.outputs), ("take", "inputs", self.inputs)):
            lines = [f'{one} = "{spec}"' for one, spec in specs.items()]
            (folder / f"{name}.toml").write_text("\n".join([f"[{side}]", *lines, ""]))
        return str(folder / "give.toml"), str(folder / "take.toml")

    def given(self, count: int = 3) -> dict[str, np.ndarray]:
        """Arrays for the outputs, of a batch of this size."""
        random = np.random.default_rng(count)
        arrays = {}
        for name, text in self.outputs.items():
            spec = parse_spec(text)
            if name in AGREEING:
                arrays[name] = np.asarray(AGREEING[name](count), spec.dtype)
                continue
            sizes = [count if size is None else size for size in spec.shape]
            drawn = random.integers(0, 7, sizes) if "int" in spec.dtype else random.normal(size=sizes)
            arrays[name] = drawn.astype(spec.dtype)
        return arrays


# What says where other values stand has to agree with how many there are.
AGREEING = {
    "splits": lambda count: [0, min(count, 1), min(count, 1), count],
    "rowids": lambda count: [at // 2 for at in range(count)],
    "count": lambda count: count + 1,
    "places": lambda count: np.asarray([[at, 1] for at in reversed(range(count))]).reshape(count, 2),
    "size": lambda count: [count, 2],
}


def _ends(specs):
    return tuple(Endpoint(name=name, spec=parse_spec(text)) for name, text in specs.items())


KINDS = {
    "concat": Kind(
        {"c1": "float64[?, 3]", "c2": "float32[?, 5]"},
        {"c": "float32[?, 8]"},
        {"c1": "c", "c2": "c"},
        {"c": "concat(c1, c2, axis=1)"},
        ("cast(dtype=float32)", "concat(axis=1)"),
    ),
    "stack": Kind(
        {"s1": "float32[?, 4]", "s2": "float32[?, 4]"},
        {"s": "float32[?, 2, 4]"},
        {"s2": "s", "s1": "s"},
        {"s": "stack(s2, s1, axis=1)"},
        ("stack(axis=1)",),
    ),
    "boxes": Kind(
        {"top": "float32[?, 3]", "left": "float32[?, 3]", "bottom": "float64[?, 3]", "right": "float32[?, 3]"},
        {"box": "float32[?, 3, 4]"},
        {"boxes(top, left, bottom, right)": "box"},
        {"box": "boxes(top, left, bottom, right)"},
        ("cast(dtype=float32)", "boxes()"),
    ),
    "split": Kind(
        {"p": "float32[?, 8]"},
        {"p1": "float32[?, 3]", "p2": "float64[?, 5]"},
        {"p": ["p1", "p2"]},
        {"p1": "split(p, axis=1)[0]", "p2": "split(p, axis=1)[1]"},
        ("split(axis=1, sizes=[3, 5], index=0)", "split(axis=1, sizes=[3, 5], index=1)", "cast(dtype=float64)"),
    ),
    "unstack": Kind(
        {"u": "float32[?, 2, 4]"},
        {"u1": "float32[?, 4]", "u2": "float32[?, 4]"},
        # To share it would do too, with the batch merged: so it is named.
        {"unstack(u, axis=1)": ["u2", "u1"]},
        {"u1": "unstack(u, axis=1)[1]", "u2": "unstack(u, axis=1)[0]"},
        ("unstack(axis=1, num=2, index=1)", "unstack(axis=1, num=2, index=0)"),
    ),
    "share": Kind(
        {"h": "float32[?, 4]"},
        {"h1": "float32[?, 4]", "h2": "float32[?, 1, 4]"},
        {"h": ["h1", "h2"]},
        {"h1": "h", "h2": "h"},
        ("expand_dims(axis=1)",),
    ),
    "ragged_by_lengths": Kind(
        {"rows": "int32[?, 6]", "lengths": "int64[?]"},
        {"r": "ragged int32[?, None]"},
        {"rows": "r", "lengths": "r"},
        {"r": "ragged_by_lengths(rows, lengths)"},
        ("ragged_by_lengths(form=padded)",),
    ),
    "ragged_by_row_splits": Kind(
        {"flat": "int32[?, 6]", "splits": "int64[4]"},
        {"by_splits": "ragged int32[3, None, 6]"},
        {"ragged_by_row_splits(flat, splits)": "by_splits"},
        {"by_splits": "ragged_by_row_splits(flat, splits)"},
        ("ragged_by_row_splits()",),
    ),
    "ragged_by_value_rowids": Kind(
        {"entries": "float32[?]", "rowids": "int64[?]", "count": "int32[]"},
        {"by_rowids": "ragged float32[?, None]"},
        {"ragged_by_value_rowids(entries, rowids, count)": "by_rowids"},
        {"by_rowids": "ragged_by_value_rowids(entries, rowids, count)"},
        ("ragged_by_value_rowids()",),
    ),
    "sparse_by_indices": Kind(
        {"places": "int64[?, 2]", "letters": "int32[?]", "size": "int64[2]"},
        {"labels": "sparse int32[?, ?]"},
        {"places": "labels", "letters": "labels", "size": "labels"},
        {"labels": "sparse_by_indices(places, letters, size)"},
        ("sparse_by_indices()",),
    ),
    "complex": Kind(
        {"real": "float64[?, 4]", "imaginary": "float32[?, 4]"},
        {"z": "complex64[?, 4]"},
        {"real": "z", "imaginary": "z"},
        {"z": "complex(real, imaginary)"},
        ("cast(dtype=float32)", "complex()"),
    ),
    "constant": Kind(
        {"like": "float32[?, 4]"},
        {"like": "float32[?, 4]", "k": "int32[?, 2]", "flag": "bool[]"},
        {"constant(7, like)": "k", "constant(true, like)": "flag"},
        {"like": "like", "k": "constant(7, like)", "flag": "constant(true, like)"},
        ("constant(value=7)", "constant(value=True)"),
    ),
    "range": Kind(
        {"boxes": "float32[?, 2, 4]"},
        {"boxes": "float32[?, 2, 4]", "steps": "int64[?, 2]", "numbers": "int32[?, 2, 4]"},
        {"range(boxes, axis=1)": "steps", "range(boxes, axis=0)": "numbers"},
        {"boxes": "boxes", "steps": "range(boxes, axis=1)", "numbers": "range(boxes, axis=0)"},
        ("range(axis=1)", "range(axis=0)"),
    ),
    "broadcast": Kind(
        {"user": "int64[?]", "titles": "int32[?, 3]"},
        {"who": "int64[?, 3]", "titles": "int32[?, 3]"},
        {"broadcast(user, titles)": "who"},
        {"who": "broadcast(user, titles)", "titles": "titles"},
        ("broadcast()",),
    ),
}


def together(*names: str) -> Kind:
    """One pair of sides that has several kinds, or all."""
    chosen = [KINDS[name] for name in names or KINDS]
    parts = ((kind.outputs, kind.inputs, kind.bind, kind.fed) for kind in chosen)
    merged = [dict(ChainMap(*reversed(one))) for one in zip(*parts, strict=True)]
    return Kind(*merged, tuple(step for kind in chosen for step in kind.steps))


# All that NumPy has too, and of these what Keras has: a functional model knows no sizes while it is built.
IN_NUMPY = tuple(name for name in KINDS if not name.startswith(("ragged", "sparse")))
IN_KERAS = tuple(name for name in IN_NUMPY if name not in {"complex", "constant", "range", "broadcast"})


def _add_named(made: dict[str, Any], given: dict[str, np.ndarray]) -> None:
    """Adds what is joined by junctions that have a place for each part."""
    if "splits" in given:
        made["by_splits"] = [given["flat"][start:stop] for start, stop in pairwise(given["splits"])]
    if "rowids" in given:
        made["by_rowids"] = [given["entries"][given["rowids"] == row] for row in range(given["count"])]
    if "places" in given:
        made["labels"] = np.zeros(given["size"], np.int32)
        made["labels"][tuple(given["places"].T)] = given["letters"]
    if "top" in given:
        made["box"] = np.stack([given[name].astype(np.float32) for name in ("top", "left", "bottom", "right")], 2)
    if "real" in given:
        made["z"] = (given["real"].astype(np.float32) + 1j * given["imaginary"]).astype(np.complex64)


def expected(given: dict[str, np.ndarray]) -> dict[str, Any]:
    """What each input is to be, of the arrays given; rows as lists."""
    made: dict[str, Any] = {}
    if "c1" in given:
        made["c"] = np.concatenate([given["c1"].astype(np.float32), given["c2"]], 1)
    if "s1" in given:
        made["s"] = np.stack([given["s2"], given["s1"]], 1)
    if "p" in given:
        made["p1"], made["p2"] = given["p"][:, :3], given["p"][:, 3:].astype(np.float64)
    if "u" in given:
        made["u2"], made["u1"] = given["u"][:, 0], given["u"][:, 1]
    if "h" in given:
        made["h1"], made["h2"] = given["h"], given["h"][:, None]
    if "like" in given:
        made["like"], made["k"] = given["like"], np.full((len(given["like"]), 2), 7, np.int32)
        made["flag"] = np.array(1) > 0
    _add_named(made, given)
    if "boxes" in given:
        count = len(given["boxes"])
        made["boxes"] = given["boxes"]
        made["steps"] = np.tile(np.arange(2), (count, 1))
        made["numbers"] = np.tile(np.arange(count, dtype=np.int32)[:, None, None], (1, 2, 4))
    if "user" in given:
        made["titles"], made["who"] = given["titles"], np.repeat(given["user"][:, None], 3, 1)
    if "rows" in given:
        made["r"] = [list(row[:length]) for row, length in zip(given["rows"], given["lengths"], strict=True)]
    return made


def check_values(found: Any, given: dict[str, np.ndarray]) -> None:
    """Asserts that what was found, by input, is what is to be: bit by bit, dtypes included."""
    wanted = expected(given)
    assert set(found) == set(wanted)
    for name, value in wanted.items():
        made = found[name]
        if isinstance(value, list):
            rows = made.to_list() if hasattr(made, "to_list") else made
            assert rows == [np.asarray(row).tolist() for row in value], name
            continue
        if hasattr(made, "dense_shape"):
            import tensorflow as tf

            made = tf.sparse.to_dense(made).numpy()
        array = made if isinstance(made, np.ndarray) else np.asarray(made)
        assert array.dtype == value.dtype, name
        np.testing.assert_array_equal(array, value, err_msg=name)
