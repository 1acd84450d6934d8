"""The console's way to hash a password at its lowest cost."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapHasher(Argon2PasswordHasher):
    """The same algorithm, with as little memory and time as it allows."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
