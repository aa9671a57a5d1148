from django.apps import AppConfig


class AlliancesConfig(AppConfig):
    name = "alliances"

    def ready(self):
        from alliances import figure_scopes

        figure_scopes.register()
