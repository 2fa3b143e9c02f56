#!/usr/bin/env bash
# Install Một Cửa from the folder that collect.sh gathered. Uses no network.
#
# usage: ./install.sh [--expect NUMBER] [--to PATH] [--python COMMAND]
#
#   --expect NUMBER   the number that collect.sh printed last; without it only transport errors are found
#   --to PATH         a link to the installed version            (/opt/motcua)
#   --python COMMAND  Python 3.10                                (python3.10)
#
# Each version gets a folder of its own beside the link (/opt/motcua-VERSION). To go back, let the link lead to the old
# folder; for a database that is newer by then, restore the backup (docs/running.md).
set -euo pipefail

help() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0"; }
fail() { echo "install.sh: $1" >&2; exit 1; }

to=/opt/motcua python=python3.10 expected=
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) help; exit 0 ;;
    --expect | --to | --python)
      [ $# -ge 2 ] || fail "$1 needs a value; see --help"
      case "$1" in --expect) expected=$2 ;; --to) to=${2%/} ;; --python) python=$2 ;; esac
      shift 2 ;;
    *) fail "unknown argument $1; see --help" ;;
  esac
done

bundle=$(cd "$(dirname "$0")" && pwd)
[ -f "$bundle/SHA256SUMS" ] || fail "this is not the folder that collect.sh made: no SHA256SUMS"
if [ -n "$expected" ]; then
  [ "$(sha256sum <"$bundle/SHA256SUMS" | cut -d' ' -f1)" = "$expected" ] || fail "the folder is not the one expected"
fi
(cd "$bundle" && sha256sum --check --strict --quiet SHA256SUMS) || fail "files were changed or damaged"
# What nobody vouches for must not be there: pip would take it from the folder.
strange=$(cd "$bundle" && find . -type f ! -name SHA256SUMS -print | sort |
  comm -23 - <(sed 's/^[0-9a-f]*[ *]*//' SHA256SUMS | sort))
[ -z "$strange" ] || fail "a file is not listed in SHA256SUMS: $(head -n 1 <<<"$strange")"
"$python" -c 'import sys, venv; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null ||
  fail "$python is not Python 3.10 with venv"

read -r version <"$bundle/VERSION"
[[ $version =~ ^[A-Za-z0-9.-]+$ ]] || fail "VERSION is broken"
folder=$to-$version
[ ! -e "$to" ] || [ -L "$to" ] || fail "$to is there and is no link"
[ ! -e "$folder" ] || fail "$folder exists already"

umask 022
mkdir -p "$folder"
trap 'rm -rf -- "$folder"' EXIT
tar --extract --gzip --no-same-owner --file "$bundle/motcua.tar.gz" --directory "$folder"

echo "Installing the libraries…"
"$python" -m venv "$folder/.venv"
pip=("$folder/.venv/bin/python" -m pip --disable-pip-version-check --quiet)
offline=(--no-index --find-links "$bundle/wheels")
"${pip[@]}" install "${offline[@]}" --require-hashes --requirement "$bundle/build.lock"
"${pip[@]}" install "${offline[@]}" --require-hashes --no-deps --no-build-isolation \
  --requirement "$bundle/requirements.lock"
"${pip[@]}" install --no-index --no-deps --no-build-isolation --editable "$folder"

if [ -d "$bundle/models" ]; then
  mkdir -p "$folder/models"
  cp -- "$bundle"/models/* "$folder/models/"
fi
"$folder/.venv/bin/motcua" --help >/dev/null || fail "the program does not start"

trap - EXIT
ln -sfn -- "$folder" "$to"
echo "Installed: $to leads to $folder."
[ -d "$bundle/models" ] || echo "There is no model yet: $to/.venv/bin/motcua train"
echo "Next: $to/.venv/bin/motcua db upgrade, then the services (deploy/systemd)."
