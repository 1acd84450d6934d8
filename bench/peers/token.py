"""The secret token of every peer."""

TOKEN = "benchmarks-only"
