"""Links directory objects to resources of the application, from cycle to cycle."""

from dataclasses import dataclass


@dataclass
class Link:
    """`managed` is False once the user left by unassignment or filter: a purge is then not sent any more."""

    target_id: str
    managed: bool = True


Links = dict[str, Link]
