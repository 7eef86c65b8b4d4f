"""What the machine tells about items: detectors, and the pure fold of events through them."""

from evenhand.engine.detect.build import build
from evenhand.engine.detect.registry import Detector, DetectorFailed, Finding, Keep, Trouble, evaluate, state_keys
from evenhand.engine.detect.rules import Rules

__all__ = ["Detector", "DetectorFailed", "Finding", "Keep", "Rules", "Trouble", "build", "evaluate", "state_keys"]
