from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "enterprises"

    def ready(self):
        from alliances import lifecycle as regions
        from chains import lifecycle as chains
        from core import panels
        from enterprises import figure_scopes, lifecycle
        from enterprises.lifecycle import placing
        from enterprises.panels import committee

        figure_scopes.register()
        regions.followers.append(lifecycle.follow_region)
        lifecycle.followers.append(lifecycle.follow_enterprise)
        chains.committee_followers += [lifecycle.follow_committees, placing.follow_committees]
        panels.register("committee", 10, committee)
