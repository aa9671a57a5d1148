"""A cache that never makes a page fail: with Redis away, everything is a miss."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class PatientRedisCache(RedisCache):
    """Django's Redis cache, where a missing server is a miss instead of a 500."""

    def _quietly(self, method, fallback, /, *args, **kwargs):
        try:
            return method(*args, **kwargs)
        except (RedisError, OSError):
            log.warning("cache unavailable: %s", method.__name__)
            return fallback

    def get(self, key, default=None, version=None):
        return self._quietly(super().get, default, key, default=default, version=version)

    def set(self, key, value, **kwargs):
        return self._quietly(super().set, None, key, value, **kwargs)

    def add(self, key, value, **kwargs):
        return self._quietly(super().add, True, key, value, **kwargs)

    def delete(self, key, version=None):
        return self._quietly(super().delete, False, key, version=version)

    def incr(self, key, delta=1, version=None):
        return self._quietly(super().incr, delta, key, delta=delta, version=version)

    def get_many(self, keys, version=None):
        return self._quietly(super().get_many, {}, keys, version=version)
