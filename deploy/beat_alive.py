"""The container's question whether beat has sent something lately; exit code 1 when not."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from core import health  # noqa: E402

sys.exit(0 if health.examine().get("beat", {}).get("ok") else 1)
