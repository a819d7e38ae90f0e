"""The project's settings with throwaway keys, for the tests, the benchmarks and the type checker.

What a developer's own shell or .env says about keys and posture must not reach a test.
"""

import os

os.environ.update(
    ENV_FILE="",
    SECRET_KEY="throwaway-key-of-the-test-suite-" + "0123456789" * 4,
    CREDENTIAL_KEYS="dGVzdHMgb25seSwgbmV2ZXIgYSByZWFsIHNlY3JldCE=",
    LOCAL="true",
    DEBUG="false",
    Q_WORKERS="2",
)
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from suitesync.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed; no test is about hashing
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file: threads and worker processes must meet in it, as they do in the demo.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "tests.sqlite3")}
else:
    # The live server's threads must not keep the test database open after the last test.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
