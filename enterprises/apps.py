from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "enterprises"

    def ready(self):
        from alliances import lifecycle as regions
        from chains import lifecycle as chains
        from core import panels
        from enterprises import figure_scopes, lifecycle
        from enterprises import panels as filling
        from enterprises.lifecycle import placing

        figure_scopes.register()
        regions.followers.append(lifecycle.follow_region)
        lifecycle.followers.append(lifecycle.follow_enterprise)
        chains.committee_followers += [lifecycle.follow_committees, placing.follow_committees]
        panels.register("committee", 10, filling.committee)
        panels.register("committee", 12, filling.committee_figures)
        panels.register("region", 10, filling.region_figures)
        panels.register("enterprise", 30, filling.enterprise_records)
        panels.register("organisation", 10, filling.organisation_records)
