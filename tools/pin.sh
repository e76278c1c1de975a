#!/usr/bin/env bash
# Renew the pinned requirements from the ranges of pyproject.toml; no index address is written.
set -euo pipefail
cd "$(dirname "$0")/.."
"$1/python" -m pip install --quiet uv
pin() { "$1/uv" pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11 "${@:2}"; }
pin "$1" pyproject.toml -o requirements.txt
pin "$1" pyproject.toml --extra dev -o requirements-dev.txt
printf 'setuptools>=77\nwheel>=0.45\n' | pin "$1" - -o requirements-build.txt
