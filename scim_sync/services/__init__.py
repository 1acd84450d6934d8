"""Writes and reads of the directory, a transaction for each write; no HTTP."""
