from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ..models import User
from ..roles import everyone

UNPROCESSABLE = 422
GONE = 410


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@everyone
def invitation(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Set the first password. The token is used up by doing so, because it depends on the password."""
    user = _invited(key)
    if user is None or not default_token_generator.check_token(user, token):
        return render(request, "account/invitation_gone.html", status=GONE)
    form = SetPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Ihr Passwort ist gespeichert. Bitte melden Sie sich an.")
        return redirect("account_login")
    status = UNPROCESSABLE if request.method == "POST" else 200
    return render(request, "account/invitation.html", {"form": form, "invited": user}, status=status)


def _invited(key: str) -> User | None:
    try:
        number = force_str(urlsafe_base64_decode(key))
        # Other digits than ours are numbers to Python, too; two keys must not lead to one person.
        if not (number.isascii() and number.isdecimal()):
            return None
        return User.objects.filter(pk=number, is_active=True).first()
    except (ValueError, OverflowError):
        return None
