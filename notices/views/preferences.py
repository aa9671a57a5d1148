"""What a person wants to be told."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.answers import answer_status
from core.held import held_data
from notices import digests
from notices import preferences as chosen
from notices.forms import PreferencesForm
from notices.models import Digest


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request):
    """The form, and what became of the latest mails."""
    initial = PreferencesForm.values_of(chosen.of(request.user), request.user)
    form = PreferencesForm(request.POST or held_data(request) or None, initial=initial)
    if request.method == "POST" and not form.is_bound:
        form = PreferencesForm({}, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen.save(form.cleaned_data, by=request.actor)
        messages.success(request, _("消息偏好已保存。"))
        return redirect("notices:preferences")
    context = {
        "form": form,
        "mail_is_on": digests.is_on(),
        "digests": Digest.objects.visible_to(request.actor)[:10],
        "inbox_url": reverse("notices:inbox"),
    }
    return render(request, "notices/preferences.html", context, status=answer_status(request, form))
