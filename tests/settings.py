"""The console's settings, except that a process of the tests starts and hashes passwords at little cost.

Nothing here is worth guessing. A hash takes 100 MiB and a fifth of a second of processor time on purpose. The
processes that tests start have these settings, too: at the real cost they would hash a password again at its
first sign-in, which ends sessions.
"""

from printmgmt.settings import *  # noqa: F403
from tests.docstrings import compare_modules_by_name

compare_modules_by_name()

PASSWORD_HASHERS = ["tests.hashing.CheapHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
SCIM_REQUESTS_PER_SECOND = 0
