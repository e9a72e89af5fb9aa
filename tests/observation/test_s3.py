"""Data and models in S3, as s3fs reads them; moto's server stands for it, on this machine."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

import sigcheck
from sigcheck.cli import run
from sigcheck.schema.errors import SourceError

s3fs = pytest.importorskip("s3fs")
moto = pytest.importorskip("moto.server")
pytest.importorskip("flask_cors")

OPEN = {"dtype": "float32", "shape": [None, 3]}
SIGNATURE = {"key": "default", "inputs": [{"name": "x", **OPEN}], "outputs": [{"name": "y", **OPEN}]}
MODEL = {"schema_version": 1, "source": "m", "reader": "signature", "signatures": [SIGNATURE]}


@pytest.fixture(scope="module")
def bucket():
    """The address of a bucket with two parts of data, in a folder, and a model, as programs of AWS find them."""
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    told = {"ACCESS_KEY_ID": "x", "SECRET_ACCESS_KEY": "x", "DEFAULT_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**told, "ENDPOINT_URL": f"http://{host}:{port}"}.items():
            patch.setenv(f"AWS_{name}", value)
        fill()
        yield "s3://data"
    # It would look for this server again.
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def fill():
    import boto3

    client = boto3.client("s3")
    client.create_bucket(Bucket="data")
    for at in range(2):
        written = io.BytesIO()
        np.savez(written, x=np.full((4, 3), at, np.float32))
        client.put_object(Bucket="data", Key=f"parts/a b-{at}.npz", Body=written.getvalue())
    client.put_object(Bucket="data", Key="models/m.json", Body=json.dumps(MODEL).encode())


def test_a_pattern_and_a_folder_of_a_bucket_are_data(bucket):
    found = sigcheck.observe(f"{bucket}/parts/*.npz")
    assert [file.path for file in found.files] == [f"{bucket}/parts/a b-{at}.npz" for at in range(2)]
    assert (found.tensors[0].rows, found.tensors[0].numbers.mean) == (8, 0.5)
    assert sigcheck.observe(f"{bucket}/parts").tensors == found.tensors


def test_a_model_of_a_bucket_is_a_source(bucket, capsys):
    assert run(["show", f"{bucket}/models/m.json"]) == 0
    assert "float32[?, 3]" in capsys.readouterr().out


def test_what_a_bucket_has_not_is_one_line(bucket, capsys):
    with pytest.raises(SourceError, match="no data here"):
        sigcheck.observe(f"{bucket}/parts/*.csv")
    assert run(["show", f"{bucket}/models/none.json"]) == 2
    assert "no such file or folder" in capsys.readouterr().err
