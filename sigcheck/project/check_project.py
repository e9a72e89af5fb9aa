"""Check project: all models of a config read, and all its links checked, here or wherever an engine does it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sigcheck.config.config import Config
from sigcheck.project.check_links import Terms, check_links
from sigcheck.project.lock_file import Lock
from sigcheck.project.model_data import read_evidence
from sigcheck.project.read_models import Reading, read_models
from sigcheck.schema.project import LintedLink


class Checked(NamedTuple):
    """The models by name, and the links, both in the order of the config."""

    readings: dict[str, Reading]
    links: tuple[LintedLink, ...]


# What does the work: the answer is the same, whoever does it.
Engine = Callable[[Config, Lock | None, Terms], Checked]


def check_here(config: Config, lock: Lock | None, terms: Terms) -> Checked:
    """The engine of this machine. Raises SourceError where the data that a model names cannot be read."""
    readings = read_models(config, lock, terms.permission, terms.cache)
    evidence = read_evidence(config, terms.cache, terms.permission)
    return Checked(readings, tuple(check_links(config, readings, evidence, terms)))
