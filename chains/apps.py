from django.apps import AppConfig


class ChainsConfig(AppConfig):
    name = "chains"

    def ready(self):
        from chains import figure_scopes

        figure_scopes.register()
