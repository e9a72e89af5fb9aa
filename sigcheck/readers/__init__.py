"""Readers: one source format per file. The catalog below is the whole list.

A reader recognizes its format by structure, never by a parse that happened not to fail,
and gives a `Model`. It runs no code of the model and imports no TensorFlow; readers of
live objects use the TensorFlow that the caller has imported already.
"""

from __future__ import annotations
