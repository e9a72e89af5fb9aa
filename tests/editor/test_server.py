"""The server as editors use it: a process of its own, asked by a client of the protocol."""

from __future__ import annotations

import asyncio
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from .conftest import CONFIG

pytest.importorskip("pygls", exc_type=ImportError)
from lsprotocol import types
from pygls.lsp.client import LanguageClient

PATIENCE = 60


class Editor:
    """A client with one document open."""

    def __init__(self, folder):
        self.client = LanguageClient("test", "1")
        self.uri = (folder / "sigcheck.toml").as_uri()
        self.told = asyncio.Queue()
        self.version = 1

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params):
            self.told.put_nowait(params)

    async def open(self, text):
        await self.client.start_io(sys.executable, "-m", "sigcheck", "lsp", env={**os.environ})
        asked = types.InitializeParams(capabilities=types.ClientCapabilities())
        answer = await self.client.initialize_async(asked)
        self.client.initialized(types.InitializedParams())
        item = types.TextDocumentItem(self.uri, "toml", self.version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return answer.capabilities

    async def change(self, text):
        self.version += 1
        document = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    async def diagnostics(self):
        return (await asyncio.wait_for(self.told.get(), PATIENCE)).diagnostics

    async def completions(self, line, character):
        at = types.CompletionParams(types.TextDocumentIdentifier(self.uri), types.Position(line, character))
        return await asyncio.wait_for(self.client.text_document_completion_async(at), PATIENCE)

    async def close(self):
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()


def in_editor(folder, work):
    async def main():
        editor = Editor(folder)
        try:
            await asyncio.wait_for(work(editor), PATIENCE)
        finally:
            await editor.close()

    # In a thread: a test of pages in a browser before it may have left a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, main()).result()


def test_an_hour_in_an_editor(project):
    async def work(editor):
        capabilities = await editor.open(CONFIG)
        assert capabilities.completion_provider is not None
        told = await editor.diagnostics()
        (tie,) = [one for one in told if one.code == "ambiguous_binding"]
        assert (tie.range.start.line, tie.source) == (6, "sigcheck")

        document = types.TextDocumentIdentifier(editor.uri)
        words = await editor.completions(7, len('from = "te'))
        assert [one.label for one in words] == ["texts", "ranker"]
        assert words[0].text_edit.range.start.character == len('from = "')

        hover = types.HoverParams(document, types.Position(7, 9))
        shown = await editor.client.text_document_hover_async(hover)
        assert "gives  mean: float32[?, 4]" in shown.contents.value

        asked = types.CodeActionParams(document, tie.range, types.CodeActionContext([tie]))
        first, *_ = await editor.client.text_document_code_action_async(asked)
        (edit,) = first.edit.changes[editor.uri]
        lines = CONFIG.splitlines(keepends=True)
        lines[edit.range.start.line : edit.range.end.line] = edit.new_text
        await editor.change("".join(lines))
        assert "ambiguous_binding" not in {one.code for one in await editor.diagnostics()}

        await editor.change(CONFIG.replace('to = "ranker"', "to = "))
        (wrong,) = await editor.diagnostics()
        assert wrong.severity == types.DiagnosticSeverity.Error
        # What was known of the last text that was a config still completes.
        assert [one.label for one in await editor.completions(7, len('from = "te'))] == ["texts", "ranker"]

    in_editor(project, work)


def test_a_missing_extra_is_said_in_one_line(monkeypatch, capsys):
    from sigcheck.cli import run

    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.setitem(sys.modules, "pygls.lsp.server", None)
    monkeypatch.delitem(sys.modules, "sigcheck.editor.server", raising=False)
    assert run(["lsp"]) == 2
    assert "pip install 'sigcheck[editor]'" in capsys.readouterr().err


def test_a_terminal_is_no_editor(monkeypatch, capsys):
    from sigcheck.cli import run

    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    assert run(["lsp"]) == 2
    assert capsys.readouterr().err.startswith("sigcheck: lsp: standard input is a terminal, expected an editor. ")
