"""Servers that `manage.py up` and the tests start as child processes, and their supervisor."""
