"""Reading a page's form as a browser would: what it would send if nothing was touched."""

from html.parser import HTMLParser

from django.http import HttpResponse


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._area = ""
        self._options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        match tag:
            case "input" if given.get("type") != "checkbox" or "checked" in given:
                self._send(given["name"], given.get("value") or "")
            case "select":
                self._select, self._options = given["name"], []
            case "option" if self._select:
                self._options.append((given["value"], "selected" in given))
            case "textarea":
                self._area = given["name"]
                self.sent.setdefault(self._area, [""])

    def handle_data(self, data):
        if self._area:
            self.sent[self._area] = [data.removeprefix("\n").replace("\n", "\r\n")]

    def handle_endtag(self, tag):
        if tag == "select":
            chosen = [value for value, selected in self._options if selected] or [self._options[0][0]]
            self._send(self._select, chosen[0])
            self._select = ""
        if tag == "textarea":
            self._area = ""

    def _send(self, name: str, value: str) -> None:
        self.sent.setdefault(name, []).append(value)


def form(answer: HttpResponse) -> dict[str, list[str]]:
    """The fields of the page's (only) form, as they stand."""
    reader = _Reader()
    main = answer.content.decode().partition("<main")[2]
    reader.feed(main.partition("<form")[2].partition(">")[2].partition("</form>")[0])
    return reader.sent
