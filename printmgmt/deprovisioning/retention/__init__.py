"""Retention: anonymizes removed people once their history has been kept long enough (ADR 36)."""
