#!/usr/bin/env bash
# Makes the tree that is checked: the member's files, without those that would steer a test runner or
# a linter, and the instructor's given files over them.
#   assemble.sh MEMBER STARTER OUT
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# Whole paths: the folder changes below.
mkdir -p "$3"
member=$(cd "$1" && pwd) starter=$(cd "$2" && pwd) out=$(cd "$3" && pwd)

(cd "$member" && tar --exclude=./.git --exclude=node_modules --exclude=.venv --exclude=__pycache__ -cf - .) \
    | tar -xf - -C "$out"

# A link could lead a check out of the tree.
find "$out" -type l -delete
find "$out" -type f \( \
    -name conftest.py -o -name pytest.ini -o -name .pytest.ini -o -name pytest.toml -o -name .pytest.toml \
    -o -name tox.ini -o -name setup.cfg \
    -o -name sitecustomize.py -o -name usercustomize.py -o -name '*.pth' -o -name '.coveragerc*' \
    -o -name ruff.toml -o -name .ruff.toml -o -name .editorconfig -o -name .npmrc \
    -o -name .ignore -o -name .gitignore \
    -o -name 'vite.config.*' -o -name 'vitest.config.*' -o -name 'vitest.workspace.*' \
    -o -name 'eslint.config.*' -o -name '.eslintrc*' -o -name '.prettierrc*' -o -name 'prettier.config.*' \
    -o -name 'playwright.config.*' -o -name .env \) -delete

# Each part has one pyproject.toml and one package.json: the given ones.
find "$out" -mindepth 2 -type f \( -name pyproject.toml -o -name package.json -o -name .flake8 \) -delete

cd "$starter"
shopt -s nullglob
while read -r pattern; do
    case $pattern in '' | '#'*) continue ;; esac
    # Unquoted: the patterns of given.txt are globs.
    found=($pattern)
    if [ ${#found[@]} -eq 0 ] || [ ! -e "${found[0]}" ]; then
        echo "assemble.sh: the starter has nothing at $pattern" >&2
        exit 1
    fi
    for path in "${found[@]}"; do
        [ ! -d "$path" ] || rm -rf "${out:?}/$path"
        mkdir -p "$out/$(dirname "$path")"
        cp -R "$path" "$out/$(dirname "$path")/"
    done
done <"$here/given.txt"
