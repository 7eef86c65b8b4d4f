"""The detectors of a platform document."""

from __future__ import annotations

from evenhand.engine.detect.duplicate import Duplicate
from evenhand.engine.detect.knownmedia import KnownMedia
from evenhand.engine.detect.linkburst import LinkBurst
from evenhand.engine.detect.links import Links
from evenhand.engine.detect.registry import Detector
from evenhand.engine.detect.reporter import ReporterHistory
from evenhand.engine.detect.reports import Reports
from evenhand.engine.detect.terms import Terms
from evenhand.engine.platform import Platform


def build(platform: Platform, *more: Detector) -> tuple[Detector, ...]:
    """Compiles the document's lists (some 10 ms for 1,500 terms: keep what it gives), adds what needs none, and `more`.

    Raises ValueError: a term that cannot be looked for. A document that was checked has none.
    """
    weights = {policy.id: policy.harm for policy in platform.policies}
    domains = [one for one in platform.lists if one.kind == "domain"]
    words = [one for one in platform.lists if one.kind != "domain"]
    listed: list[Detector] = []
    if words:
        listed.append(Terms(words, weights))
    if domains:
        listed.append(Links(domains, weights))
    media = KnownMedia(platform.policies)
    return (*listed, Duplicate(), LinkBurst(), Reports(), ReporterHistory(), media, *more)
