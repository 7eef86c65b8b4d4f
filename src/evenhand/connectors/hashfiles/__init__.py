"""Hash lists that are files: our CSV and bare lines, the same as JSON, vPDQ's text, Project VIC's JSON, HMA's."""

from evenhand.connectors.hashfiles.files import SETTINGS, HashFile, from_config
from evenhand.connectors.hashfiles.reading import FORMATS, form_of, rows

__all__ = ["FORMATS", "SETTINGS", "HashFile", "form_of", "from_config", "rows"]
