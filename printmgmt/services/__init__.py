"""The servers that `manage.py up` and the tests start as child processes, and what keeps them running."""
