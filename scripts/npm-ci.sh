#!/usr/bin/env bash
# Installs the npm packages of a folder as locked, unless they are there; without the browsers that
# some would download: the walk drives the installed one.
set -euo pipefail
folder=$1
if [ ! -f "$folder/package-lock.json" ]; then
    echo "npm-ci: $folder/package-lock.json is missing" >&2
    exit 1
fi
if [ "$folder/node_modules/.package-lock.json" -nt "$folder/package-lock.json" ]; then
    exit 0
fi
export PUPPETEER_SKIP_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
npm --prefix "$folder" ci --no-audit --no-fund
