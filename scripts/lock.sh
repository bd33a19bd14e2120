#!/bin/sh
# Writes requirements.lock: the versions that a fresh environment gets for pyproject.toml's ranges today.
set -eu
cd "$(dirname "$0")/.."

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT INT TERM
"${PYTHON:-python3}" -m venv "$fresh"
pip="$fresh/bin/python -m pip --disable-pip-version-check"
$pip install -qq --upgrade pip 'setuptools>=77'
# Torch goes first and exactly: a range would take the newest build of the index, which may be gigabytes larger.
$pip install -qq 'torch==2.13.0'
$pip install -qq --no-build-isolation --editable '.[test]'
{
    echo "# Made by 'make lock' from pyproject.toml. The versions that 'make setup' installs."
    $pip freeze --all --exclude-editable | sed -e 's/+cpu$//' -e '/^pip==/d'
} >"$fresh/requirements.lock"
mv "$fresh/requirements.lock" requirements.lock
