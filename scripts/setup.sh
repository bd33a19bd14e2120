#!/bin/sh
# Makes .venv with the pinned versions of requirements.lock, and installs Chromium for the browser tests and TypeScript for
# the pages' types where it may.
# Quick when nothing is to be done: the stamp holds a checksum of everything that the result depends on.
set -eu
cd "$(dirname "$0")/.."

python=${PYTHON:-python3}
stamp=.venv/.setup-stamp

say() { echo "setup: $*" >&2; }

die() { say "$*"; exit 1; }

may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_install() {
    say "installing $* with apt-get"
    [ -n "${apt_updated:-}" ] || apt-get update -q >&2
    apt_updated=yes
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2
}

has_chromium() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
} >/dev/null 2>&1

check_python() {
    command -v "$python" >/dev/null 2>&1 || die "there is no $python; Python 3.11 or newer is needed (PYTHON=... names another one)."
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        die "$("$python" --version) is too old; Python 3.11 or newer is needed (PYTHON=... names another one)."
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    may_install || die "$python can not make virtual environments; on Debian run 'apt-get install python3-venv' as root."
    apt_install python3-venv
}

make_venv() {
    say "making .venv (a few minutes the first time)"
    check_python
    [ -x .venv/bin/python ] || "$python" -m venv .venv
    # A lock without addresses: whatever index pip is set up for on this machine is asked.
    .venv/bin/python -m pip install -qq --disable-pip-version-check --requirement requirements.lock
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
}

find_chromium() {
    has_chromium && return
    if may_install; then
        apt_install chromium fonts-dejavu-core || say "Chromium could not be installed."
    fi
    has_chromium || say "Chromium is not here: the browser tests will be skipped (where CI is set, they fail)." \
        "On Debian run 'apt-get install chromium' as root."
}

# Playwright drives Chromium from a program of its own, which a bare Debian lacks one library for.
check_driver() {
    .venv/bin/playwright --version >/dev/null 2>&1 && return
    ! may_install || apt_install libatomic1 || true
    .venv/bin/playwright --version >/dev/null 2>&1 ||
        say "Playwright does not start, so the browser tests will fail. On Debian run 'apt-get install libatomic1' as root."
}

# Node.js runs the checker, npm fetches it; whatever registry npm is set up for on this machine is asked.
find_typescript() {
    typescript=$(cat package-lock.json | cksum)
    [ "$(cat node_modules/.setup-stamp 2>/dev/null)" != "$typescript" ] || return 0
    if ! command -v npm >/dev/null 2>&1 && may_install; then
        apt_install nodejs npm || true
    fi
    if command -v npm >/dev/null 2>&1 && npm ci --silent --no-audit --no-fund --ignore-scripts --fetch-retries=1 >&2; then
        echo "$typescript" >node_modules/.setup-stamp
    else
        say "TypeScript is not here: the types of the pages' scripts will not be checked (where CI is set, 'make types'" \
            "fails). On Debian run 'apt-get install nodejs npm' as root."
    fi
}

wanted=$(cat requirements.lock pyproject.toml scripts/setup.sh | cksum)
if [ ! -e "$stamp" ] || [ "$(cat "$stamp")" != "$wanted" ]; then
    make_venv
    check_driver
    echo "$wanted" >"$stamp"
fi
find_chromium
find_typescript
