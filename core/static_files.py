"""Static files: stored under names that change with their content, and collected only when they have changed."""

import hashlib
from collections.abc import Callable

import brotli
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class QuickCompressor(Compressor):
    """Brotli at a middle level: the highest one takes a minute for the charts' library and saves 8 % more."""

    @staticmethod
    def compress_brotli(data):
        return brotli.compress(data, quality=6)


class StaticStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage that compresses what browsers ask for: the hashed names, and no source maps."""

    def create_compressor(self, **kwargs):
        skipped = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
        return QuickCompressor(**(kwargs | {"extensions": skipped}))

    def compress_files(self, paths):
        return super().compress_files(set(paths) & set(self.hashed_files.values()))


def collect_if_changed(say: Callable[[str], None]) -> bool:
    """Run `collectstatic` unless the same files have been collected by the same settings; answers whether it ran."""
    stamp = settings.STATIC_ROOT / ".collected"
    mark = fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == mark:
        return False
    say("Collecting static files ...")
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(mark, encoding="ascii")
    return True


def fingerprint() -> str:
    """Names, sizes and times of all static files, and what stores them."""
    total = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            modified = storage.get_modified_time(path).timestamp()
            total.update(f"{storage.location}/{path}:{storage.size(path)}:{modified}".encode())
    return total.hexdigest()
