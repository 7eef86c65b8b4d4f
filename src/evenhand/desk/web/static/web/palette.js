// The palette: Ctrl K opens it anywhere. Without this file the search box in the bar does the same, a page later.

const palette = document.getElementById("palette");
const box = document.getElementById("palette-query");

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
  event.preventDefault();
  if (palette.open) return palette.close();
  palette.showModal();
  box.select();
  box.dispatchEvent(new Event("opened"));
});

palette.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  event.preventDefault();
  const stops = [box, ...palette.querySelectorAll("#palette-found a")];
  const at = stops.indexOf(document.activeElement);
  stops[(at + by + stops.length) % stops.length].focus();
});

// Enter in the box opens the first of what is found for what stands there now.
palette.querySelector("form").addEventListener("submit", (event) => {
  const first = palette.querySelector("#palette-found a");
  if (!first || palette.dataset.shown !== box.value) return;
  event.preventDefault();
  location.assign(first.href);
});
palette.addEventListener("htmx:afterSwap", (event) => {
  palette.dataset.shown = new URL(event.detail.xhr.responseURL).searchParams.get("q") ?? "";
});
palette.addEventListener("click", (event) => {
  if (event.target === palette) palette.close();
});
