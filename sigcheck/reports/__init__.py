"""Reports: one output format per file, in `formats` of what is checked, in `models` of what is shown.

A format turns values into text and prints nothing; the same values give the same bytes.
Those for continuous integration tell findings only: they have nothing to say of a model. What
formats share stands in `parts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from sigcheck.schema.catalog import Catalog

if TYPE_CHECKING:
    import re

    from sigcheck.reports.parts.page import Page
    from sigcheck.schema.chain import ChainResult
    from sigcheck.schema.observation import Observation
    from sigcheck.schema.project import LintResult
    from sigcheck.schema.report import CheckResult
    from sigcheck.schema.signature import Model
    from sigcheck.schema.upgrade import DiffResult


class Format(Protocol):
    """An output format. Each is a module of this shape.

    `HAS_FINDINGS` is False of a picture, which tells verdicts alone. `KNOWN_BY` is found in each of its reports,
    from its beginning on, and nothing else is written over by one.
    """

    NAME: str
    HAS_FINDINGS: bool
    KNOWN_BY: re.Pattern[str]

    def render_check(self, result: CheckResult, page: Page = ..., /) -> str:
        """The answer to one check."""

    def render_chain(self, result: ChainResult, page: Page = ..., /) -> str:
        """The answer to the check of a pipeline of more than two models."""

    def render_lint(self, result: LintResult, page: Page = ..., /) -> str:
        """The answer to one lint."""

    def render_diff(self, result: DiffResult, page: Page = ..., /) -> str:
        """The answer to one diff."""


class ModelFormat(Protocol):
    """A format of models. Each is a module of this shape."""

    NAME: str

    def render_models(self, models: Sequence[Model], page: Page = ..., /) -> str:
        """The signatures of sources."""


class ObservationFormat(Protocol):
    """A format of observations. Each is a module of this shape."""

    NAME: str

    def render_observation(self, observation: Observation, side: str, page: Page = ..., /) -> str:
        """What data showed; where it is a file of facts, of the tensors of this side."""


FORMATS: Catalog[Format] = Catalog("sigcheck.reports.formats")
OBSERVATION_FORMATS: Catalog[ObservationFormat] = Catalog("sigcheck.reports.observations")
MODEL_FORMATS: Catalog[ModelFormat] = Catalog("sigcheck.reports.models")
