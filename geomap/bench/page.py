"""How soon a change of the demand shows its result in a real browser."""

from __future__ import annotations

from typing import Any

from geomap.bench.measure import Result

ASKED_MS = 300
PAUSE_MS = 1_000
"""Between two changes: the map's own drawing of the last one shall not count."""
CHANGES = (
    "unit_kinds-office",
    "unit_kinds-lab",
    "unit_kinds-office",
    "counties-330302",
    "counties-330303",
    "unit_kinds-lab",
    "counties-330302",
    "counties-330303",
)
"""Filters that are clicked one after the other, on and off again."""
_OPEN = "() => document.querySelector('[data-testid=counties-toggle]').click()"
_CHANGE = """
(testid) => new Promise((resolve) => {
  const results = document.querySelector('.results');
  const start = performance.now();
  let asked = false;
  const watch = new MutationObserver(() => {
    if (results.getAttribute('aria-busy') === 'true') asked = true;
    else if (asked) {
      watch.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - start));
    }
  });
  watch.observe(results, { attributes: true, attributeFilter: ['aria-busy'] });
  document.querySelector(`[data-testid="${testid}"]`).click();
})
"""


def changes_of(page: Any, *, rounds: int = 3) -> Result:
    """Return milliseconds from a click on a filter to the frame that shows its result.

    Parameters
    ----------
    page
        A page of playwright that shows 找空间 with its first result.
    rounds
        How often the filters are gone through; the first round is not counted.
    """
    page.evaluate(_OPEN)
    times: list[float] = []
    for number in range(rounds + 1):
        for testid in CHANGES:
            # A person looks at one result before asking for the next.
            page.wait_for_timeout(PAUSE_MS)
            spent = float(page.evaluate(_CHANGE, testid))
            if number:
                times.append(spent)
    times.sort()
    return {
        "changes": len(times),
        "median_ms": round(times[len(times) // 2], 1),
        "most_ms": round(times[-1], 1),
        "asked_ms": ASKED_MS,
        "reached": times[-1] <= ASKED_MS,
    }
