"""Imported in a nursery of its own: the application, made before any server is forked."""

import gc

from server import create_app, serving
from server.config import Config
from server.extensions import db

config = Config.from_env()
app = create_app(config)
gc.collect()
gc.freeze()  # else each fork looks through all of it, and so copies it


def serve() -> None:
    """As `meantime serve` does once the application is there."""
    with app.app_context():
        db.engine.dispose(close=False)  # connections, if any, are the parent's
    serving.listen(app, config, lambda: None)
