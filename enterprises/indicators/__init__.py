"""What the app counts: enterprises and their organisations, and the registers that refer to them."""

from enterprises.indicators import firms, registers
from enterprises.indicators.firms import ENTERPRISES, ORGANISATIONS

__all__ = ["ENTERPRISES", "ORGANISATIONS", "firms", "registers"]
