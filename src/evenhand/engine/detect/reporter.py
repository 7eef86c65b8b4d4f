"""The detector of reporter history: how often who reports was right before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.engine.detect.meaning import NOTE
from evenhand.engine.detect.registry import Finding
from evenhand.engine.detect.windows import version
from evenhand.engine.model import Event, ReportMade
from evenhand.engine.triage.reliability import PRIOR, PRIOR_WEIGHT, accuracy

REVISION = 1
PREFIX = "reporter:"
"""State under it is the desk's, not the fold's: {"upheld": n, "dismissed": n} of decided cases. Read, never changed."""
_NOTHING = Finding()


class ReporterHistory:
    """Tells a note on each report by somebody with decided reports. Anonymous reporters have no history."""

    name = "reporter"
    version = version(REVISION, PRIOR, PRIOR_WEIGHT)

    def keys(self, event: Event) -> Sequence[str]:
        body = event.body
        if not isinstance(body, ReportMade) or not body.reporter.id:
            return ()
        return [PREFIX + body.reporter.key]

    def detect(self, event: Event, state: Mapping[str, Any]) -> Finding:
        record = next((state[key] for key in self.keys(event) if key in state), None)
        if not record or not record["upheld"] + record["dismissed"]:
            return _NOTHING
        found = accuracy(record["upheld"], record["dismissed"])
        summary = (
            f"The reporter was right in {record['upheld']} of {found.decided} decided reports: "
            f"{found.mean:.0%} (90 % interval {found.low:.0%} to {found.high:.0%})"
        )
        evidence = {"upheld": record["upheld"], "dismissed": record["dismissed"]} | {
            "accuracy": round(found.mean, 4), "low": round(found.low, 4), "high": round(found.high, 4),
        }  # fmt: skip
        return Finding((NOTE.signal(event, self, summary=summary, evidence=evidence),))
