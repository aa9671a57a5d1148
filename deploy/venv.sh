#!/usr/bin/env bash
# Make the virtual environment: venv.sh PYTHON FOLDER
set -euo pipefail
python="${1:-}" folder="$2"

if [[ -z "$python" ]]; then
    echo "Python 3.11 or newer is needed; install it, or name it: make run PYTHON=/path/to/python3" >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$("$python" --version) is too old: Python 3.11 or newer is needed (make run PYTHON=/path/to/python3)." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "This Python cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv" >&2
    exit 1
fi
"$python" -m venv "$folder"
