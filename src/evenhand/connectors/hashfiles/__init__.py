"""Hash lists that are files: our CSV and bare lines, vPDQ's text, Project VIC's JSON, exports of HMA."""

from evenhand.connectors.hashfiles.files import FORMATS, SETTINGS, HashFile, from_config

__all__ = ["FORMATS", "SETTINGS", "HashFile", "from_config"]
