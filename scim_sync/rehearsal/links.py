"""Which resource of the application belongs to which directory object; remembered from cycle to cycle."""

from dataclasses import dataclass


@dataclass
class Link:
    """`managed` is False once the user left by unassignment or filter: a purge is then no longer told."""

    target_id: str
    managed: bool = True


Links = dict[str, Link]
