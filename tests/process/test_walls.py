"""What a worker reaches: attacks behind walls, where they must fail, and without, where the worker must say so."""

from __future__ import annotations

import http.server
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from sigcheck.process import worker as workers
from sigcheck.process.walls import compare, files_of, import_path, wrap
from sigcheck.process.worker import Worker
from sigcheck.schema.walls import WALLS, Walls

SECRET = "of-the-parent-only"


@pytest.fixture(params=["walls", "no walls"])
def attack(request, tmp_path, monkeypatch):
    """Runs the lines in a worker: what they leave in `found`, and the walls that stood."""
    code = tmp_path / "code"
    code.mkdir()
    monkeypatch.setattr(sys, "path", [*sys.path, str(code)])
    if request.param == "no walls":
        monkeypatch.setattr(workers, "find_builder", lambda: (None, "not wanted"))

    def attack(lines, **paths):
        # What is refused shows as the error that it is refused with.
        body = "".join(f"    {line}\n" for line in lines.strip().splitlines())
        text = f"import json, os, sys\nfound = None\ntry:\n{body}except Exception as error:\n    found = repr(error)\n"
        (code / "small_worker.py").write_text(f"{text}print(json.dumps({{'found': found}}), flush=True)\ninput()\n")
        with Worker(
            "small_worker", readable=[str(code), *paths.get("readable", ())], writable=paths.get("writable", ())
        ) as worker:
            if request.param == "walls" and not worker.walls.standing:
                pytest.skip(f"no walls on this machine: {worker.walls.reason}")
            return worker.receive(time.monotonic() + 30)["found"], worker.walls

    return attack


def test_all_walls_stand_or_none_and_the_worker_says_which(attack):
    _, walls = attack("found = 1")
    if walls.standing:
        assert walls == Walls(by="bubblewrap", standing=WALLS)
        assert str(walls) == "files, network, processes, privileges (bubblewrap)"
    else:
        assert walls == Walls(reason="not wanted")
        assert str(walls) == "none: not wanted"


