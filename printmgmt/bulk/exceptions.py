"""What can be wrong about a bulk operation."""


class NothingChosen(Exception):
    """There is no row to change."""
