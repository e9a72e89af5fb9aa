"""Adapters: the plans of a pair as code that runs without sigcheck."""

from __future__ import annotations
