"""Wakes the worker after each request that may have changed something."""

from indicators import wake

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class WakeMiddleware:
    """After a successful unsafe request, when its transaction is over, ask for a roll-up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method not in SAFE and response.status_code < 400:
            wake.wake()
        return response
