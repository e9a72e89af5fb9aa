"""Pairs that fit by their shapes: what feeds which model, and what it is fed. The models are in `hostile_models`."""

from __future__ import annotations

from typing import NamedTuple


class Pair(NamedTuple):
    """A model, and the shapes that it is fed by input; `is_open` leaves every size but the last open to the check."""

    model: str
    feeds: dict[str, tuple[int, ...]]


class Chain(NamedTuple):
    """Models in a row; the first is fed every size up to `most` along its open axes."""

    models: tuple[str, ...]
    most: int
    open_axes: int = 2
    last: int = 3


def pictures(model, *sizes):
    """A pair for each height and width."""
    return {f"{model}_{height}x{width}": Pair(model, {"image": (2, height, width, 3)}) for height, width in sizes}


def rows(model, *lengths, name="x", last=(4,), batch=2):
    return {f"{model}_{length}": Pair(model, {name: (batch, length, *last)}) for length in lengths}


def many(model, *shapes):
    """A pair for each choice of shapes, by input."""
    return {
        f"{model}_{'_'.join('x'.join(map(str, shape)) for shape in one.values())}": Pair(model, one) for one in shapes
    }


PAIRS = {
    **pictures("unet_1", (30, 30), (31, 30), (30, 31), (7, 7)),
    **pictures("unet_2", (30, 30), (32, 30), (28, 32), (32, 34), (2, 4)),
    **pictures("unet_add", (30, 30), (36, 36), (38, 36)),
    **pictures("unet_thirds", (30, 30), (30, 31), (32, 32), (3, 3)),
    **pictures("unet_ceiling", (30, 30), (31, 31), (30, 29)),
    **pictures("unet_valid", (30, 30), (31, 31), (31, 32)),
    **pictures("pyramid", (32, 32), (24, 40), (30, 32), (36, 36), (20, 24)),
    **pictures("pyramid_resized", (30, 31), (7, 9)),
    **pictures("valid_stack", (30, 30), (9, 9), (8, 30), (30, 8), (4, 4)),
    **pictures("strided_concat", (30, 30), (31, 31), (30, 31)),
    **pictures("transposed_valid", (30, 30), (31, 30), (30, 33)),
    **pictures("patches", (32, 32), (30, 32), (32, 33), (20, 24)),
    **pictures("classifier", (8, 8), (16, 16), (9, 9), (10, 10), (7, 8)),
    **pictures("blocks", (30, 30), (32, 30), (30, 32)),
    **rows("positions", 64, 65, 80, 3),
    **rows("sliced_positions", 16, 17, 5),
    **rows("embedded", 12, 13, 40, name="ids", last=()),
    **rows("fixed_rows", 6, 7, 12, 3),
    **rows("halves", 6, 7, 1),
    **rows("one_at_a_time", 6, batch=1),
    **{f"{name}_by_two": one for name, one in rows("one_at_a_time", 6, batch=2).items()},
    **rows("windows", 15, 16, 4, 5),
    **rows("gated", 6, 5, 12, 1),
    **rows("framed", 3, 8),
    **rows("looked_back", 6, 5, 3, 9),
    **many(
        "beside", {"p": (2, 5, 3), "q": (2, 5, 2)}, {"p": (2, 5, 3), "q": (2, 6, 2)}, {"p": (2, 1, 3), "q": (2, 6, 2)}
    ),
    **many("behind", {"p": (2, 5, 4), "q": (2, 6, 4)}, {"p": (2, 5, 4), "q": (2, 5, 4)}),
    **many(
        "attention",
        {"query": (2, 5, 4), "keys": (2, 6, 4), "values": (2, 6, 4)},
        {"query": (2, 5, 4), "keys": (2, 6, 4), "values": (2, 5, 4)},
        {"query": (2, 5, 4), "keys": (2, 5, 4), "values": (2, 6, 4)},
    ),
    **many(
        "masked_attention",
        {"query": (2, 5, 4), "keys": (2, 6, 4), "mask": (2, 5, 6)},
        {"query": (2, 5, 4), "keys": (2, 6, 4), "mask": (2, 6, 5)},
        {"query": (2, 5, 4), "keys": (2, 6, 4), "mask": (2, 1, 6)},
        {"query": (2, 5, 4), "keys": (2, 6, 4), "mask": (2, 5, 5)},
    ),
    **many(
        "masked",
        {"image": (2, 8, 9, 3), "mask": (2, 8, 9, 1)},
        {"image": (2, 8, 9, 3), "mask": (2, 9, 8, 1)},
        {"image": (2, 8, 9, 3), "mask": (2, 8, 8, 1)},
    ),
    **many(
        "two_scales",
        {"image": (2, 8, 9, 3), "small": (2, 4, 4, 3)},
        {"image": (2, 8, 9, 3), "small": (2, 4, 5, 3)},
        {"image": (2, 8, 8, 3), "small": (2, 8, 8, 3)},
    ),
    **many("square", {"x": (5, 5)}, {"x": (5, 6)}, {"x": (1, 4)}),
    **many("dense", {"x": (3, 7)}, {"x": (3, 8)}),
    **rows("looped", 8, 9, 6),
    **rows("kept", 6, 7, batch=1),
}

CHAINS = {
    "halve_unet": Chain(("halve", "unet_2"), 40),
    "double_unet": Chain(("double", "unet_1"), 20),
    "double_double_unet": Chain(("double", "double", "unet_2"), 12),
    "trim_unet": Chain(("trim", "unet_1"), 24),
    "even_unet": Chain(("even", "unet_1"), 24),
    "trim_pyramid": Chain(("trim", "pyramid"), 40),
    "halve_halve_blocks": Chain(("halve", "halve", "blocks"), 40),
    "double_blocks": Chain(("double", "blocks"), 20),
    "trim_double_valid": Chain(("trim", "double", "valid_stack"), 24),
    "double_classifier": Chain(("double", "classifier"), 20),
    "crop_unet": Chain(("crop_24", "unet_2"), 32),
    "shifted_halves": Chain(("shifted", "halves"), 20, 1, 4),
    "thinned_windows": Chain(("thinned", "windows"), 40, 1, 4),
    "thinned_shifted_rows": Chain(("thinned", "shifted", "fixed_rows"), 40, 1, 4),
    "shifted_positions": Chain(("shifted", "sliced_positions"), 24, 1, 4),
    "thinned_looped": Chain(("thinned", "looped"), 24, 1, 4),
}
