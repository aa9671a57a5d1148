"""The product's own settings, on the tests' servers, with a quick password hasher."""

import os

from tests import services

services.begin()

from config.settings import *  # noqa: E402, F403

SECRET_KEY = "for tests only, fifty characters of nothing worth hiding"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Where a test counts in plain Python beside the database, an open transaction may wait longer than a page ever would.
DATABASES["default"]["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=600000"  # noqa: F405
# Static files straight from their folders: the manifest is tested where `collectstatic` runs, in tests/runtime.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# The browser driver keeps an event loop in the main thread; the tests use the database there on purpose.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
