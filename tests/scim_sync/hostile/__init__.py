"""Hostile requests against two organizations: a table of known ones, and generated ones."""
