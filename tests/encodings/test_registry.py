"""Models that a registry of MLflow names: MLflow says where they lie, and they are read as others are."""

from __future__ import annotations

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import mlflow
import pytest

from sigcheck.api import read
from sigcheck.encodings.permission import Permission
from sigcheck.schema.address import is_address, masked
from sigcheck.schema.errors import SourceError

MLMODEL = """\
flavors: {python_function: {loader_module: somebody.module}}
signature:
  inputs: '[{"name": "x", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 3]}}]'
  outputs: '[{"name": "y", "type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 1]}}]'
"""
SHOWN = ["x: float32[?, 3]", "y: float32[?, 1]"]


def shown(source):
    (signature,) = read(source).signatures
    return [str(one) for one in (*signature.inputs, *signature.outputs)]


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A store in a folder, with one run and one model of two versions; the run, by its id."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    uri = (tmp_path / "store").as_uri()
    # MLflow asks its default store for a version, and makes one in the working folder.
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    client = mlflow.MlflowClient(uri, uri)
    made = client.create_run(client.create_experiment("e", (tmp_path / "artifacts").as_uri()))
    folder = tmp_path / "artifacts" / made.info.run_id / "artifacts" / "m"
    folder.mkdir(parents=True)
    (folder / "MLmodel").write_text(MLMODEL)
    client.create_registered_model("ranker")
    for _ in range(2):
        version = client.create_model_version("ranker", folder.as_uri(), made.info.run_id)
    client.set_registered_model_alias("ranker", "prod", version.version)
    logged = client.create_logged_model(made.info.experiment_id, "logged", made.info.run_id)
    client.log_outputs(made.info.run_id, [mlflow.entities.LoggedModelOutput(logged.model_id, 0)])
    (lies := tmp_path / logged.artifact_location.removeprefix("file://")).mkdir(parents=True)
    (lies / "MLmodel").write_text(MLMODEL)
    monkeypatch.delenv("MLFLOW_ALLOW_FILE_STORE")
    return made.info.run_id


@pytest.mark.parametrize(
    "source",
    ["models:/ranker/1", "models:/ranker@prod", "models:/ranker/latest", "runs:/{}/m", "runs:/{}/logged"],
)
def test_a_model_of_a_local_store(run, source):
    assert shown(source.format(run)) == SHOWN
    assert shown(f"{source.format(run)}#default") == SHOWN


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("models:/ranker/7", "not found"),
        ("models:/other@x", "not found"),
        ("runs:/no_such_run/m", "not found"),
        ("runs:/{}/other", "no such file|not a model|without a model"),
        ("models:/ranker/x/y/z", "cannot be read"),
    ],
)
def test_what_is_not_there_is_one_line(run, source, problem):
    with pytest.raises(SourceError, match=problem) as caught:
        read(source.format(run))
    assert "\n" not in str(caught.value)


def test_without_mlflow_its_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(SourceError, match=r"pip install 'sigcheck\[mlflow\]'"):
        read("models:/ranker/1")


def test_a_model_of_a_registry_is_an_address_without_secrets():
    assert is_address("models:/ranker@prod")
    assert is_address("runs:/abc/m")
    assert not is_address("models/ranker")
    assert not is_address("models:/")
    assert masked("models:/ranker@prod") == "models:/ranker@prod"


