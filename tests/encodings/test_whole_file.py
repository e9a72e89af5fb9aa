from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from sigcheck.encodings.whole_file import read_whole
from sigcheck.schema.errors import SourceError

MIB = 2**20


def test_a_file_is_read_up_to_its_limit(tmp_path):
    file = tmp_path / "a.toml"
    file.write_bytes(b"x" * MIB)
    assert read_whole(file, MIB, "a config") == b"x" * MIB
    file.write_bytes(b"x" * (MIB + 1))
    with pytest.raises(SourceError, match=r"over 1 MiB, expected a config\. Check the path\.$"):
        read_whole(file, MIB, "a config")


def test_what_is_not_there_and_a_folder_are_left_to_the_caller(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_whole(tmp_path / "nothing", MIB, "a config")
    with pytest.raises(OSError, match=r"directory|denied"):
        read_whole(tmp_path, MIB, "a config")


if sys.platform != "win32":

    def test_a_pipe_that_nobody_writes_to_and_a_device_without_end_are_not_opened(tmp_path):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        for path in (pipe, Path("/dev/zero")):
            with pytest.raises(SourceError, match=r"a pipe or device, expected a config\. Save it to a file first\.$"):
                read_whole(path, MIB, "a config")
