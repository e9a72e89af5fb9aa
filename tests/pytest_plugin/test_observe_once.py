from __future__ import annotations


def test_a_pipeline_is_observed_once_in_a_session(pytester):
    pytester.makepyfile(
        """
        import numpy as np
        made = []

        def make():
            made.append(1)
            return [np.ones((2, 3), np.float32)]

        def test_one(observe_once):
            assert observe_once("train", make).tensors[0].rows == 2

        def test_two(observe_once):
            assert observe_once("train", make) is observe_once("train", make)
            assert len(made) == 1
        """
    )
    pytester.runpytest_inprocess("-p", "no:xdist").assert_outcomes(passed=2)
