from django.urls import path

from . import figure_views, running_views, views

app_name = "evaluation"

urlpatterns = [
    path("", views.start, name="start"),
    path("evaluation/", views.evaluations, name="evaluations"),
    path("evaluation/<slug:slug>/", views.evaluation, name="evaluation"),
    path("evaluation/<slug:slug>/evaluation.pdf", views.evaluation_pdf, name="evaluation_pdf"),
    path("evaluation/<slug:slug>/daten.csv", views.evaluation_csv, name="evaluation_csv"),
    path("evaluation/<slug:slug>/daten.json", views.evaluation_json, name="evaluation_json"),
    path("redaktion/auswertung/", views.reviews, name="reviews"),
    path("redaktion/auswertung/erstellen/", views.review_build, name="review_build"),
    path("redaktion/auswertung/zahlen/", figure_views.figures, name="figures"),
    path("redaktion/auswertung/zahlen/kanal/", figure_views.followers, name="followers"),
    path("redaktion/auswertung/zahlen/datei/", figure_views.figures_file, name="figures_file"),
    path("redaktion/auswertung/zahlen/<int:pk>/", figure_views.post_figures, name="post_figures"),
    path("redaktion/auswertung/laufend/", running_views.half_year, name="running"),
    path("redaktion/auswertung/laufend/daten.csv", running_views.half_year_csv, name="running_csv"),
    path("redaktion/auswertung/<slug:slug>/", views.review, name="review"),
    path("redaktion/auswertung/<slug:slug>/daten.csv", views.review_csv, name="review_csv"),
    path("redaktion/auswertung/<slug:slug>/kommentar/", views.review_comment, name="review_comment"),
    path("redaktion/auswertung/<slug:slug>/veroeffentlichen/", views.review_publish, name="review_publish"),
    path("redaktion/auswertung/<slug:slug>/berichtigen/", views.review_correct, name="review_correct"),
]
