"""Working days of Vietnam: weekends, public holidays, and the centre's own overrides."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

import holidays
from django.utils import timezone

from registry.cases.models import DayOverride

LAST_MINUTE = time(23, 59, 59)
SATURDAY = 5


@lru_cache(maxsize=16)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("VN", years=year))


def is_working_day(day: date, overrides: dict[date, bool]) -> bool:
    """Return whether the centre works that day; `overrides` maps a day to True (works) or False."""
    if day in overrides:
        return overrides[day]
    return day.weekday() < SATURDAY and day not in _public_holidays(day.year)


def end_of_day(day: date) -> datetime:
    """Return the last second of a day in Vietnam."""
    return timezone.make_aware(datetime.combine(day, LAST_MINUTE))


def deadline_after(start: datetime, days: int, *, working: bool = True) -> datetime:
    """Return 23:59:59 of the n-th working (or calendar) day after `start`, in Vietnam's time."""
    day = timezone.localtime(start).date()
    if not working:
        return end_of_day(day + timedelta(days=days))
    overrides = dict(
        DayOverride.objects.filter(
            day__gt=day, day__lte=day + timedelta(days=days * 3 + 30)
        ).values_list("day", "is_working")
    )
    left = days
    while left > 0:
        day += timedelta(days=1)
        if is_working_day(day, overrides):
            left -= 1
    return end_of_day(day)


def overrides_between(start: date, end: date) -> dict[date, bool]:
    """Return the centre's overrides of those days, for `is_working_day`."""
    return dict(
        DayOverride.objects.filter(day__gte=start, day__lte=end).values_list("day", "is_working")
    )


def working_days_until(due: datetime, now: datetime, overrides: dict[date, bool]) -> int:
    """Return how many working days are left after today until `due`: 0 on the last day."""
    day, last = timezone.localtime(now).date(), timezone.localtime(due).date()
    left = 0
    while day < last:
        day += timedelta(days=1)
        left += is_working_day(day, overrides)
    return left
