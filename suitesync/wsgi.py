"""The door for a web server such as gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "suitesync.settings")

application = get_wsgi_application()
