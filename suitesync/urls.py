"""Where each address leads."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from connector import health, webhooks

# Nobody signs in there past the second step.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("webhooks/stripe/<str:account>/", webhooks.stripe_webhook, name="stripe-webhook"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="dashboard:password")),
    path("admin/", admin.site.urls),
    path("", include("dashboard.sign_in_urls")),
    path("", include("dashboard.urls")),
]

handler400 = "dashboard.views.errors.bad_request"
handler404 = "dashboard.views.errors.not_found"
handler500 = "dashboard.views.errors.server_error"
