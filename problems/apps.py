from django.apps import AppConfig
from django.db import transaction


class ProblemsConfig(AppConfig):
    name = "problems"

    def ready(self):
        """Deadlines follow the calendar and places follow the enterprise: neither app can know this one."""
        from core import editions
        from core import panels as places
        from enterprises.lifecycle import copies
        from problems import acts, bulk, holdings, panels, saved_views, sentences, tasks
        from problems.lifecycle import following, recalculation

        def recalculate(sender, edition, before, after, **kwargs):
            if recalculation.begin(edition, before, after):
                transaction.on_commit(tasks.wake_recalculation)

        sentences.register()
        holdings.register()
        acts.register()
        saved_views.register()
        bulk.register()
        editions.changed.connect(recalculate, weak=False, dispatch_uid="problems.recalculate")
        editions.previews.append(recalculation.preview)
        copies.followers.append(following.follow_enterprise)
        places.register("chain", 15, panels.of_chain)
        places.register("committee", 15, panels.of_committee)
        places.register("enterprise", 30, panels.of_enterprise)
        places.register("team", 20, panels.of_unit)
        places.register("department", 20, panels.of_unit)
