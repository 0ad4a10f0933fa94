#!/usr/bin/env bash
# Starts the whole application for the end-to-end tests: migrations, API and page.
#   serve.sh [port of the page]
# DATABASE_URL is the database; without it a SQLite file that is made anew.
set -euo pipefail
cd "$(dirname "$0")"

front_port=${1:-4173}
api_port=${API_PORT:-8000}
scratch=$(mktemp -d)
export DATABASE_URL=${DATABASE_URL:-sqlite+aiosqlite:///$scratch/city.db}
export API_URL=http://127.0.0.1:$api_port

api= page=
stop() {
    for process in $api $page; do kill "$process" 2>/dev/null || true; done
    rm -rf "$scratch"
}
trap stop EXIT
trap 'exit 143' INT TERM

# A failed migration is no reason to stay away: the tests then show what a resident would see.
(cd ../back && alembic upgrade head) || echo "serve.sh: the migrations failed" >&2
(cd ../back && exec python -m uvicorn app.main:app --host 127.0.0.1 --port "$api_port") &
api=$!
for _ in $(seq 100); do
    if ! kill -0 "$api" 2>/dev/null; then
        echo "serve.sh: the API stopped while it was starting" >&2
        exit 1
    fi
    if (exec 3<>"/dev/tcp/127.0.0.1/$api_port") 2>/dev/null; then break; fi
    sleep 0.1
done
cd ../front
npx vite build --logLevel warn
npx vite preview --host 127.0.0.1 --port "$front_port" --strictPort &
page=$!
wait $page
