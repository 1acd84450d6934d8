"""Keeps queues and jobs current: each server is read regularly, and what was read becomes rows.

`kind` is the work over `ServerRound`, `threads` has servers that hang delay no other, `plan` says from which
job a round begins, `snapshot` reads, `reconciling` writes, `leases` is for others who write to a server.
"""
