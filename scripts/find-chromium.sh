#!/usr/bin/env bash
# Prints the path of the installed Chromium; fails when there is none.
set -euo pipefail
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$name" ] && command -v "$name"; then
        exit 0
    fi
done
echo "no Chromium is installed: install the package chromium (\`just setup\` does), or set CHROMIUM to a browser" >&2
exit 1
