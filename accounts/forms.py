"""Forms of signing in, passwords, accounts and posts."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from accounts import perms
from accounts.enums import SCOPE_OF_ROLE, RoleChoice
from accounts.models import Post, User
from alliances.models import Department, HelpTeam, Region
from chains.models import Chain, Committee
from core.actor import SYSTEM
from core.clock import today
from core.widgets import DateInput, SearchSelect
from enterprises.models import Enterprise

username_validator = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,59}$", _("账号为 3 至 60 位小写字母、数字、点、横线或下划线。")
)


class SignInForm(AuthenticationForm):
    """Name and password. The sentence never says which of the two was wrong."""

    error_messages = {
        "invalid_login": _("账号或密码不正确，或者账号已停用。密码区分大小写。"),
        "inactive": _("账号或密码不正确，或者账号已停用。密码区分大小写。"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("账号")
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].label = _("密码")
        self.fields["password"].widget.attrs["maxlength"] = 200
        # The field's own `max_length` is only an attribute here: Django adds no validator for it.
        self.fields["username"].validators.append(MaxLengthValidator(150))
        self.fields["password"].validators.append(MaxLengthValidator(200))


class OwnPasswordForm(PasswordChangeForm):
    """The own password: the old one, and twice a new one that differs from it."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": _("原密码不正确。"),
        "password_mismatch": _("两次输入的新密码不一致。"),
        "unchanged": _("新密码不能与原密码相同。"),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = {"old_password": _("原密码"), "new_password1": _("新密码"), "new_password2": _("再输入一次新密码")}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs["maxlength"] = 200
        self.fields["new_password1"].help_text = _("至少 10 位，不能全是数字，不能与账号或姓名相近，不能是常见密码。")
        self.fields["new_password2"].help_text = ""

    def clean_new_password1(self):
        password = self.cleaned_data["new_password1"]
        if self.user.check_password(password):
            raise forms.ValidationError(self.error_messages["unchanged"], code="unchanged")
        return password


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "phone", "email"]
        labels = {"email": _("电子邮箱")}

    field_order = ["username", "name", "phone", "email"]


class NewUserForm(UserForm):
    username = forms.CharField(
        label=_("账号"),
        min_length=3,
        max_length=60,
        validators=[username_validator],
        help_text=_("登录用的名字，建立后不能更改，例如 zhang.wei。每人一个账号，不得共用。"),
    )

    def clean_username(self):
        username = self.cleaned_data["username"]
        if User.objects.filter(username=username).exists():
            raise forms.ValidationError(_("该账号已经存在。"))
        return username


class UserFilterForm(forms.Form):
    q = forms.CharField(label=_("姓名或账号"), required=False, max_length=60)
    role = forms.ChoiceField(label=_("角色"), required=False, choices=[("", _("全部角色")), *RoleChoice.choices])
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部状态")), ("active", _("启用")), ("disabled", _("停用"))]
    )


class PostForm(forms.Form):
    """A role and the scope it is held in. Only the field that the role asks for is used; the others stay empty."""

    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择角色")), *RoleChoice.choices])
    region = forms.ModelChoiceField(
        label=_("区域"),
        queryset=Region.objects.none(),
        required=False,
        widget=SearchSelect,
        help_text=_("组织部工作人员和领导必填。"),
    )
    chain = forms.ModelChoiceField(
        label=_("产业链"),
        queryset=Chain.objects.none(),
        required=False,
        widget=SearchSelect,
        help_text=_("只有链长可以再限定到一条产业链。"),
    )
    committee = forms.ModelChoiceField(
        label=_("产业链党委"),
        queryset=Committee.objects.none(),
        required=False,
        widget=SearchSelect,
        help_text=_("产业链党委书记必填。"),
    )
    team = forms.ModelChoiceField(
        label=_("帮办团"),
        queryset=HelpTeam.objects.none(),
        required=False,
        widget=SearchSelect,
        help_text=_("帮办团成员必填。"),
    )
    department = forms.ModelChoiceField(
        label=_("责任单位"),
        queryset=Department.objects.none(),
        required=False,
        widget=SearchSelect,
        help_text=_("责任单位承办人必填。"),
    )
    enterprise = forms.ModelChoiceField(
        label=_("企业"),
        queryset=Enterprise.objects.none(),
        required=False,
        widget=SearchSelect,
        help_text=_("企业党组织书记必填。"),
    )
    title = forms.CharField(label=_("职务"), max_length=80, required=False)
    started_on = forms.DateField(label=_("任职日期"), widget=DateInput(counted=False), initial=today)

    SCOPES = ("region", "chain", "committee", "team", "department", "enterprise")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The administrator gives posts anywhere but sees no ledger: the names of the units are all that is read here.
        standing = {"dissolved_on": None}
        querysets = {
            "region": Region.objects.visible_to(SYSTEM).filter(is_active=True),
            "chain": Chain.objects.visible_to(SYSTEM).filter(**standing),
            "committee": Committee.objects.visible_to(SYSTEM).filter(**standing),
            "team": HelpTeam.objects.visible_to(SYSTEM).filter(**standing),
            "department": Department.objects.visible_to(SYSTEM).filter(is_active=True),
            "enterprise": Enterprise.objects.visible_to(SYSTEM).current(),
        }
        for name, queryset in querysets.items():
            self.fields[name].queryset = queryset
            self.fields[name].empty_label = "—"

    def clean(self):
        data = super().clean()
        role = data.get("role")
        needed = SCOPE_OF_ROLE.get(role)
        if not role:
            return data
        if needed and not data.get(needed) and needed not in self.errors:
            self.add_error(needed, _("此角色必须填写这一项。"))
        for name in self.SCOPES:
            allowed = name == needed or (name == "chain" and role == "leader")
            if data.get(name) and not allowed:
                self.add_error(name, _("此角色不填写这一项，请清空。"))
        return data


