"""Files of an entry: adding one, fetching one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import files
from core.transitions import Refused
from exchange.responses import file_response
from problems import lifecycle
from problems.forms import AttachForm
from problems.models import Attachment
from problems.views.entry import seen


@require_http_methods(["GET", "POST"])
def attach(request, pk: int):
    """Add a file to an entry."""
    problem = seen(request, pk)
    form = AttachForm(request.POST or None, request.FILES or None)
    refusal = lifecycle.refusal_for("attach", problem, request.actor)
    if request.method == "POST" and not refusal and form.is_valid():
        try:
            lifecycle.attach(problem, form.cleaned_data["file"], by=request.actor)
        except Refused as refused:
            refusal = refused.refusal
        except ValidationError as error:
            form.add_error("file", getattr(error, "error_dict", {}).get("file") or error.messages)
        else:
            messages.success(request, _("附件已上传。"))
            return redirect(problem)
    context = {"problem": problem, "form": form, "refusal": refusal}
    return render(request, "problems/attach.html", context, status=403 if refusal else 200)


@require_GET
def download(request, pk: int, file_id: int):
    """A file of an entry in the actor's scope, as a download under its own name."""
    problem = seen(request, pk)
    row = get_object_or_404(Attachment.objects.in_view(), pk=file_id, problem=problem)
    try:
        return file_response(files.open_stored(row.storage_name), row.name)
    except FileNotFoundError as missing:
        raise Http404(_("文件已不在存储中。")) from missing
