// Hold to see: media is clear for as long as a button or its key is held, and veiled again when it is let go of, when
// the page loses the focus, or when anything else happens. Each such look is told to the desk, from when until when.

let held = null; // { view, veil, look }

function show(button) {
  const view = button.closest("[data-view]");
  if (held || !view) return;
  const veil = button.closest(".veil");
  veil.classList.add("clear");
  held = { view, veil, look: tell(view) };
}

function hide() {
  if (!held) return;
  const { view, veil, look } = held;
  held = null;
  veil.classList.remove("clear");
  look.then((number) => number && tell(view, number));
}

async function tell(view, ended = "") {
  const said = new FormData();
  said.set("csrfmiddlewaretoken", view.querySelector("[name=csrfmiddlewaretoken]").value);
  if (ended) said.set("ended", ended);
  try {
    const answer = await fetch(view.dataset.clear, { method: "POST", body: said, redirect: "error", keepalive: true });
    return answer.status === 200 ? (await answer.json()).look : null;
  } catch {
    return null; // a look whose end is not told counts until its view ends
  }
}

const typing = (event) => event.target.closest?.("input, select, textarea, [contenteditable]");
const presses = (event) => event.key === " " || event.key === "Enter";

document.addEventListener("pointerdown", (event) => {
  const button = event.target.closest?.(".hold");
  if (button && event.button === 0) show(button);
});
document.addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  const focused = presses(event) ? event.target.closest?.(".hold") : null;
  const button = focused ?? (typing(event) ? null : document.querySelector(`.hold[data-hold="${CSS.escape(event.key)}"]`));
  if (button && (focused || event.key.length === 1)) show(button);
});
for (const sign of ["pointerup", "pointercancel", "keyup", "visibilitychange", "contextmenu", "scroll", "htmx:beforeSwap"]) {
  document.addEventListener(sign, hide, true);
}
for (const sign of ["blur", "pagehide"]) addEventListener(sign, hide);
