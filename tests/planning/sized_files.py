"""Signature files whose sizes have names, written for a test."""

from __future__ import annotations

import json

from sigcheck import api


def tensor(name, dtype, *sizes, **facts):
    """An endpoint; a size is a number, a text, or None."""
    shape = [size if isinstance(size, int) else None for size in sizes]
    return {"name": name, "dtype": dtype, "shape": shape, "sizes": list(sizes), **({"facts": facts} if facts else {})}


def written(folder, name, inputs=(), outputs=(), constraints=()):
    told = [{"holds": one, "because": [f"Op of `{one}`"]} for one in constraints]
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"inputs": list(inputs), "outputs": list(outputs), "constraints": told}))
    return str(path)


def check_sizes(folder, outputs, inputs, constraints=(), **options):
    """A check of a producer without inputs and a consumer without outputs."""
    producer = written(folder, "producer", outputs=outputs)
    consumer = written(folder, "consumer", inputs=inputs, constraints=constraints)
    return api.check(producer, consumer, **{"verify": "typed", **options})
