"""What the settings of the peers have in common; each is a Django project of its own."""

import os
from typing import Any

import dj_database_url

SECRET_KEY = "benchmarks-only-benchmarks-only-benchmarks-only"
ALLOWED_HOSTS = ["127.0.0.1"]
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=600),
}


class NoMigrations:
    """`MIGRATION_MODULES` of a project whose tables are created as the models are now."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


MIGRATION_MODULES = NoMigrations()
