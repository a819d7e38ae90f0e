"""Profile: one's own name, e-mail and password, how the console looks, and what one's roles allow."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from connector.engine import audit, roles
from connector.models import Preferences
from connector.models.audit import Verb
from dashboard.access import staff_page
from dashboard.profile import PreferencesForm, ProfileForm


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The page `/profile/`; a POST keeps name and e-mail, and nothing else of what an admin may change."""
    me = _me(request)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=me, label_suffix="")
    before = audit.values_of(me)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save(commit=False).save(update_fields=ProfileForm.Meta.fields)
            old, new = audit.changes(before, audit.values_of(me))
            if new:
                audit.record(
                    me.get_username(), Verb.CHANGE_PERSON, subject=me.get_username(), before=old, after=new
                )
        messages.success(request, "Your profile is saved.")
        return redirect("dashboard:profile")
    return render(request, "dashboard/profile.html", _page(me, form, _look(me)))


@staff_page
@require_http_methods(["POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """The button that keeps how the console is to look. Nobody else is touched by it, so no audit has it."""
    me = _me(request)
    form = _look(me, request.POST)
    if not form.is_valid():
        about = ProfileForm(None, instance=me, label_suffix="")
        return render(request, "dashboard/profile.html", _page(me, about, form))
    Preferences.objects.update_or_create(user=me, defaults=form.cleaned_data)
    messages.success(request, "Saved. The console looks so for you from now on.")
    return redirect("dashboard:profile")


@sensitive_post_parameters()
@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """The page `/profile/password/`. Other browsers in which one is signed in are signed out by it."""
    me = _me(request)
    form = PasswordChangeForm(me, request.POST if request.method == "POST" else None)
    form.label_suffix = ""
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save(commit=False).save(update_fields=["password"])
            name = me.get_username()
            audit.record(name, Verb.CHANGE_PERSON, subject=name, after={"password": "replaced"})
        update_session_auth_hash(request, me)
        messages.success(request, "Your password is changed. Other browsers are signed out.")
        return redirect("dashboard:profile")
    return render(request, "dashboard/password.html", {"here": "profile", "form": form})


def _me(request: HttpRequest) -> User:
    return User.objects.get(username=request.user.get_username())


def _look(me: User, typed: QueryDict | None = None) -> PreferencesForm:
    wanted = Preferences.objects.filter(user=me).first() or Preferences(user=me)
    return PreferencesForm(typed, instance=wanted, label_suffix="")


def _page(me: User, form: ProfileForm, look: PreferencesForm) -> dict[str, object]:
    mine = set(me.groups.values_list("name", flat=True))
    return {
        "here": "profile",
        "form": form,
        "look": look,
        "me": me,
        "roles": [role for role in roles.ROLES if role.name in mine],
        "others": sorted(mine - {role.name for role in roles.ROLES}),
    }
