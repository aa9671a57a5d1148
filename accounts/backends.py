from django.conf import settings
from django.contrib.auth.backends import ModelBackend


class AccountBackend(ModelBackend):
    """Accounts by name and password. Disabled accounts do not sign in, nor demonstration accounts where DEMO is off;
    a session that is already open ends with its next request."""

    def user_can_authenticate(self, user) -> bool:
        return super().user_can_authenticate(user) and (settings.DEMO or not user.is_demo)