class _Registry(BaseHTTPRequestHandler):
    """What a server of MLflow answers of the one model that it has."""

    place = ""

    def do_POST(self):
        """The models that its run logged."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.pages += 1
        info = {"model_id": "m-1", "experiment_id": "0", "name": "m", "source_run_id": self.server.logged_by}
        times = {"creation_timestamp_ms": 1, "last_updated_timestamp_ms": 1}
        model = {"info": {**info, **times, "artifact_uri": self.server.place, "status": "LOGGED_MODEL_READY"}}
        self._answer(json.dumps({"models": [model], "next_page_token": "more"}).encode())

    def do_GET(self):
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        self.server.asked.append(path)
        if path.endswith("/get-download-uri"):
            answer = json.dumps({"artifact_uri": self.server.place}).encode()
        elif path.endswith("/alias"):
            version = {"name": query["name"][0], "version": "3", "creation_timestamp": 1, "current_stage": "None"}
            answer = json.dumps({"model_version": version}).encode()
        elif path.endswith("/artifacts"):
            answer = json.dumps({"files": []}).encode()
        elif path.endswith("/runs/get"):
            info = {"run_id": "r", "experiment_id": "0", "artifact_uri": "mlflow-artifacts:/of/the/run"}
            outputs = {"model_outputs": [{"model_id": "m-1", "step": 0}]}
            answer = json.dumps({"run": {"info": info, "data": {}, "outputs": outputs}}).encode()
        elif path.endswith("/m/MLmodel"):
            answer = MLMODEL.encode()
        else:
            answer = b"{}"
        self._answer(answer)

    def _answer(self, answer):
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        """Says nothing."""


@pytest.fixture
def registry(monkeypatch):
    with ThreadingHTTPServer(("127.0.0.1", 0), _Registry) as server:
        server.asked, server.place = [], "mlflow-artifacts:/m"
        server.pages, server.logged_by = 0, "r"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{server.server_port}")
        yield server
        server.shutdown()


def test_of_what_only_mlflow_can_fetch_the_signature_alone_is(registry):
    assert shown("models:/ranker@prod") == SHOWN
    assert [path for path in registry.asked if path.endswith("/m/MLmodel")]


def test_a_model_that_a_run_of_a_server_logged_lies_by_itself(registry):
    assert shown("runs:/r/m") == SHOWN
    assert registry.pages == 1


def test_a_server_whose_models_have_no_end_is_not_asked_without_one(registry, monkeypatch):
    monkeypatch.setattr("sigcheck.encodings.registry._MOST_PAGES", 3)
    registry.logged_by = "another run"
    assert shown("runs:/r/m") == SHOWN
    assert registry.pages == 3
    assert any("/of/the/run/m" in path for path in registry.asked)


def test_mlflow_2_knows_of_no_models_that_a_run_logged(run, monkeypatch):
    monkeypatch.delattr(mlflow.entities.Run, "outputs")
    assert shown(f"runs:/{run}/m") == SHOWN


def test_a_registry_in_another_database_is_mlflows_own_and_no_secret_is_told(monkeypatch):
    monkeypatch.setattr("sigcheck.encodings.registry.find_spec", lambda name: None)
    for uri in ("postgresql://me:secret@host/db", "mysql+pymysql://me:secret@host/db"):
        monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
        for source in ("models:/ranker/1", "models:/m-0123", "runs:/r/m"):
            with pytest.raises(SourceError, match=r"a registry in a database \(\w+\), .*pip install mlflow") as caught:
                read(source)
            assert "secret" not in str(caught.value)


def test_a_config_names_models_of_a_server_only_and_only_where_a_person_asks(registry, run, tmp_path, monkeypatch):
    server = f"http://127.0.0.1:{registry.server_port}"
    with pytest.raises(SourceError, match="opened only where a person asks for it"):
        Permission.given().source(tmp_path, "models:/ranker/1")
    remote = Permission.given(remote=True)
    # The store of the fixture is a folder, and whoever wrote the config may have written it.
    with pytest.raises(SourceError, match="a registry on this machine, expected a server of MLflow"):
        remote.source(tmp_path, "models:/ranker/1")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    assert remote.source(tmp_path, "models:/ranker/1").has("MLmodel")
    before = len(registry.asked)
    for source in ("models://stranger@databricks/ranker/1", "runs://stranger@databricks/0123/m"):
        with pytest.raises(SourceError):
            remote.source(tmp_path, source)
    assert len(registry.asked) == before
    with pytest.raises(SourceError, match="names whom to ask"):
        remote.source(tmp_path, "models://stranger@databricks/ranker/1")
    # A server for models, and a folder for runs.
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", server)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "store").as_uri())
    for source in (f"runs:/{run}/m", "models:/m-0123"):
        with pytest.raises(SourceError, match="a registry on this machine, expected a server of MLflow"):
            remote.source(tmp_path, source)
    # The server for models names one of the runs, or of another server.
    monkeypatch.setenv("MLFLOW_REGISTRY_URI", server)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", (tmp_path / "store").as_uri())
    for registry.place, problem in (
        (f"runs:/{run}/m", "a registry on this machine"),
        ("models://stranger@databricks/ranker/1", "names whom to ask"),
    ):
        with pytest.raises(SourceError, match=problem):
            remote.source(tmp_path, "models:/ranker/1")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    registry.place = tmp_path.as_uri()
    with pytest.raises(SourceError, match="a registry on this machine, expected a server of MLflow"):
        remote.source(tmp_path, "models:/ranker/1")
