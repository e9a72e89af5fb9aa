"""Web servers that are slow, endless, or lead elsewhere."""

from __future__ import annotations

import gzip
import threading
import time

import pytest

from sigcheck.encodings import web
from sigcheck.encodings.permission import Permission
from sigcheck.encodings.reach import Budget, Reach, is_public, named
from sigcheck.encodings.source import Source
from sigcheck.readers import read
from sigcheck.schema.errors import SourceError

from .servers import redirect, served, stream

CONTRACT = b'{"outputs": {"y": "float32[3]"}}'
# What a file names and a person lets be opened, private addresses too.
TOLD = Reach(is_private=True)


def parse(address, reach=TOLD):
    return Source.parse(address, reach=reach)


def test_a_file_is_told_and_begun_with_one_request():
    with served({"/m.json": CONTRACT}) as server:
        assert str(read(f"{server.address}/m.json").signatures[0].outputs[0]) == "y: float32[3]"
        assert server.asked == ["/m.json"]


@pytest.mark.parametrize("reach", [Reach(), Reach(may_leave=True)])
def test_a_private_address_is_asked_only_where_a_person_names_it_or_asks_for_it(reach):
    with served({"/m.json": CONTRACT}) as server:
        for address in (server.address, server.address.replace("127.0.0.1", "localhost")):
            for scheme in ("http", "https"):
                with pytest.raises(SourceError, match="--remote-private"):
                    parse(f"{address.replace('http', scheme)}/m.json", reach)
        assert server.asked == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "0", "169.254.169.254"])
def test_other_ways_to_write_a_private_address(host):
    with pytest.raises(SourceError, match=r"private|cannot be read"):
        parse(f"https://{host}/m.json", Reach())


@pytest.mark.parametrize(
    ("host", "is_it"),
    {
        "93.184.216.34": True,
        "2606:4700:4700::1111": True,
        "127.0.0.1": False,
        "10.0.0.1": False,
        "169.254.169.254": False,
        "100.64.0.1": False,
        "224.0.0.1": False,
        "0.0.0.0": False,
        "::1": False,
        "fe80::1%eth0": False,
        "fd00::1": False,
        "::ffff:10.0.0.1": False,
        "64:ff9b::a00:1": False,
        "2002:a00:1::": False,
        "host": False,
    }.items(),
)
def test_what_is_public(host, is_it):
    assert is_public(host) is is_it


def test_a_redirect_to_another_host_or_port_is_not_followed():
    with served({"/secret.json": CONTRACT}) as other:
        answers = {"/m.json": redirect(f"{other.address}/secret.json")}
        with served(answers) as server:
            with pytest.raises(SourceError, match="redirects to another host"):
                parse(f"{server.address}/m.json")
            assert (server.asked, other.asked) == (["/m.json"], [])
            # A person's address may lead to other public hosts, and never into the network that it was named from.
            with pytest.raises(SourceError, match="of this machine or a private network"):
                parse(f"{server.address}/m.json", named())
            assert other.asked == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "//[", "http://", "gopher:x"])
def test_a_redirect_to_what_is_no_web_server(target):
    with (
        served({"/m.json": redirect(target)}) as server,
        pytest.raises(SourceError, match=r"leads to|cannot be read|another host|redirects"),
    ):
        parse(f"{server.address}/m.json", named())


def test_a_redirect_on_the_same_host_is_followed_and_not_for_ever():
    with served(
        {"/m.json": redirect("/there/n.json"), "/there/n.json": CONTRACT, "/loop": redirect("/loop")}
    ) as server:
        assert parse(f"{server.address}/m.json").head == CONTRACT[:16]
        with pytest.raises(SourceError, match="over 5 redirects"):
            parse(f"{server.address}/loop")
        assert len(server.asked) <= 8


def test_a_server_that_drips_ends_with_the_time_of_the_whole_answer():
    done = threading.Event()
    with served({"/m.json": stream(b" ", done)}) as server:
        before = time.monotonic()
        with pytest.raises(SourceError, match=r"not read within 0\.5 s"):
            parse(f"{server.address}/m.json", Reach(is_private=True, budget=Budget(0.5)))
        assert time.monotonic() - before < 5
        done.set()


def test_a_server_that_drips_its_head_ends_too():
    done = threading.Event()

    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not done.wait(0.05):
            handler.wfile.write(b"x")

    with served({"/m.json": answer}) as server:
        with pytest.raises(SourceError, match=r"not read within 0\.5 s"):
            parse(f"{server.address}/m.json", Reach(is_private=True, budget=Budget(0.5)))
        done.set()


