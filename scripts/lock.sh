#!/bin/sh
# Writes requirements.lock and requirements-docs.lock: the versions that fresh environments get for pyproject.toml's ranges.
set -eu
cd "$(dirname "$0")/.."

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT INT TERM

freeze() {
    echo "# Made by 'make lock' from $1. The versions that '$2' installs."
    $pip freeze --all --exclude-editable | sed -e 's/+cpu$//' -e '/^pip==/d'
}

"${PYTHON:-python3}" -m venv "$fresh/test"
pip="$fresh/test/bin/python -m pip --disable-pip-version-check"
$pip install -qq --upgrade pip 'setuptools>=77'
# Torch goes first and exactly: a range would take the newest build of the index, which may be gigabytes larger.
$pip install -qq 'torch==2.13.0'
$pip install -qq --no-build-isolation --editable '.[test]'
freeze pyproject.toml "make setup" >"$fresh/requirements.lock"

"${PYTHON:-python3}" -m venv "$fresh/docs"
pip="$fresh/docs/bin/python -m pip --disable-pip-version-check"
"$fresh/docs/bin/python" -c 'import tomllib
print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["docs"], sep="\n")' >"$fresh/docs.txt"
$pip install -qq --requirement "$fresh/docs.txt"
freeze "the docs extra of pyproject.toml" "make docs" | sed '/^setuptools==/d' >"$fresh/requirements-docs.lock"

mv "$fresh/requirements.lock" requirements.lock
mv "$fresh/requirements-docs.lock" requirements-docs.lock
