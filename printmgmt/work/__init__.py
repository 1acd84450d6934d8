"""Durable work: a row is the order, a worker carries it out, whatever dies on the way.

The lowest room of the core. It knows no organization, no person and no other room; every room above may have
work of its own: rows of a subclass of `models.WorkRow`, performed by a subclass of `kinds.Work`.

**What is promised.** A row that was committed is performed *at least once*, by *one worker at a time*:

- It survives SIGKILL of the worker (its lease ends, another worker takes the row), a broker or a beat that is
  gone (every worker process sweeps by itself), and a database that restarts (the next sweep).
- A result that comes late, when another worker has taken the row over, is refused (`LeaseLost`).
- An attempt is counted *before* it is made: work that kills its worker each time ends, too.
- What fails is tried again later, later each time, not all at once, until `Patience` is over; then `give_up`.
- One organization's thousands of rows delay nobody else's one; one row that fails stops no other.

**What it asks of you.** `perform` may run twice: look first what is done already. Finish within the lease or
call ``claim.renew()`` on the way; whatever waits needs a time-out shorter than the lease. Record the outcome
with `finish`: for an effect in our own rows, in the transaction that makes it. Call `nudge_after_commit`
in the transaction that writes the row: a lost nudge loses nothing, the row only waits for the next sweep.

Work that several workers share (thousands of rows locked in turns, such as the people of an uninstalled
add-on) has no lease: there a transaction is the turn. It uses the same nudges, sweeps and `Patience`.
"""
