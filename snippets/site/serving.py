"""`mkdocs serve` as it should feel: a saved page is seen soon."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from watchdog.observers.polling import PollingObserver

LOOK_EVERY = 0.1  # seconds; MkDocs looks for changes every half second, which is felt on every save


def look_often(server: LiveReloadServer, config: MkDocsConfig, others: list[Path]) -> None:
    """Have the server see changes of the pages and the settings sooner, and of `others`, if they are there, at all."""
    watched = [config.docs_dir, *filter(None, [config.config_file_path])]
    for path in watched:
        server.unwatch(path)
    server.observer = PollingObserver(timeout=LOOK_EVERY)
    for path in [*watched, *(str(path) for path in others if path.is_dir())]:
        server.watch(path)
    server.build_delay = LOOK_EVERY / 2
