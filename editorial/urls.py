from django.urls import path

from .views import approvals, invitation, media, posts, steps

app_name = "editorial"

urlpatterns = [
    path("konto/einladung/<str:key>/<str:token>/", invitation.invitation, name="invitation"),
    path("redaktion/beitraege/", posts.post_list, name="posts"),
    path("redaktion/beitraege/neu/", posts.post_new, name="post_new"),
    path("redaktion/beitraege/pruefen/", posts.post_checks, name="post_checks"),
    path("redaktion/beitraege/<int:pk>/", posts.post_page, name="post"),
    path("redaktion/beitraege/<int:pk>/bearbeiten/", posts.post_edit, name="post_edit"),
    path("redaktion/beitraege/<int:pk>/kopieren/", posts.post_copy, name="post_copy"),
    path("redaktion/beitraege/<int:pk>/schritt/<slug:step>/", steps.post_step, name="post_step"),
    path("redaktion/freigaben/", approvals.queue, name="approvals"),
    path("redaktion/medien/", media.media_list, name="media"),
    path("redaktion/medien/<int:pk>/", media.medium_edit, name="medium_edit"),
    path("redaktion/medien/<int:pk>/datei/", media.media_file, name="media_file"),
]
