#!/usr/bin/env bash
# Holds .sqlx against the migrations in the database of DATABASE_URL and the queries in the code.
set -euo pipefail
sqlx migrate run
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Queries left over from removed code are only a warning to sqlx.
if ! cargo sqlx prepare --check --workspace -- --workspace --all-targets 2>&1 | tee "$log" \
    || grep -q 'potentially unused queries' "$log"; then
    echo "check-sqlx: .sqlx does not fit the code: run \`just sqlx-prepare\` and commit .sqlx" >&2
    exit 1
fi
