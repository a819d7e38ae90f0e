"""The door for a web server such as gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suitesync.settings")

application = get_wsgi_application()

# What is loaded stays for good. Looked through for garbage again and again, it would hold up a page now
# and then by a tenth of a second.
get_resolver().url_patterns  # noqa: B018  every page is loaded now, not with its first reader
gc.freeze()
