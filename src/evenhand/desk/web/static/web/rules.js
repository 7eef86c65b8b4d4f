// The editor of rules: a mistake's place leads to its line, and a text tells where the caret stands.
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
