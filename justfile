# Every check is one command here; .ci/run runs them all. `just` alone lists them.

set shell := ["bash", "-euo", "pipefail", "-c"]

browser_tests := "tests/browser"
stories := "cargo test --package docent --package local-postgres --test it"

[private]
default:
    @just --list --unsorted

# Install what the checks need, besides Rust and npm
setup:
    scripts/setup.sh

# Everything that the README's `cargo test` runs, in every crate
test *arguments:
    cargo test --workspace {{ arguments }}

# The stories on an installed Postgres
test-installed *arguments:
    DOCENT_TEST_ENGINE=installed LOCAL_POSTGRES_ENGINE=installed {{ stories }} {{ arguments }}

# The stories on the Postgres inside Docent
test-embedded *arguments:
    DOCENT_TEST_ENGINE=embedded LOCAL_POSTGRES_ENGINE=embedded {{ stories }} {{ arguments }}

# All that is checked without running anything
lint: fmt clippy sqlx

# Formatting
fmt:
    cargo fmt --all --check

# Lints, of which none may be left
clippy:
    cargo clippy --workspace --all-targets --locked -- -D warnings

# .sqlx against the migrations and the queries
sqlx:
    scripts/with-postgres.sh scripts/check-sqlx.sh

# Write .sqlx anew, after a change of a query or a migration
sqlx-prepare:
    scripts/with-postgres.sh sh -c 'sqlx migrate run && cargo sqlx prepare --workspace -- --workspace --all-targets'

# The page of `docent play` in a real browser; pictures go to target/browser
browser: (_npm browser_tests)
    cargo build --locked --bin docent
    mkdir -p target/browser
    DOCENT="$PWD/target/debug/docent" CHROMIUM="$(scripts/find-chromium.sh)" SCREENSHOTS="$PWD/target/browser" \
        npm --prefix {{ browser_tests }} run walk

# discord.js, unmodified, as a client of the loopback Discord
discordjs: (_npm browser_tests)
    cargo build --locked --workspace --examples
    LOOPBACK="$PWD/target/debug/examples/serve" npm --prefix {{ browser_tests }} run discordjs

# The lessons, executed: `just lessons al2 --lang ru` for one of them
lessons *arguments:
    python3 scripts/lessons/test_run.py
    python3 scripts/lessons/run.py {{ arguments }}

# The practices for real: model solutions and learners' mistakes, checked and graded; names choose cases
practice-verify *names:
    cargo build --locked --bin docent
    python3 scripts/practice/test_verify.py
    scripts/practice/verify.py {{ names }}

# Throughput, latency and memory
bench *arguments:
    cargo bench --workspace {{ arguments }}

# Licences, banned crates and sources of the dependency tree
deny:
    cargo deny --locked check --hide-inclusion-graph bans licenses sources

# Known vulnerabilities; fetches the advisory database from GitHub
audit:
    cargo deny --locked check --hide-inclusion-graph advisories

# The API's documentation, without a broken link
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

[private]
_npm folder:
    scripts/npm-ci.sh {{ folder }}