def test_the_time_of_all_addresses_is_bounded_in_sum():
    done = threading.Event()
    with served({"/m.json": stream(b" ", done)}) as server:
        permission = Permission(remote=True, private=True, budget=Budget(0.5))
        before = time.monotonic()
        for number in range(20):
            with pytest.raises(SourceError, match="not read within"):
                permission.source(None, f"{server.address}/m.json?{number}")
        assert time.monotonic() - before < 5
        done.set()


def test_an_answer_without_an_end_is_cut(monkeypatch):
    monkeypatch.setattr(web, "MAX_WHOLE_BYTES", 1 << 20)
    with served({"/m.json": stream(bytes(1 << 16))}) as server:
        with pytest.raises(SourceError, match="no ranges of bytes, and a large file"):
            parse(f"{server.address}/m.json")
        with pytest.raises(SourceError, match="over 0 MiB from afar"):
            parse(f"{server.address}/m.json", Reach(is_private=True, budget=Budget(60, 1 << 18)))


def test_the_bytes_of_all_addresses_are_bounded_in_sum():
    with served({f"/{number}.json": CONTRACT for number in range(9)}) as server:
        permission = Permission(remote=True, private=True, budget=Budget(60, 3 * len(CONTRACT)))
        for number in range(3):
            permission.source(None, f"{server.address}/{number}.json")
        with pytest.raises(SourceError, match="from afar"):
            permission.source(None, f"{server.address}/3.json")


def test_no_other_host_is_asked_for_what_might_be_there(monkeypatch):
    with served({"/m.bin": b"neither this nor that"}) as server:
        with pytest.raises(SourceError, match="not a model, expected"):
            read(f"{server.address}/m.bin")
        assert set(server.asked) <= {"/m.bin", "/saved_model.pb"}


def test_nothing_is_unpacked():
    bomb = gzip.compress(bytes(1 << 24))
    with served({"/m.json": lambda handler: _send_packed(handler, bomb)}) as server:
        assert parse(f"{server.address}/m.json").head == bomb[:16]


def _send_packed(handler, data):
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data)


def test_a_size_beyond_every_file_is_no_traceback():
    def answer(handler):
        handler.send_response(206)
        handler.send_header("Content-Length", "4")
        handler.send_header("Content-Range", f"bytes 0-3/{10**30}")
        handler.end_headers()
        handler.wfile.write(b"{}  ")

    with served({"/m.json": answer}) as server, pytest.raises(SourceError, match="another range of bytes"):
        parse(f"{server.address}/m.json")


def test_credentials_of_an_address_are_told_nowhere():
    with served({"/m": CONTRACT, "/broken.json": b"{", "/away.json": redirect("http://127.0.0.1:1/")}) as server:
        secret = server.address.replace("http://", "http://me:hunter2@")
        model = read(f"{secret}/m?sig=hunter2")
        said = [model.source, str(model), repr(Source.parse(f"{secret}/m").place)]
        for name in ("broken.json", "away.json", "absent.json"):
            with pytest.raises(SourceError) as raised:
                read(f"{secret}/{name}?sig=hunter2")
            said.append(str(raised.value))
            assert raised.value.__cause__ is None
        with pytest.raises(SourceError) as raised:
            read("https://me:hunter2@127.0.0.1:1/m.json?token=hunter2")
        said.append(str(raised.value))
    assert "hunter2" not in "".join(said)
    assert "***@127.0.0.1" in model.source


@pytest.fixture
def names(monkeypatch):
    """Every name stands for this machine, whatever it promises."""
    import aiohttp

    async def resolve(self, host, port=0, *_, **__):
        found = {"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}
        return [found]

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)


@pytest.mark.usefixtures("names")
def test_a_public_name_that_stands_for_a_private_address_is_not_asked():
    with served({"/m.json": CONTRACT}) as server:
        port = server.address.rpartition(":")[2]
        for reach in (Reach(), Reach(may_leave=True)):
            with pytest.raises(SourceError, match=r"example\.com is of this machine or a private network"):
                parse(f"https://example.com:{port}/m.json", reach)
        answers = {"/away.json": redirect(f"http://example.com:{port}/m.json")}
        with served(answers) as other, pytest.raises(SourceError, match=r"example\.com is of this machine"):
            parse(f"{other.address}/away.json", named())
        assert server.asked == []
