from django.apps import AppConfig


class ChainsConfig(AppConfig):
    name = "chains"

    def ready(self):
        from alliances import lifecycle as regions
        from chains import figure_scopes, lifecycle

        figure_scopes.register()
        regions.followers.append(lifecycle.follow_region)
