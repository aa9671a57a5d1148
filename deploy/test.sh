#!/usr/bin/env bash
# Everything CI runs. Nothing is skipped: what is missing is installed or named.
set -euo pipefail

say() { printf '\n== %s\n' "$1"; }

have_browser() {
    [[ -n "${CHROMIUM:-}" ]] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
        command -v google-chrome >/dev/null
}

have_chinese_font() {
    command -v fc-list >/dev/null && [[ -n "$(fc-list :lang=zh family 2>/dev/null)" ]]
}

install_browser() {
    local missing=()
    have_browser || missing+=(chromium)
    have_chinese_font || missing+=(fonts-noto-cjk)
    [[ ${#missing[@]} -gt 0 ]] || return 0
    local root=()
    if [[ "$(id -u)" != 0 ]]; then
        root=(sudo -n)
        if ! sudo -n true 2>/dev/null; then
            echo "The browser tests need: ${missing[*]}. Install them (apt-get install ${missing[*]}), then run again." >&2
            exit 1
        fi
    fi
    if ! command -v apt-get >/dev/null; then
        echo "The browser tests need Chromium and a Chinese font (${missing[*]}); install them, then run again." >&2
        exit 1
    fi
    say "Installing ${missing[*]}"
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    if ! have_browser; then
        echo "Chromium is not found after its installation; set CHROMIUM to its program." >&2
        exit 1
    fi
}

scratch="$(mktemp -d)"
chmod 711 "$scratch"
trap 'rm -rf "$scratch"' EXIT
unset DATABASE_URL OWNER_DATABASE_URL REDIS_URL DJANGO_SETTINGS_MODULE
export DATA_DIR="$scratch/data"

install_browser
say "Style"
ruff check .
ruff format --check .
say "Order of the apps"
lint-imports
say "Models and migrations agree"
python manage.py makemigrations --check --dry-run
say "Production settings"
DEBUG=false DEMO=false HTTPS=true ALLOWED_HOSTS=alliance.example.org \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
    python -W error::DeprecationWarning manage.py check --deploy --fail-level WARNING
say "Tests"
TEST_FRESH=1 pytest -n "${TEST_PROCESSES:-2}" --dist=loadgroup "$@"
