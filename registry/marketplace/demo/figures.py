"""Numbers as Vietnamese readers write them, and comparisons whose arithmetic holds."""

from __future__ import annotations

from random import Random

from registry.marketplace.demo.texts import Indicator

NBSP = "\u00a0"
MINUS = "\u2212"
#: Units whose difference reads as an amount: a share of a temperature means nothing.
BY_AMOUNT = {"°C", "mm"}


def number(value: float) -> str:
    """Return a number with `.` between thousands and a decimal comma: `1.250`, `12,5`."""
    rounded = round(value, 1)
    whole = int(rounded)
    text = f"{whole:,}".replace(",", ".")
    tenth = round(abs(rounded - whole) * 10)
    return f"{text},{tenth}" if tenth else text


def amount(value: float, unit: str) -> str:
    """Return a number with its unit: `310.000 ₫/tấn`, `12,5%`, `42 kWh`."""
    if not unit:
        return number(value)
    return f"{number(value)}%" if unit == "%" else f"{number(value)}{NBSP}{unit}"


def _shaken(value: float, random: Random) -> float:
    """Return the value a few percent up or down, rounded as people round what they measure."""
    shaken = value * random.uniform(0.94, 1.06)
    if value >= 1000:
        step = 10 ** (len(str(int(value))) - 2)
        return float(round(shaken / step) * step)
    if value >= 20:
        return float(round(shaken))
    return value if value == int(value) and value < 5 else round(shaken, 1)


def comparison(item: Indicator, random: Random) -> dict[str, str]:
    """Return one row of the economics table; the difference follows from the rounded figures."""
    percent = item.unit == "%"
    ours = item.ours if percent else _shaken(item.ours, random)
    row = {"indicator_vi": item.name, "ours": amount(ours, item.unit)}
    if item.theirs is None:
        return {**row, "theirs": "–", "difference": "–"}
    theirs = item.theirs if percent else _shaken(item.theirs, random)
    row["theirs"] = amount(theirs, item.unit)
    if theirs == 0 or item.unit in BY_AMOUNT:
        change = round(ours - theirs, 1)
        return {**row, "difference": f"{_signed(change)}{NBSP}{item.unit}"}
    if percent:
        change = round(ours - theirs, 1)
        return {**row, "difference": f"{_signed(change)} điểm"}
    return {**row, "difference": f"{_signed(round(100 * (ours - theirs) / theirs))}%"}


def _signed(value: float) -> str:
    if value == 0:
        return "0"
    return f"{'+' if value > 0 else MINUS}{number(abs(value))}"
