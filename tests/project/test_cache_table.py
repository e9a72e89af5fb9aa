from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from sigcheck.project import cache_table
from sigcheck.project.cache_table import CacheTable

MOST = 1_000

SHARING = """
import sys, threading
from pathlib import Path
from sigcheck.project.cache_table import CacheTable

sys.setswitchinterval(1e-6)
table = CacheTable(Path(sys.argv[1]))

def work(number):
    for at in range(200):
        table.put(f"{number} {at}", b"value")
        if table.get(f"{number} {at // 2}", 1_000) != b"value":
            print("lost")
        if at % 7 == 0:
            table.write()

threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "answers.sqlite"


def put(path, key="key", value=b"value"):
    table = CacheTable(path)
    table.put(key, value)
    table.write()


def test_what_was_put_is_found_before_and_after_it_is_written(path):
    table = CacheTable(path)
    assert table.get("key", MOST) is None
    table.put("key", b"value")
    assert table.get("key", MOST) == b"value"
    assert CacheTable(path).get("key", MOST) is None
    table.write()
    assert table.get("key", MOST) == b"value"
    assert CacheTable(path).get("key", MOST) == b"value"
    assert table.get("another", MOST) is None
    put(path, value=b"later")
    assert table.get("key", MOST) == b"later"


def test_many_are_written_some_at_a_time(path):
    table = CacheTable(path)
    for at in range(600):
        table.put(f"key{at}", b"%d" % at)
    assert [CacheTable(path).get(f"key{at}", MOST) for at in (0, 499, 500)] == [b"0", b"499", None]
    table.write()
    assert CacheTable(path).get("key599", MOST) == b"599"


def test_nobody_else_can_read_the_file(path):
    put(path)
    assert sys.platform == "win32" or path.stat().st_mode & 0o077 == 0


def test_what_is_too_large_counts_as_none(path):
    put(path, value=b"x" * (MOST + 1))
    assert CacheTable(path).get("key", MOST) is None


@pytest.mark.parametrize("value", ["text", 7, None])
def test_what_is_no_bytes_counts_as_none(path, value):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("CREATE TABLE kept (key, at, value)")
        store.execute("INSERT INTO kept VALUES ('key', 0, ?)", (value,))
    assert CacheTable(path).get("key", MOST) is None


@pytest.mark.parametrize("content", [b"no database" * 1_000, b"SQLite format 3\0" + b"\xff" * 5_000])
def test_a_file_that_is_broken_counts_as_none_and_is_made_anew(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    assert CacheTable(path).get("key", MOST) is None
    put(path)
    put(path)
    assert CacheTable(path).get("key", MOST) == b"value"


def test_a_table_of_another_form_is_no_error(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("CREATE TABLE kept (other)")
    put(path)
    assert CacheTable(path).get("key", MOST) is None


def test_a_folder_where_the_file_should_be_is_no_error(path):
    path.mkdir(parents=True)
    put(path)
    CacheTable(path).delete_before(1e12)
    assert CacheTable(path).get("key", MOST) is None


def test_another_that_writes_for_long_is_not_waited_for(path, monkeypatch):
    monkeypatch.setattr(cache_table, "_SECONDS_TO_WAIT", 0.01)
    put(path)
    with closing(sqlite3.connect(path)) as store:
        store.execute("BEGIN EXCLUSIVE")
        put(path, "other")
        assert CacheTable(path).get("key", MOST) is None
    assert CacheTable(path).get("key", MOST) == b"value"
    assert CacheTable(path).get("other", MOST) is None


def test_another_that_writes_for_long_is_waited_for_once(path, monkeypatch):
    monkeypatch.setattr(cache_table, "_SECONDS_TO_WAIT", 0.2)
    put(path)
    table = CacheTable(path)
    with closing(sqlite3.connect(path)) as store:
        store.execute("BEGIN EXCLUSIVE")
        start = time.monotonic()
        for at in range(20):
            assert table.get("key", MOST) is None
            table.put(f"key{at}", b"value")
            table.write()
        assert time.monotonic() - start < 2
    assert table.get("key", MOST) == b"value"
    table.put("other", b"value")
    table.write()
    assert CacheTable(path).get("other", MOST) == b"value"


def test_what_another_key_was_given_is_none(path):
    """Where power was lost an index may lead to another row, or a page to the rest of another value."""
    put(path, "other", b"other value")
    put(path)
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("UPDATE kept SET value = (SELECT value FROM kept WHERE key = 'other') WHERE key = 'key'")
    assert CacheTable(path).get("key", MOST) is None
    assert CacheTable(path).get("other", MOST) == b"other value"


@pytest.mark.parametrize("value", [b"", b"value", b"\0" * 16])
def test_what_has_no_digest_counts_as_none(path, value):
    put(path)
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("UPDATE kept SET value = ?", (value,))
    assert CacheTable(path).get("key", MOST) is None


def test_a_python_without_sqlite_keeps_nothing(path, monkeypatch):
    put(path)
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    cache_table._has_sqlite.cache_clear()
    try:
        put(path, "other")
        CacheTable(path).delete_before(1e12)
        assert CacheTable(path).get("key", MOST) is None
    finally:
        monkeypatch.undo()
        cache_table._has_sqlite.cache_clear()
    assert CacheTable(path).get("key", MOST) == b"value"
    assert CacheTable(path).get("other", MOST) is None


def test_what_is_old_is_deleted_and_its_room_given_back(path):
    for at in range(100):
        put(path, f"key{at}", b"x" * 1_000)
    size = path.stat().st_size
    CacheTable(path).delete_before(0)
    assert CacheTable(path).get("key99", MOST) is not None
    CacheTable(path).delete_before(1e12)
    assert CacheTable(path).get("key99", MOST) is None
    assert path.stat().st_size < size / 5


def test_threads_and_runs_beside_each_other_lose_nothing(path):
    def work(number):
        table = CacheTable(path)
        for at in range(20):
            table.put(f"{number} {at}", b"x" * 500)
            table.write()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(CacheTable(path).get(f"{number} {at}", MOST) for number in range(4) for at in range(20))


def test_threads_share_one(path):
    """In a process of its own, which a file that is closed beside one who reads it would end."""
    done = subprocess.run([sys.executable, "-c", SHARING, str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
def test_a_process_may_be_copied_once_all_is_written(path):
    put(path)
    table = CacheTable(path)
    assert table.get("key", MOST) == b"value"
    table.put("before", b"1")
    table.write()

    def copied():
        assert not any(one.exists() and one.samefile(path) for one in Path("/proc/self/fd").iterdir())
        assert table.get("before", MOST) == b"1"
        table.put("within", b"2")
        table.write()

    child = multiprocessing.get_context("fork").Process(target=copied)
    child.start()
    child.join()
    assert child.exitcode == 0
    assert table.get("within", MOST) == b"2"
