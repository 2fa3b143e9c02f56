#!/usr/bin/env bash
# Gather on a connected machine all that Một Cửa needs, to install it on one without a network.
#
# usage: deploy/airgap/collect.sh [--to FOLDER] [--python COMMAND] [--lock FILE] [--no-model]
#
#   --to FOLDER       where to put it; must not exist yet         (motcua-bundle)
#   --python COMMAND  Python 3.10, as on the other machine        (python3.10)
#   --lock FILE       the libraries, with hashes                  (requirements.lock)
#   --no-model        without the trained model: the other machine trains it (a minute)
#
# Both machines need the same kind of processor. The last line is the number that install.sh --expect takes: bring it
# another way than the folder, so that nobody can change the folder unseen.
set -euo pipefail

help() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "$0"; }
fail() { echo "collect.sh: $1" >&2; exit 1; }

top=$(cd "$(dirname "$0")/../.." && pwd)
to=motcua-bundle python=python3.10 lock=$top/requirements.lock model=yes
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) help; exit 0 ;;
    --no-model) model=no; shift ;;
    --to | --python | --lock)
      [ $# -ge 2 ] || fail "$1 needs a value; see --help"
      case "$1" in --to) to=$2 ;; --python) python=$2 ;; --lock) lock=$2 ;; esac
      shift 2 ;;
    *) fail "unknown argument $1; see --help" ;;
  esac
done

[ ! -e "$to" ] || fail "$to exists already"
[ -f "$lock" ] || fail "no $lock"
"$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null || fail "$python is not Python 3.10"
git -C "$top" rev-parse --verify --quiet HEAD >/dev/null || fail "$top is no git checkout"
[ -z "$(git -C "$top" status --porcelain --untracked-files=no)" ] ||
  echo "collect.sh: what is not committed is not taken along" >&2
if [ "$model" = yes ]; then
  [ -f "$top/models/motcua.tar.gz" ] || fail "no trained model: make train, or --no-model"
fi

part=$to.part
rm -rf -- "$part"
mkdir -p "$part/wheels"
trap 'rm -rf -- "$part"' EXIT

version=$(git -C "$top" log -1 --format=%cd-%h --date=format:%Y%m%d)
echo "$version" >"$part/VERSION"
git -C "$top" archive --format=tar.gz --output="$(cd "$part" && pwd)/motcua.tar.gz" HEAD
cp -- "$lock" "$part/requirements.lock"
cp -- "$top/deploy/airgap/install.sh" "$part/install.sh"

# What builds the few libraries that come as source only: from the lock too, so that it has a hash.
awk '/^(setuptools|wheel)==/ {on = 1} on {print} on && !/\\$/ {on = 0}' "$lock" >"$part/build.lock"

echo "Fetching the libraries (about 1 GB)…"
"$python" -m venv "$part/venv"
pip=("$part/venv/bin/python" -m pip --disable-pip-version-check --quiet)
"${pip[@]}" install --require-hashes --requirement "$part/build.lock"
"${pip[@]}" download --require-hashes --no-deps --no-build-isolation \
  --requirement "$part/requirements.lock" --dest "$part/wheels"
rm -rf -- "$part/venv"

if [ "$model" = yes ]; then
  mkdir "$part/models"
  cp -- "$top/models/motcua.tar.gz" "$top/models/motcua.tar.sha256" "$part/models/"
fi

sums=$(cd "$part" && find . -type f -print0 | sort -z | xargs -0 sha256sum)
echo "$sums" >"$part/SHA256SUMS"
mv -- "$part" "$to"
trap - EXIT
echo "Version $version lies in $to ($(du -sh -- "$to" | cut -f1))."
sha256sum -- "$to/SHA256SUMS" | cut -d' ' -f1
