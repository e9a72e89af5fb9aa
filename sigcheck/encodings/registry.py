"""The registry and the runs of MLflow: `models:/NAME/3`, `models:/NAME@ALIAS`, `runs:/ID/PATH`.

MLflow says where a model lies, by its own settings (MLFLOW_TRACKING_URI), of a database in SQLite the database itself;
what lies there is read as files of this machine or of a store are. Where only MLflow can fetch it, the signature alone
is fetched.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from importlib.util import find_spec
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from sigcheck.encodings.content import Content
from sigcheck.encodings.files import LOCAL_FILES, FileKind, Files
from sigcheck.encodings.reach import Reach
from sigcheck.encodings.registry_database import is_database, place
from sigcheck.encodings.remote_content import translated, within
from sigcheck.schema.address import REGISTRY
from sigcheck.schema.errors import SourceError

# The file that has the signature, and does not weigh what a model does.
_SIGNATURE = "MLmodel"
_NOT_INSTALLED = (
    "a model of an MLflow registry, which MLflow looks up. Install it with: pip install 'sigcheck[mlflow]'."
)
_LOCAL = (
    "a registry on this machine, expected a server of MLflow (MLFLOW_TRACKING_URI) where a file names a model of it. "
    "Name the folder of the model, or the model on the command line."
)
# MLflow asks whom the address names, with the credentials that it keeps under that name.
_OTHER = (
    "names whom to ask, expected one slash behind the colon where a file names a model: the server of "
    "MLFLOW_TRACKING_URI is asked. Leave it out, or name the model on the command line."
)
_NO_PACKAGE = (
    "a registry in a database ({}), which MLflow opens with packages of its own. Install them with: pip install mlflow."
)
_IN_A_RING = "lies, by the registry, where another of its models does, and so on without an end. Register it again."
# mlflow/store/db/db_types.py, less SQLite, which is read here.
_DATABASES = frozenset({"mysql", "mssql", "postgresql"})
# What is registered names a run, or a model that has an id, and these name files.
_MAX_HOPS = 3
# Of a hundred models each; a thread that nobody waits for any more ends with them.
_MOST_PAGES = 100
# Of old stores in folders MLflow asks this; here they are read only.
_OLD_STORE = "MLFLOW_ALLOW_FILE_STORE"


class RegistryFiles:
    """The files of a model that a registry names, as `Files` of a Source."""

    def __init__(self, text: str, reach: Reach, open_store: Any, schemes: Collection[str]) -> None:
        """Asks MLflow where they lie; those of a store are opened by `open_store`, where it has one of `schemes`.

        Raises SourceError where MLflow is not installed, does not know the model, or may not be asked.
        """
        try:
            import mlflow  # noqa: F401  # whether it is there; what asks it imports it
        except ImportError:
            raise SourceError(text, _NOT_INSTALLED) from None
        self._root = PurePath(text)
        self._folder: TemporaryDirectory[str] | None = None
        late = reach.budget.too_slow(text)
        # Set for a person's own call alone: models of a config are read by several threads.
        with translated(text), _old_stores() if reach.may_leave else nullcontext():
            uri = text
            for _ in range(_MAX_HOPS):
                if uri.startswith(REGISTRY):
                    # What a server answers may name another one, or a store of this machine.
                    if not reach.may_leave:
                        _require_server(text, uri)
                    seconds = reach.budget.seconds_left(text)
                    uri = within(seconds, partial(_place, uri, seconds), late)
            if uri.startswith(REGISTRY):
                # Asked for its files, MLflow would open the store itself, and write to it.
                raise SourceError(text, _IN_A_RING)
            scheme = urlsplit(uri).scheme
            if scheme in schemes:
                self._files: Files = open_store(uri, reach)
                self._inner = PurePath(uri)
                return
            self._files = LOCAL_FILES
            # A scheme of one letter is a drive of Windows.
            if scheme == "file" or len(scheme) < 2:  # noqa: PLR2004  # a drive of Windows
                if not reach.may_leave:
                    raise SourceError(text, _LOCAL)
                self._inner = PurePath(url2pathname(urlsplit(uri).path) if scheme == "file" else uri)
                return
            self._folder = TemporaryDirectory(prefix="sigcheck-")
            self._inner = PurePath(self._folder.name)
            target = self._folder.name
            within(reach.budget.seconds_left(text), lambda: _fetch(uri, target), late)
            reach.budget.take((Path(target) / _SIGNATURE).stat().st_size, text)

    def _at(self, path: PurePath) -> PurePath:
        return self._inner / path.relative_to(self._root)

    def kind(self, path: PurePath, /) -> FileKind | None:
        """What lies there; None where nothing does, and above the model."""
        return self._files.kind(self._at(path)) if path.is_relative_to(self._root) else None

    def names(self, folder: PurePath, /) -> list[str]:
        """The names in a folder, sorted."""
        return self._files.names(self._at(folder))

    def head(self, path: PurePath, /) -> bytes:
        """The first bytes of a file."""
        return self._files.head(self._at(path))

    def open(self, path: PurePath, /) -> AbstractContextManager[Content]:
        """The content of a file."""
        return self._files.open(self._at(path))


@contextmanager
def _old_stores() -> Iterator[None]:
    """Lets MLflow read a store that is a folder."""
    before = os.environ.get(_OLD_STORE)
    os.environ[_OLD_STORE] = "true"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_OLD_STORE]
        else:
            os.environ[_OLD_STORE] = before


def _is_registered(text: str) -> bool:
    """Whether it is a version of a model: runs, and models by an id alone, are in the store of runs."""
    named = text.removeprefix(REGISTRY[0])
    return named != text and ("@" in named or "/" in named)


def _require_server(text: str, uri: str) -> None:
    """Raises SourceError where the server that this machine is set up for is not the one that is asked for a model."""
    if urlsplit(uri).netloc:
        raise SourceError(text, _OTHER)
    if urlsplit(_asked(uri)).scheme not in {"http", "https"}:
        raise SourceError(text, _LOCAL)


def _asked(text: str) -> str:
    """The store that MLflow asks for a model: the registry, or that of the runs."""
    import mlflow

    return str(mlflow.get_registry_uri() if _is_registered(text) else mlflow.get_tracking_uri())


def _place(text: str, seconds: float) -> str:
    """Where MLflow, or the database of its store, says that the model lies."""
    import mlflow

    asked = _asked(text)
    if is_database(asked):
        return place(text, asked, seconds)
    scheme = asked.partition(":")[0].partition("+")[0]
    if scheme in _DATABASES and find_spec("sqlalchemy") is None:
        # What MLflow itself says of it has the address, with whoever logs in.
        raise SourceError(text, _NO_PACKAGE.format(scheme))
    if text.startswith(REGISTRY[0]):
        from mlflow.store.artifact.models_artifact_repo import ModelsArtifactRepository

        return str(ModelsArtifactRepository.get_underlying_uri(text))
    from mlflow.store.artifact.runs_artifact_repo import RunsArtifactRepository

    return _logged(mlflow.MlflowClient(), text) or str(RunsArtifactRepository.get_underlying_uri(text))


def _logged(client: Any, text: str) -> str | None:
    """Where a model lies that a run logged by this name: from MLflow 3 on no more among the files of the run.

    It is looked for as MLflow does (mlflow/store/artifact/runs_artifact_repo.py), and goes before a file of that name.
    """
    run, _, path = text.removeprefix(REGISTRY[1]).partition("/")
    name, _, inner = path.partition("/")
    found = client.get_run(run)
    # MLflow 2 tells of none, whether it is the server or is asked here, and would not know the question.
    if not getattr(getattr(found, "outputs", None), "model_outputs", None) or "'" in name:
        return None
    token = None
    for _ in range(_MOST_PAGES):
        page = client.search_logged_models([found.info.experiment_id], f"name = '{name}'", page_token=token)
        for one in page:
            if one.source_run_id == run:
                return f"{one.artifact_location}/{inner}" if inner else str(one.artifact_location)
        token = page.token
        if not token:
            break
    return None


def _fetch(uri: str, target: str) -> None:
    from mlflow.artifacts import download_artifacts

    download_artifacts(artifact_uri=f"{uri.rstrip('/')}/{_SIGNATURE}", dst_path=target)
