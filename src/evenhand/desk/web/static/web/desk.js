// The console's keyboard, and the countdown of undo.
// Without this file every page still works: each form is a real one, each key is on a button.

const INPUTS = "input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable]";
const SUBMITS = "button:not([type=button])";
const CLICKABLE = "a[href], button, summary, input";
const BOUNCE = 150; // ms: the same deciding key twice is one key
const PATIENCE = 300_000; // ms: then a case that somebody left open is no longer kept for them
let busy = false;
let waiting = null; // the one key that fell into a request
let last = { key: "", at: 0 };

const trouble = document.getElementById("trouble");
const say = (text) => { document.getElementById("live").textContent = text; };

function element(key) {
  const scope = document.querySelector("[popover]:popover-open") ?? document;
  const found = [...scope.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)];
  const unmarked = found.find((one) => one.type === "checkbox" && !one.checked && one.checkVisibility());
  return unmarked ?? found.find((one) => !one.disabled && one.checkVisibility()) ?? found.find((one) => !one.disabled && one.closest(".menu, [popover]"));
}

function press(key) {
  const { next, previous } = document.body.dataset;
  if (key === next || key === previous) return move(key === next ? 1 : -1);
  const target = element(key);
  if (!target) return late(key);
  if (!target.matches(CLICKABLE)) {
    target.scrollIntoView({ block: "start" });
    target.focus();
  } else if (target.matches("input[type=search], input[type=text]")) {
    target.focus();
    target.select();
  } else {
    if (target.matches("summary") && !target.checkVisibility()) target.closest("[popover]")?.showPopover();
    target.click();
    if (target.matches("summary")) target.parentElement.querySelector("textarea, input:not([type=hidden])")?.focus();
  }
  return true;
}

// Undo when its time is over: says so, and where a decision is taken back then.
function late(key) {
  const over = document.querySelector("[data-over]");
  if (!over || over.dataset.over !== key || document.querySelector("[data-toast]")) return false;
  over.hidden = false;
  over.querySelector("a").focus();
  say(over.textContent.trim());
  return true;
}

function move(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return false;
  const at = rows.indexOf(document.activeElement);
  rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))].focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog:modal")) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.key !== "Escape" && event.target.closest?.(INPUTS)) return;
  if (event.key === "Escape" && document.querySelector("[popover]:popover-open")) return;
  if (event.key.length > 1 && event.key !== "Escape") return;
  const bounced = event.key === last.key && event.timeStamp - last.at < BOUNCE;
  last = { key: event.key, at: event.timeStamp };
  if (busy) {
    if (!bounced) waiting ??= event.key;
    event.preventDefault();
  } else if ((bounced && element(event.key)?.matches(SUBMITS)) || press(event.key)) {
    event.preventDefault();
  }
});

let active = 0; // when the person last did something
for (const sign of ["keydown", "pointerdown"]) addEventListener(sign, () => { active = performance.now(); }, true);

const quiet = (event) => event.detail.elt?.closest("[data-quiet]");
document.addEventListener("htmx:beforeRequest", (event) => {
  if (quiet(event)) {
    const idle = performance.now() - active > PATIENCE && event.detail.elt.matches("[data-renew]");
    if (document.hidden || idle) event.preventDefault();
    return;
  }
  busy = true;
  trouble.hidden = true;
  document.documentElement.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (quiet(event) || (event.detail.successful && event.detail.xhr.status !== 204)) return;
  settled();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (quiet(event)) return;
  if (event.detail.target.id === "main") opened();
  settled();
});
for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    if (quiet(event)) return;
    waiting = null;
    trouble.hidden = false;
    settled();
  });
}

function settled() {
  busy = false;
  document.documentElement.removeAttribute("aria-busy");
  const key = waiting;
  waiting = null;
  if (key) press(key);
}

function opened() {
  const main = document.getElementById("main");
  (main.querySelector("[autofocus]") ?? main.querySelector("#case-title") ?? main).focus({ preventScroll: true });
  say((main.querySelector("[role=alert]") ?? main.querySelector("[data-say]"))?.textContent.trim() ?? "");
  fuse();
}

function fuse() {
  const toast = document.querySelector("[data-toast]");
  if (!toast) return;
  const milliseconds = Number(toast.dataset.milliseconds);
  const until = performance.now() + milliseconds;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (!still) toast.querySelector("[data-fuse]").animate([{ scale: "1 1" }, { scale: "0 1" }], { duration: milliseconds, fill: "forwards" });
  const count = () => {
    if (!toast.isConnected) return;
    const left = Math.ceil((until - performance.now()) / 1000);
    if (left <= 0) return toast.contains(document.activeElement) ? setTimeout(count, 1000) : toast.remove();
    toast.querySelector("[data-countdown]").textContent = `${left} s`;
    setTimeout(count, 250);
  };
  count();
}

document.addEventListener("change", (event) => {
  const radio = document.getElementById(event.target.dataset?.checks);
  if (radio) radio.checked = true;
});

fuse();
