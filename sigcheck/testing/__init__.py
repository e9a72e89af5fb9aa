"""Assertions on signatures, for test files.

    from sigcheck.testing import assert_compatible

    def test_the_encoder_feeds_the_classifier():
        adapter = assert_compatible("models/encoder", "models/classifier.keras")

Each takes paths, live objects, structures of `tf.TypeSpec`, and specs in the short notation:
`{"x": "float32[?, 224, 224, 3]"}`. What does not hold is an AssertionError; what could not be
checked is a SourceError or UsageError, so that a broken file never looks like a mismatch.
"""

from __future__ import annotations

from sigcheck.testing.acceptance import assert_accepts, assert_rejects
from sigcheck.testing.adapter import assert_adapter
from sigcheck.testing.compatibility import assert_compatible, assert_incompatible
from sigcheck.testing.data import assert_data_fits
from sigcheck.testing.signature import assert_signature
from sigcheck.testing.upgrade import assert_upgrade

__all__ = [
    "assert_accepts",
    "assert_adapter",
    "assert_compatible",
    "assert_data_fits",
    "assert_incompatible",
    "assert_rejects",
    "assert_signature",
    "assert_upgrade",
]
