"""Encodings: bytes of files here and elsewhere, and what turns them into values; no model is known here."""
