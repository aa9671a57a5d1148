"""Addresses for working with many entries: views, columns, bulk, board, deadlines."""

from django.urls import path

from problems.views import board, bulk, deadlines, saved, teams

urlpatterns = [
    path("views/", saved.view_list, name="view_list"),
    path("views/new/", saved.view_new, name="view_new"),
    path("views/<int:pk>/", saved.view_edit, name="view_edit"),
    path("views/<int:pk>/delete/", saved.view_delete, name="view_delete"),
    path("columns/", saved.columns, name="columns"),
    path("bulk/", bulk.prepare, name="bulk"),
    path("bulk/<int:pk>/", bulk.run, name="bulk_run"),
    path("bulk/<int:pk>/progress/", bulk.progress, name="bulk_progress"),
    path("board/", board.board, name="board"),
    path("<int:pk>/moves/", board.moves, name="moves"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("teams/", teams.team_list, name="team_list"),
]
