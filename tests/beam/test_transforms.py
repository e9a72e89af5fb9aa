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


def test_some_columns_of_a_pipeline_and_what_is_left_out():
    from apache_beam.testing.util import assert_that, equal_to

    import sigcheck.beam

    days = np.array(["2020-01-01", "2020-01-02"], "datetime64[D]")
    elements = [
        {"age": np.ma.masked_array([at, 99], [False, at % 2]), "g": np.ones(2), "a": np.ones(2), "day": days}
        for at in range(9)
    ]
    with beam.Pipeline(runner="DirectRunner") as pipeline:
        made = pipeline | beam.Create(elements)
        for only in ("age", None):
            found = made | f"observe {only}" >> sigcheck.beam.Observe(only=only)
            wanted = sigcheck.observe(elements, only=only)
            assert [one.name for one in wanted.tensors] == (["age"] if only else ["a", "age", "g"])
            assert [str(one) for one in wanted.left_out] == ([] if only else ["day (datetime64[D])"])
            assert_that(found, equal_to([wanted]), label=f"equal {only}")
