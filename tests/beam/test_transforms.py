"""Arrays in a pipeline are observed as arrays in a list are."""

from __future__ import annotations

import apache_beam as beam
import numpy as np


def test_elements_of_a_pipeline():
    from apache_beam.testing.util import assert_that, equal_to

    import sigcheck.beam

    elements = [{"x": np.arange(at, at + 6, dtype=np.float32).reshape(2, 3), "t": np.array([b"a"])} for at in range(9)]
    with beam.Pipeline(runner="DirectRunner") as pipeline:
        found = pipeline | beam.Create(elements) | sigcheck.beam.Observe()
        assert_that(found, equal_to([sigcheck.observe(elements)]))
