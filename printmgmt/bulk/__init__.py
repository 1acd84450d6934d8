"""One change to many rows, ordered once and carried out in turns by workers.

A room between `audit` and `people`: it knows organizations and actors, and nothing of what is changed. A room
above declares a `kinds.Kind` and registers it at start; `services.order` writes the order and its items.

**What is promised.** The items are ids, frozen when the order is previewed or given. Each is changed *once*,
in the order in which they were given: its row is marked in the transaction that changes what it names. So a
worker that dies loses nothing and does nothing twice; nor do two workers at once. An item that fails, or that
kills its worker each time, stops no other. A turn is short, organizations take turns, and *Stop* leaves what
is done.
"""
