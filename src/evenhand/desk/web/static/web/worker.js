// Shows what the desk pushes, and opens the page that it names. Nothing is kept, and no request is answered from here.

self.addEventListener("push", (event) => {
  const said = event.data.json();
  event.waitUntil(self.registration.showNotification(said.title, {
    body: said.text,
    tag: said.id,
    requireInteraction: said.urgent,
    data: { link: said.link },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = new URL(event.notification.data.link || "/", self.location.origin);
  if (link.origin === self.location.origin) event.waitUntil(self.clients.openWindow(link.href));
});
