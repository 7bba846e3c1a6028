"""What a person was told, newest first; opened, read, and how the mails of it come."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from ..actions import notices
from ..enums import MailWay
from ..forms.notices import MailForm
from ..models import Notice
from ..navigation import house
from ..roles import StaffRequest, signed_in

PER_PAGE = 20


@require_GET
@signed_in
def notice_list(request: StaffRequest) -> HttpResponse:
    """What is new stands on top."""
    mine = Notice.objects.filter(person=request.user).order_by("-made_at", "-pk")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("seite"))
    return render(request, "editorial/notices/list.html", {"page": page, "new": house(request).unread})


@require_POST
@signed_in
def notice_open(request: StaffRequest, pk: int) -> HttpResponse:
    """Read it and go where it leads."""
    notice = Notice.objects.filter(person=request.user, pk=pk).first()
    if notice is None:
        raise Http404
    notices.mark_read(request.user, pk)
    is_ours = url_has_allowed_host_and_scheme(notice.path, allowed_hosts=None)
    return redirect(notice.path if is_ours else "editorial:notices")


@require_POST
@signed_in
def notices_read(request: StaffRequest) -> HttpResponse:
    notices.mark_read(request.user)
    messages.success(request, "Alle Mitteilungen sind als gelesen vermerkt.")
    return redirect("editorial:notices")


@require_POST
@signed_in
def mail_choice(request: StaffRequest) -> HttpResponse:
    form = MailForm(request.POST, person=request.user)
    if form.is_valid():
        notices.choose_mails(request.user, MailWay(form.cleaned_data["mail_way"]))
        messages.success(request, "Gespeichert. So kommen Ihre Mails ab jetzt.")
    else:
        messages.error(request, "Bitte wählen Sie eine der Möglichkeiten. Es hat sich nichts geändert.")
    return redirect("/konto/#mails")
