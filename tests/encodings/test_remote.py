"""Remote sources: a store, which the memory file system of fsspec stands for, and a local web server."""

from __future__ import annotations

import json
import re
import sys
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import fsspec
import pytest

from sigcheck.encodings import remote, remote_content, web
from sigcheck.encodings.reach import Budget, Reach
from sigcheck.encodings.source import Source
from sigcheck.readers import read
from sigcheck.schema.errors import SourceError

SIGNATURE = json.dumps(
    {
        "schema_version": 1,
        "source": "m",
        "reader": "signature",
        "signatures": [{"key": "default", "inputs": [{"name": "x", "dtype": "int32", "shape": [None]}], "outputs": []}],
    }
).encode()


class Server(BaseHTTPRequestHandler):
    """Serves `files`, by ranges if `has_ranges`, and counts what it sends."""

    files: dict[str, bytes]
    has_ranges: bool
    sent: list[int]

    def do_HEAD(self):
        self.answer(with_body=False)

    def do_GET(self):
        self.answer(with_body=True)

    def answer(self, *, with_body):
        data = self.files.get(self.path)
        if data is None:
            self.send_error(404)
            return
        if self.path == "/forbidden":
            self.send_error(403)
            return
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        status, total = 200, len(data)
        if asked and self.has_ranges:
            status, data = 206, data[int(asked[1]) : int(asked[2]) + 1]
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        if self.has_ranges:
            self.send_header("Accept-Ranges", "bytes")
        if status == 206:
            self.send_header("Content-Range", f"bytes {asked[1]}-{asked[2]}/{total}")
        self.end_headers()
        if with_body:
            self.sent.append(len(data))
            self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def serve():
    servers = []

    def serve(files, *, has_ranges=True):
        handler = type("Handler", (Server,), {"files": files, "has_ranges": has_ranges, "sent": []})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", handler.sent

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def folder(monkeypatch):
    """A folder of the memory file system that no other test uses, opened as the stores are."""
    monkeypatch.setattr(remote, "SCHEMES", {**remote.SCHEMES, "memory": "for tests"})
    return f"memory://{uuid.uuid4().hex}"


def put(url, data):
    store, path = fsspec.core.url_to_fs(url)
    store.pipe_file(path, data)


def large_tflite():
    """A model with 8 MiB of weights behind it, read by offsets."""
    from tests.readers.tflite.test_tflite import PLAIN, model

    return model([PLAIN]) + bytes(8 << 20)


def large_keras(tmp_path):
    import zipfile

    from tests.readers.keras.test_keras_v3 import SIMPLE

    path = tmp_path / "m.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(SIMPLE))
        archive.writestr("model.weights.h5", bytes(8 << 20))
    return path.read_bytes()


def test_a_web_server_sends_only_the_bytes_needed(serve, tmp_path):
    files = {"/m.tflite": large_tflite(), "/m.keras": large_keras(tmp_path), "/s.json": SIGNATURE}
    address, sent = serve(files)
    for name, text in {"m.tflite": "x: float32[1, 4]", "m.keras": "x: float32[?, 4]", "s.json": "x: int32[?]"}.items():
        sent.clear()
        found = read(f"{address}/{name}")
        assert str(found.signatures[0].inputs[0]) == text
        assert found.source == f"{address}/{name}"
        assert sum(sent) <= 6 * remote_content.BLOCK_BYTES


def test_a_selector_behind_a_url(serve):
    address, _ = serve({"/s.json": SIGNATURE})
    assert Source.parse(f"{address}/s.json#default").selector == "default"
    assert str(read(f"{address}/s.json#default").signatures[0].inputs[0]) == "x: int32[?]"


def test_a_folder_behind_a_url_that_ends_with_a_slash(serve):
    topology = {"modelTopology": {"class_name": "Sequential", "config": {"layers": []}}}
    address, _ = serve({"/m/model.json": json.dumps(topology).encode()})
    assert read(f"{address}/m/").reader == "tfjs"


def test_a_server_without_ranges_gives_small_files_and_no_large_ones(serve, monkeypatch):
    address, _ = serve({"/s.json": SIGNATURE}, has_ranges=False)
    assert str(read(f"{address}/s.json").signatures[0].inputs[0]) == "x: int32[?]"
    monkeypatch.setattr(web, "MAX_WHOLE_BYTES", 10)
    with pytest.raises(SourceError, match="no ranges of bytes"):
        read(f"{address}/s.json")


def test_the_memory_file_system_files_and_folders(folder):
    put(f"{folder}/a/s.json", SIGNATURE)
    assert str(read(f"{folder}/a/s.json").signatures[0].inputs[0]) == "x: int32[?]"
    source = Source.parse(f"{folder}/a")
    assert source.is_directory
    assert source.names() == ["s.json"]
    assert source.child("s.json").head == SIGNATURE[:16]
    assert source.child("absent") is None


def test_slices_are_those_of_the_bytes(folder):
    data = bytes(range(256)) * 2_000
    put(f"{folder}/data", data)
    with Source.parse(f"{folder}/data").content() as content:
        assert len(content) == len(data)
        for start, stop in [
            (0, 5),
            (65_530, 65_550),
            (len(data) - 3, len(data) + 9),
            (9, 9),
            (7, 3),
            (200_000, 400_000),
        ]:
            assert content[start:stop] == data[start:stop]
        assert content[:] == data
        assert content[-4:] == data[-4:]


