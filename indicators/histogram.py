"""Mean, median and quantiles of whole days, exactly, from {days: number of cases}."""

from decimal import Decimal


class Histogram:
    def __init__(self, counts):
        self.counts = sorted((days, int(number)) for days, number in counts.items() if number)
        self.cases = sum(number for _days, number in self.counts)

    @property
    def mean(self):
        """None without a case."""
        if not self.cases:
            return None
        return Decimal(sum(days * number for days, number in self.counts)) / self.cases

    @property
    def median(self):
        """The middle case, or the mean of the two in the middle."""
        if not self.cases:
            return None
        low, high = self._nth((self.cases + 1) // 2), self._nth(self.cases // 2 + 1)
        return Decimal(low + high) / 2

    def quantile(self, percent):
        """The smallest number of days within which `percent` of the cases ended (nearest rank)."""
        if not self.cases:
            return None
        return self._nth(max(1, -(-self.cases * percent // 100)))

    def _nth(self, position):
        for days, number in self.counts:
            position -= number
            if position <= 0:
                return days
        raise AssertionError("position beyond the last case")
