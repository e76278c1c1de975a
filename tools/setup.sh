#!/usr/bin/env bash
# Make the virtual environment: find Python 3.11–3.13, check compiler and headers, install the pinned packages and the `zavuch` command.
# Usage: tools/setup.sh FOLDER. PYTHON=… in the environment chooses the interpreter. Messages: Russian, then English.
set -euo pipefail
venv=$1
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$@" >&2; }
stop() { say "" "$@"; exit 2; }

as_root() {
  if [ "$(id -u)" = 0 ]; then env DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n env DEBIAN_FRONTEND=noninteractive "$@"
  else return 1; fi
}

install_system() {  # apt packages, where this is Debian or Ubuntu and we may
  command -v apt-get >/dev/null || return 1
  say "Ставлю через apt / installing with apt: $*"
  as_root apt-get update -qq >&2 && as_root apt-get install -y -qq --no-install-recommends "$@" >&2
}

version_of() { "$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null; }

suits() {  # Is this interpreter one of ours, with venv and pip inside? Running it matters: a version manager's shim may exist and refuse.
  "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

of_pyenv() {  # the newest interpreter of that version that pyenv keeps but has not put forward: its shim exists and refuses
  local root path
  root=$(pyenv root 2>/dev/null) || return 1
  for path in $(printf '%s\n' "$root/versions/${1#python}".*/bin/python | sort -rV); do
    if suits "$path"; then printf '%s\n' "$path"; return; fi
  done
  return 1
}

find_python() {
  local name
  for name in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
    if suits "$name"; then command -v "$name"; return; fi
  done
  for name in ${PYTHON:-python3.13 python3.12 python3.11}; do
    if of_pyenv "$name"; then return; fi
  done
  return 1
}

builds() {  # durable_rules comes as source only
  command -v gcc >/dev/null && [ -e "$("$1" -c 'import sysconfig; print(sysconfig.get_paths()["include"])')/Python.h" ]
}

python=$(find_python) || python=
if [ -z "$python" ]; then
  if [ -n "${PYTHON:-}" ]; then
    stop "PYTHON=$PYTHON не подходит: нужен Python 3.11, 3.12 или 3.13 с модулем venv." \
         "PYTHON=$PYTHON does not do: Python 3.11, 3.12 or 3.13 with its venv module is needed."
  fi
  say "Python 3.11–3.13 с модулем venv не найден. / No Python 3.11–3.13 with venv found."
  for version in 3 3.13 3.12 3.11; do
    if install_system "python$version" "python$version-venv" "python$version-dev" && python=$(find_python); then break; fi
  done
  [ -n "$python" ] || stop \
    "Поставьте Python 3.11, 3.12 или 3.13 с модулем venv и повторите make (Debian, Ubuntu: python3 python3-venv python3-dev gcc)." \
    "Install Python 3.11, 3.12 or 3.13 with its venv module, then run make again (Debian, Ubuntu: python3 python3-venv python3-dev gcc)."
fi
version=$(version_of "$python")
if ! builds "$python"; then
  say "Нет gcc или заголовков Python $version. / gcc or the headers of Python $version are missing."
  install_system gcc libc6-dev "python$version-dev" || true
  builds "$python" || stop \
    "Поставьте gcc и заголовки Python и повторите make (Debian, Ubuntu: gcc libc6-dev python$version-dev; Fedora: gcc python3-devel)." \
    "Install gcc and the headers of Python, then run make again (Debian, Ubuntu: gcc libc6-dev python$version-dev; Fedora: gcc python3-devel)."
fi

if [ "$(version_of "$venv/bin/python")" != "$version" ]; then
  say "Создаю окружение $venv с Python $version (минута-две) / making $venv with Python $version (a minute or two)"
  "$python" -m venv --clear "$venv"
fi
# Python 3.13 dropped a name that durable_rules 2.0.28 calls; the macro gives it the present one and is harmless on 3.11 and 3.12.
export CPPFLAGS="-DPyEval_CallObject=PyObject_CallObject ${CPPFLAGS:-}" PIP_DISABLE_PIP_VERSION_CHECK=1
pip() { "$venv/bin/python" -m pip --quiet "$@"; }
pinned() { pip install --require-hashes "$@"; }
all_pinned() {  # Only durable_rules may be built: anything else without a wheel should say so instead of compiling for an hour.
  pinned --no-build-isolation --only-binary :all: --no-binary durable-rules -r requirements-dev.txt "$@"
}
failed() {
  stop "Пакеты не установились: причина выше (чаще всего нет сети до каталога пакетов). Повторите make." \
       "The packages did not install: the reason is above (most often the package index cannot be reached). Run make again."
}
pinned -r requirements-build.txt || failed
all_pinned || failed
if ! "$venv/bin/python" -c 'import durable_rules_engine' 2>/dev/null; then
  # A wheel built earlier without the macro can wait in pip's cache.
  all_pinned --force-reinstall --no-cache-dir || failed
fi
# setuptools warns that folders of a checkout take precedence; here that is what is meant (docs/decisions/0001).
PYTHONWARNINGS=ignore pip install --no-build-isolation --no-deps --editable . || failed
say "Готово: $venv/bin/zavuch / ready"
