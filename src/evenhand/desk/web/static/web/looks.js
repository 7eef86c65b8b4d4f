// The record of how long media was open: this page says every few seconds that it still shows it, and goodbye when it
// does not. What the desk has not heard of for one interval counts as closed, so it is taken off this page then, too.

const TICK = 1_000; // ms
const heard = new WeakMap(); // what is open → when that was last sent which the desk has answered
let asked = Date.now(); // when the page last asked for anything that it might show
let sent = 0;

const open = () => [...document.querySelectorAll("[data-view]")];
const interval = (view) => Number(view.dataset.interval);

function end(view) {
  delete view.dataset.view;
  for (const part of view.querySelectorAll(".veil, figcaption")) part.remove();
  view.querySelector(".ended").hidden = false;
}

function goodbye(root) {
  for (const view of root.querySelectorAll("[data-view]")) {
    const form = view.querySelector("figcaption form");
    const said = new FormData(form);
    said.set("beacon", "1");
    navigator.sendBeacon(form.action, said);
    end(view);
  }
}

async function hear(views) {
  const said = new FormData();
  said.set("csrfmiddlewaretoken", views[0].querySelector("[name=csrfmiddlewaretoken]").value);
  for (const view of views) said.append("view", view.dataset.view);
  const at = sent = Date.now();
  try {
    const answer = await fetch(views[0].dataset.hear, {
      method: "POST", body: said, redirect: "error", signal: AbortSignal.timeout(interval(views[0])),
    });
    if (!answer.ok) return;
    const going = new Set((await answer.json()).open.map(String));
    for (const view of views) {
      if (going.has(view.dataset.view)) heard.set(view, at);
      else if (view.dataset.view) end(view);
    }
  } catch {
    // Not heard: it is said again, and what was not heard of for one interval is taken off the page.
  }
}

function tick() {
  const now = Date.now();
  for (const view of open()) {
    if (!heard.has(view)) heard.set(view, asked);
    if (now - heard.get(view) >= interval(view)) end(view);
  }
  const views = open();
  if (views.length && now - sent >= interval(views[0]) / 2) hear(views);
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.detail.elt?.closest("[data-quiet]")) asked = Date.now();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "main" && event.detail.shouldSwap) goodbye(event.detail.target);
});
document.addEventListener("htmx:afterSettle", tick);
document.addEventListener("visibilitychange", tick);
addEventListener("pagehide", () => goodbye(document));
setInterval(tick, TICK);
