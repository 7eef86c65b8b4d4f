"""A program that works through the queue for a person, in process."""

import json

from django.test import Client

from evenhand.desk.accounts import services as accounts


class Program:
    """Speaks the API with a key of scope `moderate`."""

    def __init__(self, name, person):
        raw = accounts.create_key(name, ["moderate"], by="system:test", acts_as=person)
        self.client = Client(headers={"X-API-KEY": raw})

    def __call__(self, method, path, body=None, **headers):
        data = b"" if body is None else json.dumps(body).encode()
        return self.client.generic(method, f"/api/v2{path}", data, "application/json", headers=headers)
