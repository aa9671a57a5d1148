from notices.views.channels import channel_create, channel_detail, channel_edit, channel_list, channel_test
from notices.views.inbox import bell, inbox, open_notice, read, read_all
from notices.views.preferences import preferences

__all__ = [
    "bell", "channel_create", "channel_detail", "channel_edit", "channel_list", "channel_test", "inbox", "open_notice",
    "preferences", "read", "read_all",
]  # fmt: skip
