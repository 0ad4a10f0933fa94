#!/usr/bin/env bash
# Runs a command with DATABASE_URL set to an empty Postgres that is gone afterwards:
#   scripts/with-postgres.sh sh -c 'sqlx migrate run && cargo sqlx prepare --workspace'
# It listens on a socket in a folder of its own, so any number of these run side by side.
set -euo pipefail

if [ $# -eq 0 ]; then
    echo "with-postgres: name a command, such as: scripts/with-postgres.sh psql" >&2
    exit 2
fi

# The newest installed Postgres; distributions keep its server programs out of PATH.
find_programs() {
    local initdb
    initdb=$(ls -d /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb 2>/dev/null | sort -V | tail -n 1 || true)
    [ -n "$initdb" ] || initdb=$(command -v initdb || true)
    if [ -z "$initdb" ]; then
        echo "with-postgres: no Postgres is installed: install the package postgresql (\`just setup\` does)" >&2
        exit 1
    fi
    dirname "$(readlink -f "$initdb")"
}

programs=$(find_programs)
folder=$(mktemp -d "${TMPDIR:-/tmp}/docent-postgres.XXXXXX")

# Postgres refuses to run as root.
as_owner=()
if [ "$(id -u)" = 0 ]; then
    owner=nobody
    if id postgres >/dev/null 2>&1; then owner=postgres; fi
    chown "$owner" "$folder"
    as_owner=(runuser -u "$owner" --)
fi

in_folder() {
    (cd "$folder" && "${as_owner[@]}" env -u PGDATA -u PGHOST -u PGPORT -u PGUSER -u PGOPTIONS "$@")
}

clean_up() {
    local code=$?
    trap - EXIT INT TERM
    in_folder "$programs/pg_ctl" --pgdata="$folder/data" --mode=immediate --silent stop >/dev/null 2>&1 || true
    rm -rf "$folder"
    exit "$code"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    echo "with-postgres: $1; its log:" >&2
    cat "$folder/log" >&2 || true
    exit 1
}

in_folder sh -c 'umask 077; exec "$@" >log 2>&1' sh \
    "$programs/initdb" --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync \
    || fail "initdb failed"
in_folder "$programs/pg_ctl" --pgdata="$folder/data" --log="$folder/log" --silent --wait --timeout=60 \
    --options="-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off -c full_page_writes=off" start \
    </dev/null >/dev/null 2>&1 \
    || fail "Postgres did not start"
in_folder "$programs/createdb" --host="$folder" --username=postgres docent || fail "the database was not made"

export DATABASE_URL="postgres://postgres@localhost/docent?host=$folder"
"$@"
