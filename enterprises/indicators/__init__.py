"""What the app counts: enterprises and their organisations, and the registers that refer to them."""

from enterprises.indicators import firms, registers

__all__ = ["firms", "registers"]
