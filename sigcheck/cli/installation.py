"""Installation: what is installed of what sigcheck uses, and what is lost without it.

No package is imported; a worker that does nothing is started, to see which walls stand around it.
"""

from __future__ import annotations

import importlib.util
import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sigcheck import __version__

if TYPE_CHECKING:
    from sigcheck.schema.walls import Walls


@dataclass(frozen=True)
class Use:
    """A package that sigcheck uses: as it is imported, as it is installed, and what it is for."""

    module: str
    distribution: str
    purpose: str
    # How to get it; None for what comes with sigcheck.
    install: str | None = None


@dataclass(frozen=True)
class Part:
    """A package and its version; None where it is not installed."""

    use: Use
    version: str | None

    @property
    def is_missing(self) -> bool:
        """Whether it comes with sigcheck and is not there: something is broken."""
        return self.version is None and self.use.install is None


@dataclass(frozen=True)
class Installation:
    """All that a bug report needs to know."""

    version: str
    python: str
    platform: str
    processors: int
    cache: str
    config: str | None
    walls: Walls
    parts: tuple[Part, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all that comes with sigcheck is there."""
        return not any(part.is_missing for part in self.parts)


# What `pip install sigcheck` brings, then what each extra adds. A test holds it equal to pyproject.toml.
USES = (
    Use("click", "click", "the command line"),
    Use("jinja2", "jinja2", "web pages"),
    Use("ml_dtypes", "ml-dtypes", "bfloat16 in comparisons and references"),
    Use("networkx", "networkx", "the graphs that were searched, drawn and in Python"),
    Use("numpy", "numpy", "comparing plans, references of transforms"),
    Use("platformdirs", "platformdirs", "the folder of the cache"),
    Use("pydantic", "pydantic", "specs and reports"),
    Use("rich", "rich", "progress on a terminal"),
    Use("tomli", "tomli", "configs and signature files in TOML"),
    Use(
        "tensorflow",
        "tensorflow",
        "proving adapters, running them, live objects",
        "pip install 'sigcheck[tensorflow]'",
    ),
    Use("keras", "keras", "adapters as Keras models, live Keras models", "pip install 'sigcheck[tensorflow]'"),
    Use("pygraphviz", "pygraphviz", "pictures of pipelines and searches", "pip install 'sigcheck[pictures]'"),
    Use("fsspec", "fsspec", "models at a URL", "pip install 'sigcheck[remote]'"),
    Use("s3fs", "s3fs", "models in Amazon S3", "pip install 'sigcheck[s3]'"),
    Use("gcsfs", "gcsfs", "models in Google Cloud Storage", "pip install 'sigcheck[gcs]'"),
    Use("huggingface_hub", "huggingface_hub", "models on the Hugging Face hub", "pip install 'sigcheck[hf]'"),
    Use("mlflow", "mlflow-skinny", "models of an MLflow registry", "pip install 'sigcheck[mlflow]'"),
    Use("pygls", "pygls", "configs in an editor", "pip install 'sigcheck[editor]'"),
    Use("watchfiles", "watchfiles", "lints after each change", "pip install 'sigcheck[watch]'"),
    Use("yaml", "pyyaml", "signature files in YAML", "pip install 'sigcheck[yaml]'"),
    Use("datasketches", "datasketches", "counts of different strings in data", "pip install 'sigcheck[observe]'"),
    Use("google_crc32c", "google-crc32c", "data in TFRecord files", "pip install 'sigcheck[observe]'"),
    Use("PIL", "pillow", "data in pictures", "pip install 'sigcheck[observe]'"),
    Use("google.protobuf", "protobuf", "examples in TFRecord files", "pip install 'sigcheck[observe]'"),
    Use("pyarrow", "pyarrow", "data in CSV and Parquet files", "pip install 'sigcheck[observe]'"),
    Use("apache_beam", "apache-beam", "data on many machines", "pip install 'sigcheck[beam]'"),
    Use("pytest", "pytest", "assertions and project checks in a test run", "pip install pytest"),
)


def examine() -> Installation:
    """The installation of the Python that runs this, seen from the working folder."""
    from platformdirs import user_cache_path

    from sigcheck.process.worker import walls_here

    return Installation(
        version=__version__,
        python=f"{platform.python_implementation()} {platform.python_version()}",
        platform=platform.platform(),
        processors=os.cpu_count() or 1,
        cache=str(user_cache_path("sigcheck", appauthor=False)),
        config=_config(),
        walls=walls_here(),
        parts=tuple(Part(use, _version(use)) for use in USES),
    )


def _version(use: Use) -> str | None:
    """The version of a package; its builds may be called otherwise (tensorflow-cpu) and then have none."""
    from importlib.metadata import PackageNotFoundError, packages_distributions, version

    if not _is_there(use.module):
        return None
    try:
        return version(use.distribution)
    except PackageNotFoundError:
        found = packages_distributions().get(use.module, [])
        return f"{version(found[0])} ({found[0]})" if found else "of unknown version"


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        # A part of a namespace that nothing installed has.
        return False


def _config() -> str | None:
    from sigcheck.config.find import find_config
    from sigcheck.schema.errors import SourceError

    try:
        return str(find_config(Path()))
    except SourceError:
        return None
