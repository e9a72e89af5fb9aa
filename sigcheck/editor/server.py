"""Server: a config in an editor, by the Language Server Protocol on standard input and output.

Needs the extra `editor`: pip install 'sigcheck[editor]'. What the text says is looked at a moment after the last
key, on a thread of its own, so that nobody waits while typing; what comes too late is dropped.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from lsprotocol import types
from pygls.exceptions import FeatureNotificationError, JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from sigcheck import __version__
from sigcheck.config.find import FILE, PYPROJECT
from sigcheck.config.lines import Keys
from sigcheck.editor.actions import actions
from sigcheck.editor.cursor import locate, word_at
from sigcheck.editor.diagnose import Diagnosis, Told, diagnose
from sigcheck.editor.messages import Incoming, Protocol, log_in_lines
from sigcheck.editor.words import Known, Word, is_text, keys_at, values_at
from sigcheck.project.cache import Cache

if TYPE_CHECKING:
    from pygls.server import ServerErrors
    from pygls.workspace import TextDocument

_LOG = logging.getLogger("pygls.sigcheck")

# After the last key, in seconds.
_QUIET = 0.3
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Hint,
}


@dataclass
class _Document:
    """What is known of an open config: the last diagnosis, and that of the last text that was a config."""

    diagnosis: Diagnosis = field(default_factory=lambda: Diagnosis(()))
    version: int | None = None
    known: Known = field(default_factory=lambda: Known({}))
    due: asyncio.TimerHandle | None = None


class ConfigServer(LanguageServer):
    """Completions, hovers, diagnostics and cures of `sigcheck.toml`, and of [tool.sigcheck] in `pyproject.toml`."""

    def __init__(self) -> None:
        super().__init__("sigcheck", __version__, protocol_cls=Protocol)
        self._documents: dict[str, _Document] = {}
        self._cache = Cache.of_user()
        # One at a time: a lint uses the cores that there are.
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._running: set[asyncio.Task[None]] = set()

    def report_server_error(self, error: Exception, source: ServerErrors) -> None:
        """Answers what could not be read. Of all else the log tells: a window in front of the text cures nothing."""
        if source is JsonRpcException:
            cast("Protocol", self.protocol).refuse_text(error)
        elif source is FeatureNotificationError:
            _LOG.error("%s", error)

    def look(self, uri: str, after: float) -> None:
        """Diagnoses the text after so many seconds in which nothing else is written."""
        if _path(uri) is None:
            return
        document = self._documents.setdefault(uri, _Document())
        if document.due is not None:
            document.due.cancel()
        document.due = asyncio.get_running_loop().call_later(after, self._begin, uri)

    def forget(self, uri: str) -> None:
        """Takes back what was said of a text that is closed."""
        document = self._documents.pop(uri, None)
        if document is None:
            return
        if document.due is not None:
            document.due.cancel()
        self._publish(uri, None, ())

    def complete(self, uri: str, at: types.Position) -> list[types.CompletionItem]:
        """The words that may stand at the position."""
        if uri not in self.workspace.text_documents:
            return []
        text, root, known, column = self._text(uri, at)
        cursor = locate(text, root, at.line, column)
        if cursor is None:
            return []
        find = values_at if cursor.is_value else keys_at
        quoted = not cursor.quote and cursor.is_value and is_text(cursor.path)
        document = self.workspace.get_text_document(uri)
        start = document.position_codec.position_to_client_units(document.lines, types.Position(at.line, cursor.start))
        return [
            types.CompletionItem(
                label=word.text,
                detail=word.detail,
                documentation=_page(word) if word.page else None,
                text_edit=types.TextEdit(types.Range(start, at), _written(word.text, cursor.quote, is_quoted=quoted)),
            )
            for word in find(text, root, cursor.path, known)
        ]

    def hover(self, uri: str, at: types.Position) -> types.Hover | None:
        """The page about the word at the position."""
        if uri not in self.workspace.text_documents:
            return None
        text, root, known, column = self._text(uri, at)
        found = word_at(text, root, at.line, column)
        if found is None:
            return None
        cursor, name = found
        find = values_at if cursor.is_value else keys_at
        word = next((one for one in find(text, root, cursor.path, known) if one.text == name), None)
        return None if word is None else types.Hover(_page(word))

    def cures(self, uri: str, within: types.Range) -> list[types.CodeAction]:
        """The declarations that settle what is told in these lines, ready to be written."""
        document, text = self._documents.get(uri), self.workspace.text_documents.get(uri)
        if document is None or text is None or document.version != text.version:
            return []
        config, result = document.diagnosis.config, document.diagnosis.result
        if config is None or result is None:
            return []
        found: dict[str, types.CodeAction] = {}
        for one in document.diagnosis.told:
            if one.finding is None or not within.start.line <= one.line <= within.end.line:
                continue
            for action in actions(config, result, one.finding):
                edit = types.WorkspaceEdit(changes={uri: [_replaced(text, action.text)]})
                found.setdefault(
                    action.title,
                    types.CodeAction(
                        title=action.title,
                        kind=types.CodeActionKind.QuickFix,
                        diagnostics=[_diagnostic(one, text)],
                        edit=edit,
                    ),
                )
        return list(found.values())

    def _text(self, uri: str, at: types.Position) -> tuple[str, Keys, Known, int]:
        document = self.workspace.get_text_document(uri)
        known = self._documents.get(uri, _Document()).known
        place = document.position_codec.position_from_client_units(document.lines, at)
        return document.source, _root(uri), known, place.character

    def _begin(self, uri: str) -> None:
        task = asyncio.get_running_loop().create_task(self._diagnose(uri))
        # The loop itself holds no task.
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _diagnose(self, uri: str) -> None:
        path = _path(uri)
        document, text = self._documents.get(uri), self.workspace.text_documents.get(uri)
        if document is None or path is None or text is None:
            return
        version = text.version
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._worker, diagnose, path, text.source, self._cache)
        now = self.workspace.text_documents.get(uri)
        if self._documents.get(uri) is not document or now is None or now.version != version:
            return
        document.diagnosis, document.version = found, version
        if found.result is not None:
            document.known = found.known
        self._publish(uri, version, tuple(_diagnostic(one, text) for one in found.told))

    def _publish(self, uri: str, version: int | None, diagnostics: tuple[types.Diagnostic, ...]) -> None:
        told = types.PublishDiagnosticsParams(uri, list(diagnostics), version)
        self.text_document_publish_diagnostics(told)


def serve(*, is_debugged: bool) -> None:
    """Serves on standard input and output until the editor ends it."""
    if not is_debugged:
        log_in_lines()
    with open(sys.stdin.fileno(), "rb", buffering=0, closefd=False) as stream:
        make_server().start_io(Incoming(stream))


def make_server() -> ConfigServer:
    """The server, with all that it answers."""
    server = ConfigServer()

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def opened(ls: ConfigServer, told: types.DidOpenTextDocumentParams) -> None:
        ls.look(told.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def changed(ls: ConfigServer, told: types.DidChangeTextDocumentParams) -> None:
        ls.look(told.text_document.uri, _QUIET)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def saved(ls: ConfigServer, told: types.DidSaveTextDocumentParams) -> None:
        ls.look(told.text_document.uri, 0)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def closed(ls: ConfigServer, told: types.DidCloseTextDocumentParams) -> None:
        ls.forget(told.text_document.uri)

    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[".", '"', "'", "{", "[", "="])
    )
    def complete(ls: ConfigServer, asked: types.CompletionParams) -> list[types.CompletionItem]:
        return ls.complete(asked.text_document.uri, asked.position)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(ls: ConfigServer, asked: types.HoverParams) -> types.Hover | None:
        return ls.hover(asked.text_document.uri, asked.position)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    def cure(ls: ConfigServer, asked: types.CodeActionParams) -> list[types.CodeAction]:
        return ls.cures(asked.text_document.uri, asked.range)

    return server


def _path(uri: str) -> Path | None:
    """The file of a config; None of any other, such as an older version of one that an editor shows."""
    name = to_fs_path(uri) if uri.startswith("file:") else None
    path = None if name is None else Path(name)
    return path if path is not None and path.name in {FILE, PYPROJECT} else None


def _root(uri: str) -> Keys:
    path = _path(uri)
    return ("tool", "sigcheck") if path is not None and path.name == PYPROJECT else ()


def _page(word: Word) -> types.MarkupContent:
    # As it stands in a terminal: the pages are text.
    fenced = f"```text\n{word.page or word.detail}\n```"
    return types.MarkupContent(types.MarkupKind.Markdown, fenced)


def _written(text: str, quote: str, *, is_quoted: bool) -> str:
    from sigcheck.encodings.toml_text import write_key, write_value

    if quote:
        return text
    return str(write_value(text)) if is_quoted else text if text in {"true", "false"} else write_key(text)


def _diagnostic(told: Told, text: TextDocument) -> types.Diagnostic:
    lines = text.lines
    line = min(told.line, max(len(lines) - 1, 0))
    end = len(lines[line].rstrip("\r\n")) if lines else 0
    place = text.position_codec.position_to_client_units(lines, types.Position(line, end))
    return types.Diagnostic(
        range=types.Range(types.Position(line, 0), place),
        severity=_SEVERITIES[told.level],
        code=told.rule or None,
        source="sigcheck",
        message=told.message,
    )


def _replaced(text: TextDocument, new: str) -> types.TextEdit:
    """The lines that differ, as one edit: what stands around them, and the cursor in it, stays."""
    old, lines = text.source.splitlines(keepends=True), new.splitlines(keepends=True)
    start = 0
    while start < min(len(old), len(lines)) and old[start] == lines[start]:
        start += 1
    end = 0
    while end < min(len(old), len(lines)) - start and old[-1 - end] == lines[-1 - end]:
        end += 1
    changed = types.Range(types.Position(start, 0), types.Position(len(old) - end, 0))
    return types.TextEdit(changed, "".join(lines[start : len(lines) - end]))
