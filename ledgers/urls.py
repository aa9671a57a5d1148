from django.urls import path

from core.registers import patterns
from ledgers.registers import LEDGERS
from ledgers.views import entries, imports, ledgers

app_name = "ledgers"
urlpatterns = [
    *patterns(LEDGERS, ""),
    path("<int:pk>/", ledgers.ledger_detail, name="ledger_detail"),
    path("<int:pk>/design/", ledgers.ledger_design, name="ledger_design"),
    path("<int:pk>/retire/", ledgers.ledger_retire, name="ledger_retire"),
    path("<int:pk>/fields/new/", ledgers.field_create, name="field_create"),
    path("fields/<int:pk>/edit/", ledgers.field_edit, name="field_edit"),
    path("fields/<int:pk>/retire/", ledgers.field_retire, name="field_retire"),
    path("<int:pk>/statuses/new/", ledgers.status_create, name="status_create"),
    path("statuses/<int:pk>/edit/", ledgers.status_edit, name="status_edit"),
    path("statuses/<int:pk>/retire/", ledgers.status_retire, name="status_retire"),
    path("<int:pk>/entries/new/", entries.entry_create, name="entry_create"),
    path("<int:pk>/entries/export/", entries.entry_export, name="entry_export"),
    path("<int:pk>/entries/take-out/", entries.entry_take_out, name="entry_take_out"),
    path("<int:pk>/entries/import/", imports.entry_import, name="entry_import"),
    path("<int:pk>/entries/template/", imports.entry_template, name="entry_template"),
    path("entries/<int:pk>/", entries.entry_detail, name="entry_detail"),
    path("entries/<int:pk>/edit/", entries.entry_edit, name="entry_edit"),
    path("entries/<int:pk>/move/", entries.entry_move, name="entry_move"),
    path("entries/<int:pk>/archive/", entries.entry_archive, name="entry_archive"),
]
