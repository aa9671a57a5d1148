#!/usr/bin/env bash
# Install one requirements file with its hashes, only when something has changed: install.sh FILE
# Only wheels are taken: nothing is compiled, so no compiler is needed and no package's build code runs.
set -euo pipefail
file="$1"
python=.venv/bin/python
stamp=.venv/.installed
state="$(cat requirements.txt requirements-dev.txt | sha256sum | cut -d' ' -f1) $("$python" --version)"

# The development set contains the product's set, so it serves both.
if [[ -f "$stamp" ]] && { [[ "$(< "$stamp")" == "$state $file" ]] || [[ "$(< "$stamp")" == "$state requirements-dev.txt" ]]; }; then
    exit 0
fi
echo "Installing $file ..."
rm -f "$stamp"
"$python" -m pip install -qq --disable-pip-version-check --require-hashes --only-binary :all: -r "$file"
echo "$state $file" > "$stamp"
