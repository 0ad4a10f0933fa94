#!/usr/bin/env bash
# Makes samples/ anew from the cases that samples.toml names.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec python3 scripts/practice/samples.py
