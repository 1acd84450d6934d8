#!/bin/sh
# The quick checks, all of them even when one fails; the exit code says whether all passed.
set -u
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
failed=""
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

check() {
  name=$1
  shift
  if "$@" >"$scratch/output" 2>&1; then
    echo "ok      $name"
  else
    failed="$failed $name"
    echo "FAILED  $name"
    cat "$scratch/output"
  fi
}

# A name of an index or a host in the requirements would tie them to one place.
no_places() {
  ! grep -nE '://|--index|--extra-index|--find-links|--trusted-host' requirements*.txt requirements*.in
}

# Settings as a server would have them; nothing here is connected to.
production() {
  env PRODUCTION=true DATA_DIR="$scratch/data" \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    CREDENTIAL_KEYS="1:$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    RECEIPT_KEYS="$(python -c 'import secrets; print(secrets.token_urlsafe(48))')" \
    PUBLIC_URL=https://print.contoso.com DATABASE_URL=postgres://db.contoso.com/printmgmt \
    BROKER_URL=rediss://valkey.contoso.com/0 EMAIL_URL=smtp+tls://smtp.contoso.com "$@"
}

embedded() {
  env -u DATABASE_URL -u BROKER_URL PRODUCTION=false DATA_DIR="$scratch/data" "$@"
}

# docs/openapi.json is what the code says: `manage.py spectacular --format openapi-json --file docs/openapi.json`.
api_description() {
  embedded python manage.py spectacular --format openapi-json --validate --fail-on-warn --file "$scratch/openapi.json" &&
    diff -u docs/openapi.json "$scratch/openapi.json"
}

check format ruff format --check .
check lint ruff check .
check requirements no_places
check templates djlint --check --lint templates
check imports lint-imports --cache-dir .cache/import-linter
check settings embedded python manage.py check --fail-level WARNING
check deployment production python manage.py check --deploy --fail-level WARNING
check migrations embedded python manage.py makemigrations --check --dry-run
check migration-rules embedded python -m tools.migration_rules
check translations python -m tools.translations --check
check rfc-table python -m tools.rfc_table --check
check roles-table embedded python -m tools.roles_table --check
check api-description api_description
check types embedded mypy

if [ -n "$failed" ]; then
  echo "Failed:$failed" >&2
  exit 1
fi
