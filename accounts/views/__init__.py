from accounts.views.drafts import draft
from accounts.views.expired import csrf_failure, resume
from accounts.views.sign_in import locked_out, password_change, sign_in, sign_in_page, sign_out
from accounts.views.users import (
    post_end,
    post_give,
    user_create,
    user_detail,
    user_disable,
    user_edit,
    user_enable,
    user_export,
    user_list,
    user_reset_password,
)

__all__ = [
    "csrf_failure",
    "draft",
    "locked_out",
    "password_change",
    "post_end",
    "post_give",
    "resume",
    "sign_in",
    "sign_in_page",
    "sign_out",
    "user_create",
    "user_detail",
    "user_disable",
    "user_edit",
    "user_enable",
    "user_export",
    "user_list",
    "user_reset_password",
]