def test_no_more_blocks_are_kept_than_allowed(folder, monkeypatch):
    monkeypatch.setattr(remote_content, "MAX_BLOCKS", 2)
    data = bytes(range(256)) * 2_000
    put(f"{folder}/data", data)
    with Source.parse(f"{folder}/data").content() as content:
        for start in range(0, len(data), 50_000):
            assert content[start : start + 70_000] == data[start : start + 70_000]
            assert len(content._blocks) <= 2


def test_files_that_are_not_there_or_not_given(serve, folder):
    address, _ = serve({"/forbidden": b"x"})
    for url, problem in {
        f"{address}/absent": "no such file",
        f"{address}/forbidden": "403",
        "http://127.0.0.1:9/m.keras": "cannot be read",
        f"{folder}/absent.keras": "no such file",
        "nosuchscheme://bucket/m.keras": "nosuchscheme",
    }.items():
        with pytest.raises(SourceError, match=problem):
            read(url)


def test_an_empty_remote_file(folder):
    put(f"{folder}/m.keras", b"")
    with pytest.raises(SourceError):
        read(f"{folder}/m.keras")


def test_a_file_that_shrinks_while_it_is_read(folder):
    put(f"{folder}/data", bytes(200_000))
    with Source.parse(f"{folder}/data").content() as content:
        put(f"{folder}/data", bytes(100))
        with pytest.raises(SourceError, match="bytes came"):
            content[100_000:100_010]


@pytest.mark.parametrize(
    "address",
    [
        "reference://m.json::local://ref.json",
        "zip://m.json::https://example.com/a.zip",
        "simplecache::https://example.com/m.json",
        "https://example.com/m.json::file:///etc/passwd",
        "filecache://x::s3://bucket/m",
        "file:///etc/passwd",
        "local://m.json",
        "memory://m.json",
        "zip://m.json",
        "tar://m.json",
        "reference://m.json",
        "github://a:b@c/m.json",
        "git://m.json",
        "ssh://host/m.json",
        "sftp://host/m.json",
        "smb://host/m.json",
        "ftp://host/m.json",
        "hdfs://host/m.json",
        "webhdfs://host/m.json",
        "jupyter://host/m.json",
        "dask://m.json",
        "arrow_hdfs://m.json",
        "data://text/plain,x",
        "blockcache://m.json",
        "generic://m.json",
        "asynclocal://m.json",
        "dir://m.json",
        "S3://bucket/m.json",
    ],
)
def test_no_other_protocol_and_no_chain_reaches_fsspec(address, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("fsspec was asked")

    monkeypatch.setattr(fsspec.core, "url_to_fs", refuse)
    with pytest.raises(SourceError, match=r"expected (one of https|a path|one address)|no such file"):
        read(address)


def test_a_template_of_a_reference_file_is_not_rendered(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    template = "{{ cycler.__init__.__globals__.os.popen('touch ran').read() }}"
    reference = {"version": 1, "templates": {"u": template}, "refs": {"m.json": ["{{u}}", 0, 1]}}
    (tmp_path / "ref.json").write_text(json.dumps(reference))
    with pytest.raises(SourceError, match="a chain of file systems"):
        read("reference://m.json::local://ref.json")
    assert not (tmp_path / "ran").exists()


def test_another_bucket_is_never_asked_for_what_might_be_there(folder, monkeypatch):
    put(f"{folder}/m.bin", b"neither this nor that")
    asked = []
    store = fsspec.filesystem("memory")
    info = store.info
    monkeypatch.setattr(type(store), "info", lambda self, url, **more: asked.append(url) or info(url, **more))
    with pytest.raises(SourceError, match="not a model, expected"):
        read(f"{folder}/m.bin")
    assert {url.removeprefix(folder) for url in asked} == {"/m.bin", "/saved_model.pb"}


def test_a_store_that_hangs_ends(folder, monkeypatch):
    put(f"{folder}/m.json", SIGNATURE)
    done = threading.Event()
    monkeypatch.setattr(type(fsspec.filesystem("memory")), "info", lambda *_, **__: done.wait(60))
    with pytest.raises(SourceError, match=r"not read within 0\.2 s"):
        Source.parse(f"{folder}/m.json", reach=Reach(budget=Budget(0.2)))
    done.set()


@pytest.mark.parametrize(
    ("scheme", "missing", "extra"),
    [
        ("az", "fsspec", "remote"),
        ("s3", "fsspec", "s3"),
        ("s3", "s3fs", "s3"),
        ("gs", "gcsfs", "gcs"),
        ("hf", "huggingface_hub", "hf"),
    ],
)
def test_what_is_not_installed_is_named_by_its_extra(monkeypatch, scheme, missing, extra):
    for name in [one for one in sys.modules if one.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(SourceError, match=rf"pip install 'sigcheck\[{extra}\]'"):
        read(f"{scheme}://bucket/folder/m.keras")
