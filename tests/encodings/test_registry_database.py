"""The database of an MLflow store: it says where models lie as MLflow does, which wrote it, and is left as it is."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import time
from contextlib import closing

import mlflow
import pytest
from mlflow.exceptions import MlflowException
from mlflow.store.artifact.models_artifact_repo import ModelsArtifactRepository

from sigcheck.api import read
from sigcheck.encodings.registry_database import is_database, place
from sigcheck.schema.errors import SourceError

pytest.importorskip("sqlalchemy")

MLMODEL = """\
flavors: {{python_function: {{loader_module: somebody.module}}}}
signature:
  inputs: '[{{"name": "x", "type": "tensor", "tensor-spec": {{"dtype": "float32", "shape": [-1, {}]}}}}]'
  outputs: '[{{"name": "y", "type": "tensor", "tensor-spec": {{"dtype": "float32", "shape": [-1, 1]}}}}]'
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store that MLflow wrote: its address, and what is to be asked of it by what it is."""
    folder = tmp_path_factory.mktemp("store")
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    with pytest.MonkeyPatch.context() as patch:
        # Where a model that is registered by its id lies, MLflow asks of the store that is set.
        patch.setenv("MLFLOW_TRACKING_URI", uri)
        return folder, uri, _fill(folder, uri)


def _fill(folder, uri):
    client = mlflow.MlflowClient(uri, uri)
    experiment = client.create_experiment("e", (folder / "artifacts").as_uri())
    run = client.create_run(experiment).info.run_id
    logged = [client.create_logged_model(experiment, name, run).model_id for name in ("m", "m", "gone", "other")]
    client.delete_logged_model(logged[2])
    client.create_registered_model("ranker")
    client.create_registered_model("empty")
    for at in range(4):
        client.create_model_version("ranker", (folder / "placed" / str(at)).as_uri(), run)
    client.create_model_version("ranker", f"models:/{logged[0]}", run)
    client.delete_model_version("ranker", "5")
    client.create_model_version("ranker", f"models:/{logged[3]}", run)
    client.transition_model_version_stage("ranker", "2", "Staging")
    client.transition_model_version_stage("ranker", "3", "Staging")
    client.set_registered_model_alias("ranker", "prod", "2")
    client.set_registered_model_alias("ranker", "old", "1")
    client.delete_model_version("ranker", "1")
    return {"run": run, "logged": logged[0], "gone": logged[2]}


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"models:/ranker/{one}"
            for one in (1, 2, 4, 5, 6, 7, "latest", "LATEST", "Staging", "staging", "Production")
        ),
        *(f"models:/ranker@{one}" for one in ("prod", "old", "PROD", "none", "latest")),
        *("models:/empty/latest", "models:/empty@latest", "models:/Ranker/2", "models:/ranker/Deleted_Internal"),
        *("models:/{logged}", "models:/{gone}", "models:/no-such-id"),
    ],
)
def test_a_version_lies_where_mlflow_says(store, text, monkeypatch):
    _, uri, known = store
    asked = text.format(**known)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    try:
        expected = ModelsArtifactRepository.get_underlying_uri(asked)
    except MlflowException:
        expected = None
    if expected is None:
        with pytest.raises(SourceError, match="not found in"):
            place(asked, uri, 10)
    else:
        assert place(asked, uri, 10) == expected


@pytest.mark.parametrize(
    ("text", "columns"),
    [("models:/ranker/2", 1), ("models:/ranker/6", 4), ("runs:/{run}/m", 3), ("runs:/{run}/file", 2)],
)
def test_what_lies_there_is_read(store, text, columns, monkeypatch):
    folder, uri, known = store
    client = mlflow.MlflowClient(uri, uri)
    run = client.get_run(known["run"])
    models = client.search_logged_models([run.info.experiment_id])
    # Of two models of one name the newer is meant, as MLflow takes the first that it finds.
    newest = next(one for one in models if one.name == "m").artifact_location
    other = next(one for one in models if one.name == "other").artifact_location
    files = f"{run.info.artifact_uri}/file"
    for at, place_of in enumerate(((folder / "placed" / "1").as_uri(), files, newest, other), start=1):
        lies = folder / place_of.removeprefix("file://")
        lies.mkdir(parents=True, exist_ok=True)
        (lies / "MLmodel").write_text(MLMODEL.format(at))
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    (signature,) = read(text.format(**known)).signatures
    assert str(signature.inputs[0]) == f"x: float32[?, {columns}]"


def test_it_is_left_as_it_is(store, tmp_path):
    folder, uri, known = store
    before = hashlib.sha256((folder / "mlflow.db").read_bytes()).digest(), sorted(one.name for one in folder.iterdir())
    place("models:/ranker@prod", uri, 10)
    place(f"runs:/{known['run']}/m", uri, 10)
    after = hashlib.sha256((folder / "mlflow.db").read_bytes()).digest(), sorted(one.name for one in folder.iterdir())
    assert after == before
    with pytest.raises(SourceError, match=r"no such store of MLflow: .*none\.db is not there"):
        place("models:/ranker@prod", f"sqlite:///{tmp_path / 'none.db'}", 10)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("uri", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:x.db?uri=true"])
def test_a_store_that_is_no_file_is_refused(uri):
    assert is_database(uri)
    with pytest.raises(SourceError, match="expected sqlite:///FILE"):
        place("models:/ranker/1", uri, 10)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:5000", "./mlruns", "file:///x", "postgresql://me@host/db"])
def test_other_stores_are_none_of_sqlite(uri):
    assert not is_database(uri)


def _written(path, *statements):
    with closing(sqlite3.connect(path)) as base:
        for one in statements:
            base.execute(one)
        base.commit()
    return f"sqlite:///{path}"


def test_an_old_store_has_fewer_columns_and_tables(tmp_path):
    """As MLflow 1.0 has them: no places of their own, no logged models, no aliases, no workspaces."""
    uri = _written(
        tmp_path / "old.db",
        "CREATE TABLE runs (run_uuid, artifact_uri, lifecycle_stage)",
        "CREATE TABLE model_versions (name, version, current_stage, source)",
        "INSERT INTO runs VALUES ('r', 's3://bucket/r/artifacts', 'active')",
        "INSERT INTO model_versions VALUES ('ranker', 1, 'None', 's3://bucket/r/artifacts/m')",
    )
    assert place("models:/ranker/1", uri, 10) == place("models:/ranker/latest", uri, 10) == "s3://bucket/r/artifacts/m"
    assert place("runs:/r/m/data", uri, 10) == "s3://bucket/r/artifacts/m/data"
    for text in ("models:/ranker@prod", "models:/m-123", "runs:/q/m"):
        with pytest.raises(SourceError, match="not found in"):
            place(text, uri, 10)


LONG = "hex(zeroblob(100000000))"


@pytest.mark.parametrize(
    "made",
    [
        f"CREATE VIEW model_versions AS SELECT 'ranker' name, 1 version, '' current_stage, {LONG} source",
        f"CREATE TABLE model_versions (name, version, current_stage, source AS ({LONG}))",
        "CREATE VIRTUAL TABLE model_versions USING fts5(name, version, current_stage, source)",
    ],
)
def test_what_a_store_computes_is_not_asked_for(tmp_path, monkeypatch, made):
    asked = []
    uri = _written(tmp_path / "view.db", made)
    opened = sqlite3.connect

    def watched(*given, **named):
        store = opened(*given, **named)
        store.set_trace_callback(asked.append)
        return store

    monkeypatch.setattr(sqlite3, "connect", watched)
    with pytest.raises(SourceError, match="not found in"):
        place("models:/ranker/1", uri, 10)
    assert asked
    assert not any("FROM model_versions" in one for one in asked)


@pytest.mark.parametrize("version", ["99999999999999999999", "9" * 5000, "x"])
def test_a_version_that_is_no_number_of_a_store_is_not_found(tmp_path, version):
    uri = _written(
        tmp_path / "store.db",
        "CREATE TABLE model_versions (name, version, current_stage, source)",
        "CREATE TABLE registered_model_aliases (name, alias, version)",
        f"INSERT INTO registered_model_aliases VALUES ('ranker', 'prod', '{version}')",
    )
    for text in (f"models:/ranker/{version}", "models:/ranker@prod"):
        with pytest.raises(SourceError, match="not found in"):
            place(text, uri, 10)


def test_a_store_that_is_written_by_a_log_is_left_as_it_is(tmp_path):
    path = tmp_path / "log.db"
    uri = _written(
        path,
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE model_versions (name, version, current_stage, source)",
        "INSERT INTO model_versions VALUES ('ranker', 1, 'None', '/one')",
    )
    assert [one.name for one in tmp_path.iterdir()] == ["log.db"]
    assert place("models:/ranker/1", uri, 10) == "/one"
    assert [one.name for one in tmp_path.iterdir()] == ["log.db"]
    with closing(sqlite3.connect(path)) as store:
        store.execute("INSERT INTO model_versions VALUES ('ranker', 2, 'None', '/two')")
        store.commit()
        assert place("models:/ranker/2", uri, 10) == "/two"


def test_a_copy_of_a_store_that_was_open_is_left_as_it_is(tmp_path, monkeypatch):
    _written(
        tmp_path / "log.db",
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE model_versions (name, version, current_stage, source)",
    )
    copies = tmp_path / "copies"
    copies.mkdir()
    with closing(sqlite3.connect(tmp_path / "log.db")) as store:
        store.execute("INSERT INTO model_versions VALUES ('ranker', 1, 'None', '/one')")
        store.commit()
        for ending in ("", "-wal"):
            shutil.copy(tmp_path / f"log.db{ending}", copies)
    before = {one.name: one.read_bytes() for one in copies.iterdir()}
    assert len(before) == 2
    uri = f"sqlite:///{copies / 'log.db'}"
    assert place("models:/ranker/1", uri, 10) == "/one"
    assert {one.name: one.read_bytes() for one in copies.iterdir()} == before
    monkeypatch.setattr("sigcheck.encodings.registry_database._MAX_COPIED", 1)
    with pytest.raises(SourceError, match=r"log\.db: a store of over 2 GiB with a log .*\. Start MLflow on it once"):
        place("models:/ranker/1", uri, 10)
    (copies / "log.db-wal").write_bytes(b"")
    with pytest.raises(SourceError, match="not found"):
        place("models:/ranker/1", uri, 10)
    assert sorted(one.name for one in copies.iterdir()) == ["log.db", "log.db-wal"]


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"


@pytest.mark.parametrize(
    ("statements", "problem"),
    [
        (
            [f"CREATE VIEW model_versions AS SELECT 'ranker' name, 1 version, '' current_stage, ({ENDLESS}) source"],
            "not found",
        ),
        (["CREATE TABLE model_versions (name, version)"], "no such column"),
        (
            [
                "CREATE TABLE model_versions (name, version, current_stage, source)",
                "INSERT INTO model_versions VALUES ('ranker', 1, '', zeroblob(1000000))",
            ],
            "not found",
        ),
    ],
)
def test_a_hostile_store_ends_in_one_line_and_in_time(tmp_path, monkeypatch, statements, problem):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", _written(tmp_path / "bad.db", *statements))
    monkeypatch.setattr("sigcheck.encodings.reach.MAX_SECONDS", 1)
    monkeypatch.setattr("sigcheck.encodings.reach.Budget.seconds_left", lambda budget, place: 1.0)
    start = time.process_time()
    with pytest.raises(SourceError, match=f"{problem}|not read within") as caught:
        read("models:/ranker/1")
    assert "\n" not in str(caught.value)
    assert time.process_time() - start < 20


@pytest.mark.parametrize("source", ["models:/ranker/1", "models:/ranker/latest"])
def test_a_model_that_lies_where_it_lies_itself_is_one_line_and_nothing_is_written(tmp_path, monkeypatch, source):
    """MLflow, asked to fetch it, would make the tables that it misses."""
    columns = "name, version, current_stage, source"
    row = f"INSERT INTO model_versions VALUES ('ranker', 1, 'None', '{source}')"
    monkeypatch.setenv(
        "MLFLOW_TRACKING_URI", _written(tmp_path / "ring.db", f"CREATE TABLE model_versions ({columns})", row)
    )
    before = (tmp_path / "ring.db").read_bytes()
    with pytest.raises(SourceError, match="where another of its models does, and so on without an end"):
        read("models:/ranker/1")
    assert (tmp_path / "ring.db").read_bytes() == before


def test_what_is_no_database_is_one_line(tmp_path, monkeypatch):
    (tmp_path / "mlflow.db").write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 20)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path / 'mlflow.db'}")
    with pytest.raises(SourceError, match=r"models:/ranker/1: cannot be read: .*mlflow\.db: ") as caught:
        read("models:/ranker/1")
    assert "\n" not in str(caught.value)
