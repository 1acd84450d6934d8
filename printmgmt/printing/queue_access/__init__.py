"""Who may print to the queues of a server: the one list of names that each queue has."""
