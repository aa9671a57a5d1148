from services.indicators import lists

__all__ = ["lists"]
