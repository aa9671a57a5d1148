from django.apps import AppConfig


class AlliancesConfig(AppConfig):
    name = "alliances"

    def ready(self):
        from alliances import calendar_places, figure_scopes

        figure_scopes.register()
        calendar_places.register()
