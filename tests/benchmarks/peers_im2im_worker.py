"""Runs in the environment of im2im: the code that it finds for conversions of images, and what that code makes.

    python peers_im2im_worker.py < PAIRS > ANSWERS

PAIRS is a JSON list of `{"source": METADATA, "target": METADATA, "image": ARRAY}`; ANSWERS a JSON list of
`{"seconds": CPU, "answer": CODE or null, "made": ARRAY or null}`. Standard library, NumPy and im2im only.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
from im2im import im2im_code


def find(pair: dict[str, Any]) -> tuple[float, Any]:
    """The seconds that im2im takes for one pair, and the code that it finds."""
    start = time.process_time()
    code = im2im_code("source", pair["source"], "target", pair["target"])
    return time.process_time() - start, code


def convert(pair: dict[str, Any], seconds: float, code: Any) -> dict[str, Any]:
    """What was found for one pair, and what it makes of the image."""
    made = None
    if code is not None:
        scope = {"source": read(pair["image"])}
        try:
            exec("\n".join([code] if isinstance(code, str) else code), scope)
            made = write(np.asarray(scope["target"]))
        except Exception as error:  # noqa: BLE001  # generated code may raise anything
            sys.stderr.write(f"{code}: {error}\n")
    return {"seconds": seconds, "answer": None if code is None else "\n".join(code), "made": made}


def read(array: dict[str, Any]) -> np.ndarray:
    """An array from JSON."""
    return np.array(array["values"], dtype=array["dtype"]).reshape(array["shape"])


def write(array: np.ndarray) -> dict[str, Any]:
    """An array as JSON."""
    return {"dtype": str(array.dtype), "shape": list(array.shape), "values": array.ravel().tolist()}


if __name__ == "__main__":
    pairs = json.load(sys.stdin)
    # All are asked for before one is run: what a run leaves in the caches of the processor is no part of it.
    codes = [find(pair) for pair in pairs]
    json.dump([convert(pair, *code) for pair, code in zip(pairs, codes, strict=True)], sys.stdout)
