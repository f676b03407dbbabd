"""The MkDocs plugin: all pages run before the first is rendered; the site is checked whole, then swapped in."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemBytecodeCache
from mkdocs.config import config_options as c
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, CombinedEvent, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as SitePage
from mkdocs.utils import CountHandler
from pymdownx.superfences import SuperFencesException
from watchdog.observers.polling import PollingObserver

from ..pages import Course
from ..run import Result, Runner
from ..show import Forms, Refused, Sheet, Site, box, export, put_back
from . import offline, staging
from .build import Build, write_notebooks
from .kept import Kept
from .links import Links, line_of
from .toolbar import toolbar

THEME = Path(__file__).with_name("theme")
FIRST, LAST = 100, -100
LOOK_EVERY = 0.1  # seconds, for a saved page in `mkdocs serve`

log = get_plugin_logger("snippets")
_default = Course.options()


class Options(Config):
    """The plugin's options in mkdocs.yml; `snippets.pages.Course` says what each is."""

    programs = c.Type(str, default=_default["programs"])
    records = c.Type(str, default=_default["records"])
    store = c.Type(str, default=_default["store"])
    explorables = c.Type(str, default=_default["explorables"])
    glossary = c.Type(str, default=_default["glossary"])
    counted = c.ListOfItems(c.Type(str), default=list(_default["counted"]))
    notebooks = c.DictOfItems(c.Type(str), default=_default["notebooks"])
    reference = c.ListOfItems(c.Type(str), default=list(_default["reference"]))
    seconds = c.Type((int, float), default=_default["seconds"])
    gigabytes = c.Type((int, float), default=_default["gigabytes"])


