"""The MkDocs plugin: all pages run before the first is rendered; the site is checked whole, then swapped in."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError, PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as SitePage
from pymdownx.superfences import SuperFencesException

from ..pages import Course
from ..run import Result, Runner
from ..show import Forms, RefusedError, Site, export
from . import moved, offline, staging
from .build import Build, write_notebooks
from .ending import Reason
from .kept import Kept
from .links import Links
from .lost import lost
from .menu import Menu
from .options import Options
from .serving import look_often
from .showing import Showing, texts
from .warned import Warned

THEME = Path(__file__).with_name("theme")
FIRST, LAST = 100, -100
REPORT = "build.json"

log = get_plugin_logger("snippets")


class SnippetsPlugin(BasePlugin[Options]):
    """What lives longer than a build, in `mkdocs serve`: the runner, the pages as they were rendered, the links read."""

    serving = False
    runner: Runner | None = None
    build: Build
    showing: Showing
    settings: MkDocsConfig
    site: Path  # where the staged site will go
    staged: Path | None = None
    whole = False

    def __init__(self) -> None:
        super().__init__()
        log.info("Reading the course")  # other plugins take seconds to load: somebody is waiting
        self.warned, self.links = Warned(), Links()
        self.kept = Kept(self.warned)
        self.memory: dict[Path, Result] = {}
        self.exported: dict[str, Forms] = {}

    def on_startup(self, *, command: str, dirty: bool) -> None:
        self.serving = command == "serve"

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable) -> LiveReloadServer:
        course = self.build.course
        for name in self.build.saved_since():  # the server begins to watch now
            log.warning("%s was saved while the first build ran: save it once more", name)
        look_often(server, config, [course.root / course.programs, course.root / course.records])
        return server

    def on_config(self, config: MkDocsConfig) -> None:
        if not config.use_directory_urls:
            raise PluginError("a page's other forms stand beside its folder: it needs use_directory_urls: true")
        root = Path(config.config_file_path or "mkdocs.yml").parent
        course = Course.of(root, Path(config.docs_dir), dict(self.config))
        self.menu, self.refused = Menu(config), list[str]()
        self.build = Build(course, self.memory, getattr(self, "build", None))
        self.showing = Showing(self.build, self._refuse, self.kept if self.serving else None)
        if "snippets" not in config.markdown_extensions:
            config.markdown_extensions.append("snippets")
        config.mdx_configs["snippets"] = {"sheet": self.showing.sheet}
        if config.theme.name == "material" and str(THEME) not in config.theme.dirs:
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(THEME))
        self.warned.start(config.strict and not self.serving)

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        if not self.serving:
            self.whole, self.site = False, Path(config.site_dir)
            self.staged = staging.stage(self.site)
            self.settings, config.site_dir = config, str(self.staged)

    @event_priority(FIRST)
    def _add_notebooks(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Pages that mkdocs-jupyter renders, since they are notebooks; what is in them is known when all pages have run."""
        for page in self.build.course.notebooks:
            files.append(File(page, str(self._notebooks), config.site_dir, config.use_directory_urls))
        return files

    @event_priority(LAST)
    def _run_pages(self, files: Files, *, config: MkDocsConfig) -> Files:
        self.build.read(texts(files, self.serving))
        self.runner = self.build.run(self.runner, stays=self.serving)
        self.build.write_report(self.build.store.folder.with_name(REPORT))
        for message in self.build.differences():
            log.warning(message)
        self._refuse(*self.build.failures())
        write_notebooks(self.build.course, self.build.ran(), replace(self._site(config), folder=self._notebooks))
        return files

    on_files = CombinedEvent(_add_notebooks, _run_pages)

    @property
    def _notebooks(self) -> Path:
        """Where the notebooks lie that are pages themselves."""
        return self.build.store.folder.with_name("notebooks")

    def _site(self, config: MkDocsConfig) -> Site:
        return Site(Path(config.site_dir), config.site_name, config.site_url or "", self.build.filled, self.menu.urls)

    @event_priority(LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        self._refuse(*self.menu.mistakes(nav, files, self.build.course, self.serving))
        self.order = [*dict.fromkeys([*(page.file.src_uri for page in nav.pages), *self.build.pages])]
        self.showing.begin(nav)
        if self.serving:
            self.kept.begin(config, files, self.build.meanings)

    def on_page_read_source(self, *, page: SitePage, config: MkDocsConfig) -> str | None:
        return self.build.source(page.file.src_uri)

    @event_priority(LAST)
    def on_page_markdown(self, markdown: str, *, page: SitePage, config: MkDocsConfig, files: Files) -> str:
        return self.showing.markdown(page, markdown, config)

    @event_priority(FIRST)
    def on_page_content(self, html: str, *, page: SitePage, config: MkDocsConfig, files: Files) -> str:
        return self.showing.content(page, html, config)

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        env.globals["kept"] = self.showing.keep
        with suppress(OSError):  # templates are compiled anew for every build, unless something keeps them
            templates = self.build.store.folder.with_name("templates")
            templates.mkdir(parents=True, exist_ok=True)
            env.bytecode_cache = FileSystemBytecodeCache(str(templates))

    @event_priority(FIRST)
    def _before_search(self, context: Any, *, page: SitePage, config: MkDocsConfig, nav: Navigation) -> Any:
        context |= self.showing.context(page, nav)
        if self.serving:
            self.kept.before_search(page, config)
        return context

    @event_priority(LAST)
    def _after_search(self, context: Any, *, page: SitePage, config: MkDocsConfig, nav: Navigation) -> None:
        if self.serving:
            self.kept.after_search(page)

    on_page_context = CombinedEvent(_before_search, _after_search)

    @event_priority(LAST)
    def on_post_page(self, output: str, *, page: SitePage, config: MkDocsConfig) -> str:
        return self.showing.whole(page, output)

    def _refuse(self, *messages: str) -> None:
        """Keep what ends the build when all pages have been rendered, so that all is named at once; `mkdocs serve` goes on."""
        for message in messages if self.serving else ():
            log.error(message)
        self.refused += messages

    @event_priority(LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        build, folder, ran = self.build, Path(config.site_dir), self.build.ran()
        export([ran[source] for source in self.order if source in ran], self._site(config), self.exported)
        (folder / offline.NAME).touch()  # pages may link to it
        build.write_report(folder / REPORT)
        if broken := "\n".join(lost(self.links, folder, self.menu.ground, build.pages, build.errors)):
            self._refuse(broken)
        if self.refused and not self.serving:
            raise PluginError("\n\n".join(self.refused))
        moved.write(build.course, build.pages, folder)  # now, since no page is to link to an old address
        if not self.serving:  # it takes longer than a contributor would wait
            offline.pack(folder)
        self.whole = True

    def on_build_error(self, *, error: Exception) -> None:
        self.whole = False  # MkDocs' own strict check comes after the build
        if isinstance(error, SuperFencesException | RefusedError | BuildError):
            others = [reason for reason in self.refused if reason not in str(error)]
            raise (PluginError if self.serving else Reason)("\n\n".join([*others, str(error)])) from None

    def on_shutdown(self) -> None:
        self.warned.stop()
        if self.staged:
            if self.whole:
                staging.swap_in(self.staged, self.site)
            staging.remove(self.staged)
            self.settings.site_dir = str(self.site)  # where `mkdocs gh-deploy` will look
        self.staged = None
