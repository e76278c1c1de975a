#!/usr/bin/env bash
# Renew the pinned requirements from the ranges of pyproject.toml; no index address is written. Usage: tools/pin.sh FOLDER_OF_PYTHON
set -euo pipefail
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
"$1/python" -m venv "$tool"
"$tool/bin/python" -m pip install --quiet --disable-pip-version-check uv
# One version for all Pythons ("fewest"): the figures of an audit must not depend on the interpreter.
pin() {
  "$tool/bin/uv" pip compile --quiet --universal --fork-strategy fewest --generate-hashes --no-header --no-emit-index-url \
    --python-version 3.11 "${@:2}" -o "$1"
}
pin requirements.txt pyproject.toml
pin requirements-dev.txt pyproject.toml --extra dev --constraint requirements.txt
printf 'pip>=25\nsetuptools>=77\nwheel>=0.45\n' | pin requirements-build.txt - --constraint requirements-dev.txt
if grep -nE '(index-url|find-links|://)' requirements*.txt; then
  echo "a pinned file carries an address" >&2
  exit 1
fi
