"""Every address of the product. A new one also goes into the access table (`tests/access/table.py`)."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

urlpatterns = [
    path("", include("core.urls")),
    path("", include("accounts.urls")),
    path("", include("dashboards.urls")),
    path("", include("alliances.urls")),
    path("", include("chains.urls")),
    path("", include("enterprises.urls")),
    path("radar/", include("mechanisms.urls")),
    path("wall/", include("dashboards.wall_urls")),
    path("problems/", include("problems.urls")),
    path("v/", include("problems.voice_urls")),
    path("meetings/", include("meetings.urls")),
    path("services/", include("services.urls")),
    path("ledgers/", include("ledgers.urls")),
    path("calendars/", include("meetings.calendar_urls")),
    path("inbox/", include("notices.urls")),
    path("closing/", include("closing.urls")),
    path("figures/", include("indicators.urls")),
    path("reports/", include("reports.urls")),
    path("imports/", include("exchange.urls")),
    path("exports/", include("exchange.exports.urls")),
    path("audit/", include("audit.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("api/v1/problems/", include("problems.api_urls")),
    path("api/v1/meetings/", include("meetings.api_urls")),
    path("api/v1/figures/", include("indicators.api_urls")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "api/v1/",
        SpectacularSwaggerSplitView.as_view(url_name="api-schema"),
        name="api-docs",
    ),
]

handler400 = "core.views.bad_request"
handler403 = "core.views.permission_denied"
handler404 = "core.views.not_found"
handler500 = "core.views.server_error"
