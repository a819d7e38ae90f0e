"""Where each page of the console lies."""

from django.urls import path

from dashboard.views import find, job, jobs, overview, rulebook

app_name = "dashboard"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<int:pk>/", job.job, name="job"),
    path("jobs/<int:pk>/live/", job.live, name="live"),
    path("jobs/<int:pk>/retry/", job.try_again, name="retry"),
    path("rulebook/", rulebook.rulebook, name="rulebook"),
    path("r/<str:key>/", find.find, name="find"),
]
