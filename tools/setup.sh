#!/usr/bin/env bash
# Make the virtual environment: finds Python 3.11–3.13, checks the compiler, installs the pinned packages and the `zavuch` command.
set -euo pipefail
venv=$1
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi; }

suits() {  # does this interpreter have the right version and venv?
  "$1" - 2>/dev/null <<'PY'
import ensurepip, sys, venv
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PY
}

find_python() {
  for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
    if command -v "$name" >/dev/null && suits "$name"; then printf '%s' "$name"; return; fi
  done
  return 1
}

builds() {  # durable_rules comes as source: a compiler and Python's headers are needed
  command -v gcc >/dev/null && [ -e "$("$1" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')/Python.h" ]
}

install_system() {
  command -v apt-get >/dev/null || return 1
  root apt-get update -qq && DEBIAN_FRONTEND=noninteractive root apt-get install -y -qq --no-install-recommends "$@" >&2
}

if ! python=$(find_python); then
  say "Python 3.11–3.13 not found, trying apt… / Python 3.11–3.13 не найден, пробуем apt…"
  install_system python3 python3-venv python3-dev || true
  python=$(find_python) || {
    say "Install Python 3.11, 3.12 or 3.13 with its venv module, then run make again."
    say "Установите Python 3.11, 3.12 или 3.13 с модулем venv и повторите make."
    exit 2
  }
fi
if ! builds "$python"; then
  say "gcc or Python headers are missing, trying apt… / нет gcc или заголовков Python, пробуем apt…"
  version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  install_system gcc "python$version-dev" || install_system gcc python3-dev || true
  builds "$python" || {
    say "Install gcc and the headers of Python (Debian, Ubuntu: gcc python3-dev; Fedora: gcc python3-devel), then run make again."
    say "Установите gcc и заголовки Python (Debian, Ubuntu: gcc python3-dev; Fedora: gcc python3-devel) и повторите make."
    exit 2
  }
fi

say "Setting up $venv with $("$python" --version) / готовим окружение"
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.txt
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-build-isolation --require-hashes -r requirements-dev.txt
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
