"""A page reaches a browser: sealed on its way, opened by the browser alone, shown by the desk's own script."""

import base64
import json
import re
import time
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page, expect

from tests.support import platform
from tests.support.desk import evenhand, serving
from tests.support.receiver import RawReceiver, receiving_raw

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(90)]

PASSWORD = "four unrelated words here"
KEY = ec.generate_private_key(ec.SECP256R1())
POINT = KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
SECRET = bytes(range(16))
STANDS_IN = """
PushManager.prototype.subscribe = async function (options) {
  if (options.applicationServerKey.length !== 87) throw new Error("no key of a sender");
  return { toJSON: () => ({ endpoint: "%s", keys: { p256dh: "%s", auth: "%s" } }) };
};
"""
"""For the browser's own service, which is on the other side of the world."""


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def service() -> Iterator[RawReceiver]:
    with receiving_raw(201) as service:
        yield service


@pytest.fixture
def page(tmp_path, service, browser) -> Iterator[Page]:
    """Fay's hours."""
    env = {"EVENHAND_ALLOW_PRIVATE": f"127.0.0.1:{service.port}"}
    evenhand("apply", platform.write(tmp_path, hooks=service.url), "--yes", data=tmp_path, env=env)
    evenhand(
        "users", "create", "fay@example.com", "--role", "moderator", "--password-stdin",
        data=tmp_path, given=PASSWORD, env=env,
    )  # fmt: skip
    with serving(tmp_path, env=env) as desk:
        context = browser.new_context(base_url=desk.url, permissions=["notifications"])
        context.add_init_script(STANDS_IN % (f"{service.url}/fay", text(POINT), text(SECRET)))
        page = context.new_page()
        page.goto("/login/")
        page.get_by_label("E-mail").fill("fay@example.com")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name=re.compile("sign in", re.IGNORECASE)).click()
        expect(page.get_by_role("heading", name="Queue")).to_be_visible()
        page.goto("/hours/")
        yield page
        context.close()


def opened(body: bytes) -> dict:
    """As the browser opens it (RFC 8291, 3.4)."""
    salt, theirs, sealed = body[:16], body[21:86], body[86:]
    shared = KEY.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    material = derived(shared, SECRET, b"WebPush: info\x00" + POINT + theirs, 32)
    key = derived(material, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = derived(material, salt, b"Content-Encoding: nonce\x00", 12)
    return json.loads(AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x02"))


def derived(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)


def test_a_test_page_is_sealed_for_this_browser_and_shown_in_it(page, service):
    page.get_by_role("button", name="Reach me in this browser").click()
    expect(page.get_by_text("A browser of yours is reached")).to_be_visible()
    page.get_by_role("button", name="Send me a test").click()
    deadline = time.monotonic() + 20
    while not service.got and time.monotonic() < deadline:
        page.wait_for_timeout(200)
    [got] = service.got[:1]
    assert got.path == "/fay"
    said = opened(got.body)
    assert said["title"] == "Evenhand: test"
    assert said["urgent"] is False
    assert shown(page, said) == ["Evenhand: test"]


def shown(page: Page, said: dict) -> list[str]:
    """The titles of what the browser shows once its service has delivered this."""
    devtools = page.context.new_cdp_session(page)
    registrations: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    origin = page.evaluate("location.origin")
    data = {"origin": origin, "registrationId": registrations[-1], "data": json.dumps(said)}
    devtools.send("ServiceWorker.deliverPushMessage", data)
    page.wait_for_timeout(500)
    return page.evaluate(
        "async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(one => one.title)"
    )
