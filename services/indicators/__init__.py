from services.indicators import lists, projects

__all__ = ["lists", "projects"]
