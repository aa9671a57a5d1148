"""The project. The Celery application is loaded with it, so that `shared_task`s publish to our broker from every
process, the web server and commands included."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
