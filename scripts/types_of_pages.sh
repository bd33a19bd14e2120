#!/bin/sh
# Checks the JSDoc types of the pages' scripts (tsconfig.json). Without TypeScript it says so; where CI is set it fails.
set -eu
cd "$(dirname "$0")/.."

if [ -x node_modules/.bin/tsc ] && command -v node >/dev/null 2>&1; then
    exec node_modules/.bin/tsc --project .
fi
echo "types: the pages' scripts are NOT checked: there is no TypeScript here. Install Node.js and npm, then run 'make setup'." >&2
[ -z "${CI:-}" ]