class SnippetsPlugin(BasePlugin[Options]):
    """What lives longer than a build, in `mkdocs serve`: the runner, the pages as they were rendered, the links read."""

    serving = False
    runner: Runner | None = None
    build: Build
    settings: MkDocsConfig
    site: Path | None = None  # where the staged site will go
    staged: Path | None = None
    whole = False
    current: SitePage | None = None
    level = logging.NOTSET

    def __init__(self) -> None:
        super().__init__()
        self.kept = Kept()
        self.links = Links()
        self.memory: dict[Path, Result] = {}
        self.exported: dict[str, Forms] = {}
        self.aside: list[str] = []
        self.warnings = CountHandler(level=logging.WARNING)

    def on_startup(self, *, command: str, dirty: bool) -> None:
        self.serving = command == "serve"

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable) -> LiveReloadServer:
        # MkDocs looks for changes every half second, which is felt on every save.
        watched = [config.docs_dir, *filter(None, [config.config_file_path])]
        for path in watched:
            server.unwatch(path)
        server.observer = PollingObserver(timeout=LOOK_EVERY)
        for path in watched:
            server.watch(path)
        server.build_delay = LOOK_EVERY / 2
        return server

    def on_config(self, config: MkDocsConfig) -> None:
        if not config.use_directory_urls:
            raise PluginError(
                "snippets writes each page's other forms beside its folder: it needs use_directory_urls: true"
            )
        root = Path(config.config_file_path or "mkdocs.yml").parent
        course = Course.of(root, Path(config.docs_dir), dict(self.config))
        self.build = Build(course, self.memory, getattr(self, "build", None))
        if "snippets" not in config.markdown_extensions:
            config.markdown_extensions.append("snippets")
        config.mdx_configs["snippets"] = {"sheet": self._sheet}
        if config.theme.name == "material" and str(THEME) not in config.theme.dirs:
            config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(THEME))
        if course.known_programs and str(root / course.programs) not in config.watch:
            config.watch.append(str(root / course.programs))
        logger = logging.getLogger("mkdocs")
        logger.addHandler(self.warnings)
        if config.strict and not self.serving:
            self._count_warnings_even_if_quiet(logger)

    def _count_warnings_even_if_quiet(self, logger: logging.Logger) -> None:
        """MkDocs' --strict counts what its logger lets through: with -q nothing, and a site with warnings is published."""
        if logger.level > logging.WARNING:
            self.level = logger.level
            for handler in logger.handlers:
                if not isinstance(handler, CountHandler):
                    handler.setLevel(logger.level)
            logger.setLevel(logging.WARNING)

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        if not self.serving:
            self.whole, self.site = False, Path(config.site_dir)
            self.staged = staging.stage(self.site)
            self.settings, config.site_dir = config, str(self.staged)

    @event_priority(FIRST)
    def _add_notebooks(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Pages that mkdocs-jupyter renders, since they are notebooks; what is in them is known when all pages have run."""
        self.notebooks = {
            page: File(page, str(self._notebooks), config.site_dir, config.use_directory_urls)
            for page in self.build.course.notebooks
        }
        for file in self.notebooks.values():
            files.append(file)
        return files

    @event_priority(LAST)
    def _run_pages(self, files: Files, *, config: MkDocsConfig) -> Files:
        self.build.read((file.src_uri, _text(file)) for file in files if self._is_page(file))
        self.runner = self.build.run(self.runner)
        failures = self.build.failures()
        if failures and not self.serving:
            raise PluginError("\n\n".join(failures))
        for failure in failures:
            log.error(failure)
        write_notebooks(self.build.course, self.build.ran(), replace(self._site(config), folder=self._notebooks))
        return files

    on_files = CombinedEvent(_add_notebooks, _run_pages)

    @property
    def _notebooks(self) -> Path:
        """Where the notebooks lie that are pages themselves."""
        return self.build.store.folder.with_name("notebooks")

    def _site(self, config: MkDocsConfig) -> Site:
        return Site(Path(config.site_dir), config.site_name, config.site_url or "", self.build.filled)

    def _is_page(self, file: File) -> bool:
        shown = self.serving or not file.inclusion.is_excluded()
        return file.is_documentation_page() and file.src_uri.endswith(".md") and shown

    @event_priority(LAST)
    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        in_nav = [page.file.src_uri for page in nav.pages]
        self.order = [*in_nav, *(source for source in self.build.pages if source not in in_nav)]
        self.tops = {id(item): place for place, item in enumerate(nav.items)}
        if self.serving:
            self.kept.begin(config, files, self.build.meanings)

    @event_priority(LAST)
    def on_page_markdown(self, markdown: str, *, page: SitePage, config: MkDocsConfig, files: Files) -> str:
        source = page.file.src_uri
        self.current = page
        if source in self.build.errors:
            return f"# {Path(source).stem}\n\n{box('This page cannot be run', str(self.build.errors[source]))}\n"
        if source in self.build.pages:
            markdown = self.build.filled(self.build.pages[source], markdown)
            if self.serving:
                return self.kept.take(page, markdown, self.build.results[source], config, self.warnings)
        return markdown

    def _sheet(self, text: str) -> Sheet | None:
        """The sheet of the page that MkDocs renders now."""
        assert self.current
        source = self.current.file.src_uri
        if source in self.build.errors or self.kept.hit:
            return None
        if source not in self.build.pages:
            raise PluginError(
                f"{source}: this page was added after all pages had run; let its plugin stand before snippets"
            )
        page, result = self.build.pages[source], self.build.results[source]
        # The home page has no line; a page that failed has no other forms to lead to.
        plain = self.current.is_homepage or result.failure
        line = None if plain else toolbar(page, self.build.course.reference)
        return Sheet(page, result, self.build.meanings, line, self.aside, self._refuse)

    @event_priority(FIRST)
    def on_page_content(self, html: str, *, page: SitePage, config: MkDocsConfig, files: Files) -> str:
        source = page.file.src_uri
        if source in self.build.course.notebooks:
            page.meta["search"] = {"exclude": True}  # the page that it shows is found
        if source not in self.build.pages or source in self.build.errors:
            return html
        aside, self.aside = self.aside, []
        if self.serving:
            html, aside = self.kept.give(page, html, aside, config)
        self.build.asides[source] = aside
        return html

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        rendered: dict[object, str] = {}

        def kept(key: object, caller: Callable[[], str]) -> str:
            """What the block around it rendered the last time in this build, for the same key."""
            if key not in rendered:
                rendered[key] = caller()
            return rendered[key]

        env.globals["kept"] = kept
        with suppress(OSError):  # templates are compiled anew for every build, unless something keeps them
            templates = self.build.store.folder.with_name("templates")
            templates.mkdir(parents=True, exist_ok=True)
            env.bytecode_cache = FileSystemBytecodeCache(str(templates))

    @event_priority(FIRST)
    def _before_search(self, context: Any, *, page: SitePage, config: MkDocsConfig, nav: Navigation) -> Any:
        run = self.build.pages.get(page.file.src_uri)
        used = [block.attributes["explore"] for block in run.blocks if "explore" in block.attributes] if run else []
        context["explorables"] = list(dict.fromkeys(used))
        context["place_in_nav"] = self.tops.get(id(page.ancestors[-1] if page.ancestors else page))
        context["explorables_folder"] = self.build.course.explorables
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
        source = page.file.src_uri
        try:
            return put_back(output, self.build.asides.get(source, []))
        except LookupError as error:
            run = self.build.pages[source]
            self._refuse(
                f"{run.name}:{run.blocks[error.args[0]].line}: this block did not come out on the finished page"
            )
            return output

    def _refuse(self, message: str) -> None:
        """End the build; `mkdocs serve` says why, and goes on."""
        if not self.serving:
            raise PluginError(message)
        log.error(message)

    @event_priority(LAST)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        build, folder = self.build, Path(config.site_dir)
        ran = build.ran()
        export([ran[source] for source in self.order if source in ran], self._site(config), self.exported)
        if self.serving:
            (folder / offline.NAME).touch()  # packing takes longer than a contributor would wait
        else:
            offline.pack(folder)
        base = urlsplit(config.site_url or "/").path or "/"
        pages = {File(source, "", "", config.use_directory_urls).dest_uri: page for source, page in build.pages.items()}
        broken = []
        for html, link in self.links.broken(folder, base):
            where = f"{pages[html].name}:{line_of(pages[html].text, link)}" if html in pages else html
            broken.append(f"{where}: the link {link} leads nowhere")
        if self.serving:
            for message in broken:
                log.warning(message)
            return
        if broken:
            raise PluginError("\n".join(broken))
        self.whole = True

    def on_build_error(self, *, error: Exception) -> None:
        self.whole = False  # MkDocs' own strict check comes after the build
        if isinstance(error, SuperFencesException | Refused):
            raise PluginError(str(error)) from None

    def on_shutdown(self) -> None:
        logger = logging.getLogger("mkdocs")
        logger.removeHandler(self.warnings)
        if self.level:
            logger.setLevel(self.level)
        if self.staged and self.site:
            if self.whole:
                staging.swap_in(self.staged, self.site)
            staging.remove(self.staged)
            self.settings.site_dir = str(self.site)  # where `mkdocs gh-deploy` will look
        self.staged = None


def _text(file: File) -> str | UnicodeDecodeError:
    """The Markdown of a page, whether it is a file or another plugin made it."""
    try:
        return file.content_string
    except UnicodeDecodeError as error:
        return error
