#!/bin/sh
# Builds the documentation site in site/html, with the versions of requirements-docs.lock in .venv-docs. A dead link fails.
# (Not with --quiet: mkdocs then does not count its warnings either.)
set -eu
cd "$(dirname "$0")/.."

stamp=.venv-docs/.stamp
wanted=$(cksum <requirements-docs.lock)
if [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
    echo "docs: making .venv-docs (a minute the first time)" >&2
    "${PYTHON:-python3}" -m venv .venv-docs
    .venv-docs/bin/python -m pip install -qq --disable-pip-version-check --requirement requirements-docs.lock
    echo "$wanted" >"$stamp"
fi
.venv-docs/bin/python scripts/docs_site.py site
.venv-docs/bin/mkdocs build --strict --config-file site/mkdocs.yml
if grep -rlE '<(script|link|img|iframe)[^>]*(src|href)="?(https?:)?//' site/html --include='*.html'; then
    echo "docs: the pages above load something from another host." >&2
    exit 1
fi
echo "docs: open site/html/index.html"
