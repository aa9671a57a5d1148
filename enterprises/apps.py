from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "enterprises"

    def ready(self):
        from enterprises import figure_scopes

        figure_scopes.register()
