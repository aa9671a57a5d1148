from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "problems"

    def ready(self):
        """Deadlines follow the calendar and places follow the enterprise: neither app can know this one."""
        from core import panels as places
        from core import workdays
        from enterprises.lifecycle import copies
        from problems import panels, sentences
        from problems.lifecycle import following

        def recalculate(sender, before, after, by, reason, **kwargs):
            following.recalculate(before, after, by=by, reason=reason)

        sentences.register()
        workdays.changed.connect(recalculate, weak=False, dispatch_uid="problems.recalculate")
        workdays.previews.append(following.count_moved)
        copies.followers.append(following.follow_enterprise)
        places.register("chain", 15, panels.of_chain)
        places.register("committee", 15, panels.of_committee)
        places.register("enterprise", 30, panels.of_enterprise)
        places.register("team", 20, panels.of_team)
