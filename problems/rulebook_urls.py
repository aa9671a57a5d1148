"""Addresses of the rules of handling and of the categories, part of `problems`."""

from django.urls import path

from problems.views import categories, rulebooks

urlpatterns = [
    path("rulebooks/", rulebooks.rulebook_list, name="rulebook_list"),
    path("rulebooks/<int:pk>/", rulebooks.rulebook_detail, name="rulebook_detail"),
    path("rulebooks/<int:pk>/progress/", rulebooks.rulebook_progress, name="rulebook_progress"),
    path("rulebooks/<int:pk>/withdraw/", rulebooks.rulebook_withdraw, name="rulebook_withdraw"),
    path("rulebooks/region/<int:pk>/new/", rulebooks.rulebook_edit, name="rulebook_edit"),
    path("categories/", categories.category_list, name="category_list"),
    path("categories/region/<int:pk>/new/", categories.category_create, name="category_create"),
    path("categories/<int:pk>/edit/", categories.category_edit, name="category_edit"),
    path("categories/<int:pk>/kinds/<int:region>/", categories.category_kinds, name="category_kinds"),
    path("categories/<int:pk>/move/", categories.category_move, name="category_move"),
]
