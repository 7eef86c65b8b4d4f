"""The desk as a WSGI application; in `evenhand serve` the background work lives in the same process."""

import atexit
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from evenhand.runtime import config, logs, parents, running, shapes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.desk.settings")
parents.end_with_it()
logs.configure(config.current().log_level)
application = get_wsgi_application()
PAGES = get_resolver().url_patterns  # imports every view, and with it every shape
shapes.prepare()
running.announce(config.current().data_dir, "serve", parent=parents.told(), port=config.current().port)

if os.environ.get("EVENHAND_BACKGROUND") == "1":
    from evenhand.desk.web import background

    _threads = background.threads()
    _threads.start()
    atexit.register(_threads.close)
