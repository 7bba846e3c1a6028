from django.urls import path

from .views import account, approvals, invitation, media, overview, plan, plan_exports, posts, public, steps, texts

app_name = "editorial"

urlpatterns = [
    path("beitraege/", public.mirror, name="mirror"),
    path("beitraege/feed.atom", public.feed, name="feed"),
    path("beitraege/<slug:public_id>/", public.mirror_item, name="mirror_item"),
    path("beitraege/<slug:public_id>/bild-<int:number>/", public.mirror_picture, name="mirror_picture"),
    path("nutzungskonzept/", public.concept, name="concept"),
    path("nutzungskonzept/<slug:stand>/", public.concept, name="concept_version"),
    path("kanaele/", public.text, {"slug": "kanaele"}, name="channels"),
    path("impressum/", public.text, {"slug": "impressum"}, name="impressum"),
    path("datenschutz/", public.text, {"slug": "datenschutz"}, name="datenschutz"),
    path("netiquette/", public.text, {"slug": "netiquette"}, name="netiquette"),
    path("barrierefreiheit/", public.text, {"slug": "barrierefreiheit"}, name="barrierefreiheit"),
    path("kontakt/", public.text, {"slug": "kontakt"}, name="kontakt"),
    path("konto/", account.account, name="account"),
    path("konto/passwort/", account.password, name="password"),
    path("konto/einladung/<str:key>/<str:token>/", invitation.invitation, name="invitation"),
    path("redaktion/", overview.overview, name="overview"),
    path("redaktion/kanal/<slug:slug>/wieder-senden/", overview.channel_unlock, name="channel_unlock"),
    path("redaktion/plan/", plan.plan_page, name="plan"),
    path("redaktion/plan.ics", plan_exports.plan_ics, name="plan_ics"),
    path("redaktion/plan.csv", plan_exports.plan_csv, name="plan_csv"),
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
    path("redaktion/einstellungen/", texts.settings, name="settings"),
    path("redaktion/einstellungen/texte/<slug:slug>/", texts.text_edit, name="text_edit"),
    path("redaktion/einstellungen/texte/<slug:slug>/vorschau/", texts.text_preview, name="text_preview"),
    path("redaktion/einstellungen/texte/<slug:slug>/<int:number>/", texts.text_version, name="text_version"),
    path("redaktion/einstellungen/kanaele/<slug:slug>/", texts.channel_edit, name="channel_edit"),
]
