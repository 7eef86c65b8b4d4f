// The editor of rules: lines have numbers, a mistake's place leads to its line, and a text tells where the caret stands.
// Without this file the links still lead to the file.

const place = (area) => {
  const before = area.value.slice(0, area.selectionStart);
  return `${before.split("\n").length}:${before.length - before.lastIndexOf("\n")}`;
};

function go(area, line, column) {
  area.closest("details").open = true;
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1;
  area.focus();
  area.setSelectionRange(start, start);
  area.scrollTop = (area.scrollHeight / lines.length) * Math.max(0, line - 4);
  area.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-line]");
  const area = link && document.getElementById(link.hash.slice(1));
  if (!area) return;
  event.preventDefault();
  go(area, Number(link.dataset.line), Number(link.dataset.column ?? 1));
});

document.addEventListener("selectionchange", () => {
  const area = document.activeElement;
  const shown = area?.matches?.("[data-position]") && area.closest("details").querySelector("[data-place]");
  if (shown) shown.textContent = place(area);
});

// Numbers of the lines, those of mistakes marked. They follow the text as it grows and scrolls.
function number(area) {
  const gutter = area.previousElementSibling;
  const count = area.value.split("\n").length;
  const found = document.querySelectorAll(`#checked a[href="#${area.id}"]`);
  const wrong = [...new Set([...found].map((one) => Number(one.dataset.line)))].filter((line) => line <= count);
  const shown = `${count}:${wrong}`;
  if (gutter.dataset.shown === shown) return;
  gutter.dataset.shown = shown;
  const lines = Array.from({ length: count }, (_, at) => `${at + 1}\n`);
  const parts = [];
  let at = 0;
  for (const line of wrong.sort((one, other) => one - other)) {
    const mark = document.createElement("strong");
    mark.textContent = lines[line - 1];
    parts.push(lines.slice(at, line - 1).join(""), mark);
    at = line;
  }
  gutter.replaceChildren(...parts, lines.slice(at).join(""));
  gutter.scrollTop = area.scrollTop;
}

const numberAll = () => document.querySelectorAll("[data-position]").forEach(number);
document.addEventListener("input", (event) => { if (event.target.matches("[data-position]")) number(event.target); });
document.addEventListener("htmx:afterSettle", numberAll);
document.addEventListener("scroll", (event) => {
  if (event.target.matches?.("[data-position]")) event.target.previousElementSibling.scrollTop = event.target.scrollTop;
}, true);
numberAll();
