"""Print servers: added, tested, changed, removed; and the one way in which the console connects to them."""
