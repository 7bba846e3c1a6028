from django.urls import include, path

from . import bare

urlpatterns = [
    path("bare/month/", bare.month),
    path("bare/list/", bare.rows),
    path("", include("jobcenter_social.urls")),
]
