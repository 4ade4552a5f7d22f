# shellcheck shell=bash
# Shared by the scripts of this folder (source it): paths, messages, the Python environment.
# Exit codes used everywhere: 0 done, 1 failed, 2 wrong usage, 3 something must be installed first.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VENV=$ROOT/.build-venv

say() { printf '%s\n' "$*"; }

# die MESSAGE [CODE]: stop with a message on standard error.
die() {
    printf '%s: %s\n' "$(basename "$0")" "$1" >&2
    exit "${2:-1}"
}

# usage: the three-line header of the calling script, for --help.
usage() { sed -n '2,4s/^# //p' "$0"; }

# wrong_usage WORD: stop on an argument nobody asked for.
wrong_usage() { die "unknown argument: $1 (see --help)" 2; }

# find_swift: put a Swift toolchain on PATH, or stop.
find_swift() {
    if ! command -v swift >/dev/null && [ -x /opt/swift/usr/bin/swift ]; then
        export PATH="/opt/swift/usr/bin:$PATH"
    fi
    command -v swift >/dev/null || die "Swift 6.3 or later is needed: install it from https://www.swift.org/install \
and put it on PATH (or in /opt/swift)." 3
}

# ensure_swift: the same, of at least version 6.3. Running it needs the libraries that Scripts/bootstrap installs.
ensure_swift() {
    local answer version
    find_swift
    answer=$(swift --version 2>&1) || die "swift does not run: $answer" 3
    version=$(sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' <<<"$answer" | head -1)
    if [ "$(printf '%s\n' 6.3 "${version:-0}" | sort -V | head -1)" != 6.3 ]; then
        die "Swift 6.3 or later is needed; the one on PATH is ${version:-of unknown version}." 3
    fi
}

# ensure_venv: the Python environment of the scripts and tests, made on first use.
ensure_venv() {
    if ! "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then
        command -v python3 >/dev/null || die "python3 is needed: apt-get install python3 python3-venv" 3
        rm -rf "$VENV"
        python3 -m venv "$VENV" || die "python3 cannot make a virtual environment: apt-get install python3-venv" 3
    fi
}

# pip_download REQUIREMENTS FOLDER: fetch exactly the pinned wheels, and nothing else.
pip_download() {
    ensure_venv
    "$VENV/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --require-hashes --requirement "$1" --dest "$2" ||
        die "could not download the packages pinned in ${1#"$ROOT"/}: is the Python package index reachable?"
}
