"""Messages that a client should not send: each is answered, in one line, and the server goes on."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

pytest.importorskip("pygls", exc_type=ImportError)

from sigcheck.editor.messages import MOST_BYTES, Incoming
from sigcheck.schema.errors import SourceError

HELLO = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}, "processId": None}}
GOODBYE = ({"jsonrpc": "2.0", "id": 99, "method": "shutdown"}, {"jsonrpc": "2.0", "method": "exit"})
ELSEWHERE = {"textDocument": {"uri": "file:///nowhere/sigcheck.toml"}}


def framed(message):
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def request(number, method, **params):
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params}


def notice(method, **params):
    return {"jsonrpc": "2.0", "method": method, "params": params}


def served(sent):
    done = subprocess.run(
        [sys.executable, "-m", "sigcheck", "lsp"], input=sent, capture_output=True, timeout=60, check=False
    )
    answers, rest = [], done.stdout
    while rest:
        head, _, rest = rest.partition(b"\r\n\r\n")
        size = int(head.split(b"\r\n")[0].removeprefix(b"Content-Length: "))
        answers.append(json.loads(rest[:size]))
        rest = rest[size:]
    return done.returncode, answers, done.stderr.decode()


def test_what_is_no_message_is_answered_and_told_in_a_line_and_the_next_one_is_served():
    at = {"position": {"line": 0, "character": 0}}
    sent = [
        request(2, "textDocument/hover", **ELSEWHERE, **at),
        HELLO,
        b"{nonsense",
        b"\xff\xfe\xfa",
        b"[" * 100_000,
        [1, 2],
        3,
        {"jsonrpc": "2.0", "id": 3},
        {"jsonrpc": "2.0", "id": [4], "method": 5},
        request(6, "textDocument/hover", position="x"),
        request(7, "textDocument/completion", **ELSEWHERE, position={"line": -1, "character": 0}),
        request(8, "no/such", a=1),
        request(9, "textDocument/hover", **ELSEWHERE, **at),
        request(10, "textDocument/completion", **ELSEWHERE, position={"line": 9, "character": 9}),
        request(11, "workspace/executeCommand", command="no such"),
        notice("textDocument/didOpen", textDocument={"uri": "file://[/x", "languageId": "", "version": 1, "text": ""}),
        notice("textDocument/didChange", textDocument={**ELSEWHERE["textDocument"], "version": 2}, contentChanges=[]),
        {"jsonrpc": "2.0", "id": 12, "result": None},
        {"jsonrpc": "1.0", "id": 13, "method": "shutdown"},
        notice("$/cancelRequest", id=[14]),
        *GOODBYE,
    ]
    code, answers, log = served(b"".join(framed(one) for one in sent))
    assert code == 0
    codes = [(one["id"], one["error"]["code"] if "error" in one else "answer") for one in answers]
    assert codes == [
        (2, -32002),
        (1, "answer"),
        *[(None, -32700)] * 3,
        *[(None, -32600)] * 2,
        (3, -32602),
        (None, -32602),
        (6, -32602),
        (7, -32602),
        (8, -32601),
        (9, "answer"),
        (10, "answer"),
        (11, -32602),
        (13, -32600),
        (None, -32603),
        (99, "answer"),
    ]
    assert answers[9]["error"]["message"].startswith("required field missing @ message.params.text_document; ")
    assert "Traceback" not in log
    assert all(line.startswith("sigcheck: lsp: ") for line in log.splitlines())


@pytest.mark.parametrize("length", ["abc", "-5", "0", "", str(MOST_BYTES + 1), "9" * 400])
def test_a_length_that_is_none_ends_the_server_in_a_line(length):
    with pytest.raises(SourceError, match=r"^lsp: standard input: Content-Length '.*', expected a whole number from 1"):
        Incoming(io.BytesIO(f"content-length: {length}\r\n".encode())).readline()


def test_a_line_without_an_end_is_not_read_to_it():
    with pytest.raises(SourceError, match=r"a line of 8192 bytes or more, expected a header"):
        Incoming(io.BytesIO(b"x" * 100_000)).readline()


def test_the_name_of_the_length_may_be_written_small():
    assert Incoming(io.BytesIO(b"content-length:   07\r\n")).readline() == b"Content-Length: 7\r\n"


def test_a_server_that_lost_its_place_says_so_and_that_it_could_not():
    code, answers, log = served(framed(HELLO) + b"Content-Length: many\r\n\r\n{}")
    assert (code, [one["id"] for one in answers]) == (2, [1])
    assert log.splitlines() == [log.strip()]
    assert log.startswith("sigcheck: lsp: standard input: Content-Length 'many', expected a whole number")
