#!/usr/bin/env bash
# Installs what the checks need and is not there: Postgres and Chromium by apt, the parts of Rust,
# two cargo tools in the versions below, and the npm packages of the browser tests.
set -euo pipefail
cd "$(dirname "$0")/.."

SQLX_CLI=0.9.0
CARGO_DENY=0.20.2
BROWSER_TESTS=tests/browser

has() { command -v "$1" >/dev/null 2>&1; }

fail() {
    echo "setup: $1" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        has sudo || fail "not root and no sudo: run as root: $*"
        sudo "$@"
    fi
}

has_postgres() { ls /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb >/dev/null 2>&1 || has initdb; }

install_packages() {
    local packages=()
    has_postgres || packages+=(postgresql)
    scripts/find-chromium.sh >/dev/null 2>&1 || packages+=(chromium)
    # Without fonts a screenshot shows boxes, also where Cyrillic and emoji should be.
    [ -d /usr/share/fonts/truetype/dejavu ] || packages+=(fonts-dejavu)
    [ -f /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ] || packages+=(fonts-noto-color-emoji)
    [ ${#packages[@]} -gt 0 ] || return 0
    has apt-get || fail "no apt-get here: install by hand what fits ${packages[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
}

install_rust_parts() {
    if ! cargo fmt --version >/dev/null 2>&1 || ! cargo clippy --version >/dev/null 2>&1; then
        rustup component add rustfmt clippy
    fi
}

# Built without optimisation: both run for seconds and would take minutes more to build.
install_tools() {
    if [ "$(sqlx --version 2>/dev/null || true)" != "sqlx-cli $SQLX_CLI" ]; then
        cargo install sqlx-cli --version "$SQLX_CLI" --locked --debug --force --no-default-features --features postgres,rustls
    fi
    if [ "$(cargo-deny --version 2>/dev/null || true)" != "cargo-deny $CARGO_DENY" ]; then
        cargo install cargo-deny --version "$CARGO_DENY" --locked --debug --force
    fi
}

install_packages
install_rust_parts
install_tools
has npm || fail "npm is missing: install Node.js 20 or newer"
scripts/npm-ci.sh "$BROWSER_TESTS"
