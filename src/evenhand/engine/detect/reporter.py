"""The detector of reporter history: how often who reports was right before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.engine.detect.meaning import NOTE
from evenhand.engine.detect.registry import Finding
from evenhand.engine.detect.windows import version
from evenhand.engine.model import Event, ReportMade
from evenhand.engine.triage.facts import ReportFact
from evenhand.engine.triage.reliability import GOOD_ELSEWHERE, PRIOR, PRIOR_WEIGHT, record

REVISION = 2
PREFIX = "reporter:"
"""State under it is the desk's, not the fold's: {policy: [upheld, dismissed]} of decided cases, "" where a report named
none. Read, never changed."""
_NOTHING = Finding()


class ReporterHistory:
    """Tells a note on each report by somebody with decided reports. Anonymous reporters have no history."""

    name = "reporter"
    version = version(REVISION, PRIOR, PRIOR_WEIGHT, GOOD_ELSEWHERE)

    def keys(self, event: Event) -> Sequence[str]:
        body = event.body
        if not isinstance(body, ReportMade) or not body.reporter.id:
            return ()
        return [PREFIX + body.reporter.key]

    def detect(self, event: Event, state: Mapping[str, Any]) -> Finding:
        body = event.body
        known = next((state[key] for key in self.keys(event) if state.get(key)), None)
        if not isinstance(body, ReportMade) or not known:
            return _NOTHING
        upheld, dismissed = (sum(counts) for counts in zip(*known.values(), strict=True))
        here = known.get(body.policy or "", (0, 0))
        if not upheld + dismissed:
            return _NOTHING
        found = record(
            ReportFact(
                reporter=body.reporter.key,
                received_at=event.at,
                upheld=here[0],
                dismissed=here[1],
                upheld_elsewhere=upheld - here[0],
                dismissed_elsewhere=dismissed - here[1],
            )
        )
        summary = (
            f"The reporter was right in {upheld} of {upheld + dismissed} decided reports, {here[0]} of {found.decided} "
            f"of those under this policy: {found.mean:.0%} (90 % interval {found.low:.0%} to {found.high:.0%})"
        )
        evidence = {"upheld": upheld, "dismissed": dismissed, "upheld_here": here[0], "dismissed_here": here[1]} | {
            "accuracy": round(found.mean, 4), "low": round(found.low, 4), "high": round(found.high, 4),
        }  # fmt: skip
        return Finding((NOTE.signal(event, self, summary=summary, evidence=evidence),))
