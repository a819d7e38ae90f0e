"""Where one signs in and out. django-allauth looks these up by their names, so they have no namespace."""

from allauth.account.views import account_inactive, login, reauthenticate
from allauth.mfa.base.views import authenticate
from allauth.mfa.base.views import reauthenticate as reauthenticate_by_code
from django.contrib.auth.views import LogoutView
from django.urls import path

from dashboard.views import two_step

urlpatterns = [
    path("accounts/login/", login, name="account_login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("accounts/inactive/", account_inactive, name="account_inactive"),
    path("accounts/code/", authenticate, name="mfa_authenticate"),
    path("accounts/again/", reauthenticate, name="account_reauthenticate"),
    path("accounts/again/code/", reauthenticate_by_code, name="mfa_reauthenticate"),
    path("profile/two-step/", two_step.index, name="mfa_index"),
    path("profile/two-step/on/", two_step.turn_on, name="mfa_activate_totp"),
    path("profile/two-step/off/", two_step.turn_off, name="mfa_deactivate_totp"),
    path("profile/two-step/codes/", two_step.codes, name="mfa_view_recovery_codes"),
    path("profile/two-step/codes/new/", two_step.new_codes, name="mfa_generate_recovery_codes"),
]
