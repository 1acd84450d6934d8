"""Receipts: signed proof of a leaver's run, in versions, which outlives the person's data (ADR 35)."""