class PostEndForm(forms.Form):
    ended_on = forms.DateField(label=_("离任日期"), widget=DateInput(counted=False), initial=today)


class DeputyForm(forms.Form):
    """Who stands in for a post, from when to when (代理)."""

    user = forms.ModelChoiceField(
        label=_("代理人"),
        queryset=User.objects.none(),
        widget=SearchSelect,
        help_text=_("代理期间具有该岗位的全部权限。"),
    )
    started_on = forms.DateField(label=_("开始日期"), widget=DateInput(counted=False), initial=today)
    until = forms.DateField(
        label=_("截止日期"), widget=DateInput(counted=False), help_text=_("含当日，到期自动结束，最长半年。")
    )
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("例如：外出培训、病假、借调。"))

    def __init__(self, *args, post, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = stand_ins(post, actor)
        self.fields["user"].label_from_instance = _named_with_unit
        self.fields["user"].empty_label = "—"

    def clean(self):
        data = super().clean()
        for name in ("started_on", "until"):
            if data.get(name) and not 2000 <= data[name].year <= 2100:
                self.add_error(name, _("请核对年份。"))
        return data


def stand_ins(post, actor):
    """Who may be chosen as a deputy: people of the same side, for an officer those of the own region; the same unit's
    first."""
    same_side = [role for role in RoleChoice.values if perms.side_of(role) == perms.side_of(post.role)]
    posts = Post.objects.kept_by(actor).in_force(today()).filter(role__in=same_side)
    unit = {name: getattr(post, f"{name}_id") for name in ("committee", "team", "department", "enterprise")}
    of_unit = Q(pk__in=[])
    for name, value in unit.items():
        of_unit |= Q(**{f"posts__{name}": value}) if value else Q(pk__in=[])
    people = User.objects.filter(is_active=True, pk__in=posts.values("user_id")).exclude(
        pk__in=[post.user_id, actor.user_id or 0]
    )
    colleagues = User.objects.filter(of_unit).values("pk")
    return people.annotate(of_unit=Q(pk__in=colleagues)).order_by("-of_unit", "name").prefetch_related(
        Prefetch("posts", Post.objects.in_force(today()).select_related(*PostForm.SCOPES), to_attr="current_posts")
    )  # fmt: skip


def _named_with_unit(user) -> str:
    places = dict.fromkeys(str(post.place) for post in user.current_posts if post.place)
    return __("%(name)s（%(places)s）") % {"name": user.name, "places": "、".join(places)} if places else user.name


class ArrangeFilterForm(forms.Form):
    q = forms.CharField(
        label=_("姓名或单位"), required=False, max_length=60, widget=forms.TextInput({"placeholder": _("姓名或单位")})
    )


class HandoverForm(forms.Form):
    """Who takes over what: one for all, or row by row. `holdings` are those that can be moved."""

    KEEP = "keep"

    everything = forms.ChoiceField(label=_("全部交给"), required=False)
    reason = forms.CharField(label=_("交接原因"), max_length=200, help_text=_("例如：岗位调整、借调、退休。"))

    def __init__(self, data=None, *, holdings, people, **kwargs):
        super().__init__(data, **kwargs)
        self.rows = []
        named = [(str(user.pk), user.name) for user in people]
        self.fields["everything"].choices = [("", _("逐项选择")), *named]
        each = [("", _("随上面的选择")), *named, (self.KEEP, _("暂不交接"))]
        for one in holdings:
            name = f"to_{one.key.replace(':', '_')}"
            widget = forms.Select({"class": "form-select w-auto"})
            self.fields[name] = forms.ChoiceField(label=one.title, required=False, choices=each, widget=widget)
            self.fields[f"v_{name}"] = forms.IntegerField(
                required=False, min_value=1, max_value=2**31 - 1, initial=one.version, widget=forms.HiddenInput
            )
            self.rows.append((one, name))

    def clean(self):
        data = super().clean()
        data["choices"], data["versions"] = {}, {}
        for one, name in self.rows:
            chosen = data.get(name) or data.get("everything") or ""
            if chosen and chosen != self.KEEP:
                data["choices"][one.key] = int(chosen)
                if data.get(f"v_{name}") is not None:
                    data["versions"][one.key] = data[f"v_{name}"]
        if not self.errors and not data["choices"]:
            self.add_error("everything", _("请选择接手人，或至少为一项选择。"))
        return data

    def row_fields(self):
        """(holding, its choice, its version) for the table of the page."""
        return [(one, self[name], self[f"v_{name}"]) for one, name in self.rows]
