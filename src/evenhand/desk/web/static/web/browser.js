// Allows the desk to reach this browser: asks the person, and sends the subscription with the page's own form.

const form = document.querySelector("[data-browser]");
const allow = form?.querySelector("[data-allow]");

if (allow && "serviceWorker" in navigator && "PushManager" in window) {
  allow.hidden = false;
  form.querySelector("[data-cannot]").hidden = true;
  allow.addEventListener("click", () => subscribe().catch((error) => tell(`${form.dataset.failed} ${error.message}`)));
}

function tell(text) {
  const said = form.querySelector("[data-said]");
  said.textContent = text;
  said.hidden = false;
}

async function subscribe() {
  if (await Notification.requestPermission() !== "granted") return tell(form.dataset.refused);
  await navigator.serviceWorker.register("/worker.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  await (await pushManager.getSubscription())?.unsubscribe();
  const options = { userVisibleOnly: true, applicationServerKey: form.dataset.sender };
  const { endpoint, keys } = (await pushManager.subscribe(options)).toJSON();
  form.elements.subscription.value = `${endpoint}#${keys.p256dh}.${keys.auth}`;
  form.requestSubmit();
}
