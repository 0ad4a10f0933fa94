#!/usr/bin/env bash
# Runs the checks of one part and writes its reports, all of them, also after a failure; the exit code
# is 1 when any check was red. The workflows and the course's own verification both call it.
#   checks.sh back|front|e2e TREE REPORTS
# PRACTICE is basic or advanced; the tools of the part are in PATH or in its node_modules.
set -uo pipefail
part=$1
tree=$(cd "$2" && pwd)
mkdir -p "$3/$part-reports"
reports=$(cd "$3/$part-reports" && pwd)
practice=${PRACTICE:-advanced}
red=0

# check NAME COMMAND...: one check, stopped after five minutes.
check() {
    local name=$1 code=0
    shift
    echo "== $name"
    timeout --kill-after=10 300 "$@" || code=$?
    [ $code -eq 0 ] && return
    echo "== $name: exit code $code"
    red=1
}

# said NAME FILE COMMAND...: for a tool without an option for a report: what it says is the report.
said() {
    local name=$1
    shift
    check "$name" sh -c 'file=$1 && shift && "$@" >"$file" 2>&1; code=$?; cat "$file"; exit $code' sh "$@"
}

cd "$tree/$part" || exit 1
case $part in
    back)
        paths=(tests/unit tests/integration)
        [ "$practice" = basic ] || paths+=(tests/postgres)
        [ ! -d tests/own ] || paths+=(tests/own)
        # Else a file pytest.py of the member's would be run in the place of pytest.
        export PYTHONSAFEPATH=1
        check ruff ruff check --output-format json --output-file "$reports/ruff.json" .
        said "ruff format" "$reports/ruff-format.txt" ruff format --check --output-format concise .
        said flake8 "$reports/flake8.txt" flake8 .
        check pytest python -m pytest "${paths[@]}" --continue-on-collection-errors \
            --junitxml="$reports/junit.xml" --cov --cov-report=term --cov-report="xml:$reports/coverage.xml"
        ;;
    front)
        export FRONT_REPORTS=$reports
        check vitest npx vitest run --coverage
        check eslint npx eslint . --format json --output-file "$reports/eslint.json"
        said prettier "$reports/prettier.txt" npx prettier --check .
        ;;
    e2e)
        export E2E_REPORTS=$reports
        check playwright npx playwright test
        rm -rf "$reports/traces"
        ;;
    *)
        echo "checks.sh: there is no part $part" >&2
        exit 2
        ;;
esac
# Reports name files from the root of the repository, wherever the tree lies.
find "$reports" -type f -exec sed -i "s|$tree/||g" {} +
exit $red