ENVIRONMENTS = """
found = ""
for name in os.listdir("/proc"):
    try:
        found += open(f"/proc/{name}/environ", errors="replace").read()
    except OSError:
        pass
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is that of Linux")
def test_the_environment_of_the_parent_is_not_read_from_proc(attack):
    # What this process was started with is what /proc shows of it.
    name, value = next((name, value) for name, value in os.environ.items() if len(value) > 12 and "PYTHON" not in name)
    found, walls = attack(ENVIRONMENTS)
    assert (f"{name}={value}" in found) == ("processes" in walls.missing)


def test_a_file_of_the_person_is_not_read(attack, tmp_path):
    (tmp_path / "token").write_text(SECRET)
    found, walls = attack(f"found = open({str(tmp_path / 'token')!r}).read()")
    assert (found == SECRET) == ("files" in walls.missing)


def test_neither_the_home_nor_the_working_folder_is_seen(attack):
    found, walls = attack(
        f"found = [os.path.isdir(path) for path in {[str(Path.home() / '.cache'), str(Path.cwd() / 'tests')]!r}]"
    )
    assert walls.missing or found == [False, False]


def test_a_link_in_what_is_read_leads_nowhere_else(attack, tmp_path):
    (tmp_path / "token").write_text(SECRET)
    model = tmp_path / "model"
    model.mkdir()
    (model / "asset").symlink_to(tmp_path / "token")
    (model / "own").write_text("own")
    lines = f"found = open({str(model / 'own')!r}).read()\nfound += open({str(model / 'asset')!r}).read()"
    found, walls = attack(lines, readable=files_of(model))
    assert (found == f"own{SECRET}") == ("files" in walls.missing)


def test_nothing_is_written_outside(attack, tmp_path):
    found, walls = attack(f"open({str(tmp_path / 'written')!r}, 'w').close()")
    assert (tmp_path / "written").exists() == ("files" in walls.missing), found


def test_what_is_read_is_not_written(attack, tmp_path):
    model = tmp_path / "model"
    model.mkdir()
    attack(f"open({str(model / 'written')!r}, 'w').close()", readable=files_of(model))
    _, walls = attack("found = 1")
    assert (model / "written").exists() == ("files" in walls.missing)


def test_what_may_be_written_is(attack, tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    attack(f"open({str(place / 'written')!r}, 'w').close()", writable=[str(place)])
    assert (place / "written").exists()


def test_the_loopback_is_not_reached(attack):
    with http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            found, walls = attack(
                f"import socket\nsocket.create_connection(('127.0.0.1', {server.server_port}), 5)\nfound = 'reached'"
            )
        finally:
            server.shutdown()
    assert (found == "reached") == ("network" in walls.missing)


@pytest.mark.skipif(sys.platform != "linux", reason="abstract sockets are those of Linux")
def test_a_socket_of_another_process_is_not_reached(attack, tmp_path):
    import socket

    name = f"\0sigcheck-{os.getpid()}-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        found, walls = attack(f"import socket\nsocket.socket(socket.AF_UNIX).connect({name!r})\nfound = 'reached'")
    assert (found == "reached") == ("network" in walls.missing)


def test_no_other_process_is_seen_or_signalled(attack):
    found, walls = attack(f"os.kill({os.getpid()}, 0)\nfound = 'reached'")
    # Behind walls that number may be one of its own; it has few.
    assert (found == "reached") == ("processes" in walls.missing) or os.getpid() < 10


def test_there_are_no_privileges_and_none_to_get(attack):
    found, walls = attack("found = open('/proc/self/status').read()")
    if "privileges" in walls.standing:
        lines = dict(line.split(":\t", 1) for line in found.splitlines() if ":\t" in line)
        assert lines["NoNewPrivs"] == "1"
        assert {int(lines[name], 16) for name in ("CapEff", "CapPrm", "CapBnd", "CapInh", "CapAmb")} == {0}


def test_a_bubblewrap_that_does_not_work_is_told_and_asked_once(tmp_path, monkeypatch):
    asked = tmp_path / "asked"
    broken = tmp_path / "bwrap"
    told = "bwrap: No permissions to create new namespace"
    broken.write_text(f"#!/bin/sh\necho asked >> {asked}\necho '{told}' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(workers, "find_builder", lambda: (str(broken), None))
    for _ in range(2):
        with Worker("json.tool") as worker:
            assert worker.walls.standing == ()
            assert worker.walls.reason.startswith("bubblewrap does not work here")
            assert "No permissions to create new namespace" in worker.walls.reason
    # Once for its help page, once for the worker.
    assert asked.read_text().count("asked") == 2


def test_walls_are_measured_and_not_believed():
    assert compare({}).standing == ()
    assert compare({"namespaces": {"net": "net:[1]"}, "no_new_privileges": "yes"}).standing in {("network",), ()}


def test_a_repository_around_the_package_is_not_shown():
    home = Path(workers.__file__).parents[2]
    command = wrap("/bin/true", ["python"], [], [])
    assert str(home / "sigcheck") in command
    if home.name not in {"site-packages", "dist-packages"}:
        assert str(home) not in command
    assert str(home) in import_path([])


def test_only_blobs_of_a_cache_are_shown_beside_a_model(tmp_path):
    snapshot = tmp_path / "models--a--b" / "snapshots" / "1"
    snapshot.mkdir(parents=True)
    assert files_of(snapshot) == [str(snapshot)]
    (tmp_path / "models--a--b" / "blobs").mkdir()
    assert files_of(snapshot) == [str(snapshot), str(tmp_path / "models--a--b" / "blobs")]
    (tmp_path / "models--c").mkdir()
    (tmp_path / "models--c" / "blobs").symlink_to(tmp_path)
    assert files_of(tmp_path / "models--c" / "m") == [str(tmp_path / "models--c" / "m")]
