"""MkDocs' hooks: run all pages before the first is rendered, check the whole site, swap it in."""

import logging
import re
import shutil
import time
from pathlib import Path
from urllib.parse import urlsplit

import mkdocs.plugins
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as SitePage
from mkdocs.utils import CountHandler
from pymdownx.superfences import SuperFencesException

from snippets import formula, glossary, lab, site, tally, toolbar
from snippets.exporter import export
from snippets.fence import Fences
from snippets.output import Result
from snippets.page import Page, PageError
from snippets.runner import MEMORY, SECONDS, Runner
from snippets.store import Store

TALLY = "reference/how-this-site-is-checked.md"  # the page that shows the build's own figures

log = logging.getLogger("mkdocs.plugins.snippets")


class Build:
    """What one build knows; the runner and the rendered fences live on in `mkdocs serve`."""

    serving = False
    runner: Runner | None = None
    fences = Fences()
    site_dir: Path
    staged: Path | None = None

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.results: dict[str, Result] = {}
        self.order: list[str] = []
        self.meanings: dict[str, str] = {}
        self.errors: dict[str, PageError] = {}
        self.warnings = CountHandler(level=logging.WARNING)


build = Build()


def on_startup(command: str, dirty: bool) -> None:
    Build.serving = command == "serve"


def on_config(config: MkDocsConfig) -> None:
    global build
    build = Build()
    custom = config.mdx_configs.setdefault("pymdownx.superfences", {}).setdefault("custom_fences", [])
    custom.append(
        {"name": "python", "class": "python", "validator": build.fences.validate, "format": build.fences.format}
    )
    lab.set_up(config.plugins["mkdocs-jupyter"].config, _root(config), Path(config.docs_dir))
    if not Build.serving:
        logging.getLogger("mkdocs").addHandler(build.warnings)
        Build.site_dir = Path(config.site_dir)
        Build.staged = site.stage(Build.site_dir)
        config.site_dir = str(Build.staged)


@mkdocs.plugins.event_priority(-50)
def on_files(files: Files, config: MkDocsConfig) -> Files:
    docs = Path(config.docs_dir)
    for file in files.documentation_pages():
        if not file.abs_src_path:
            continue
        try:
            build.pages[file.src_uri] = Page.read(Path(file.abs_src_path), docs)
        except PageError as error:
            build.errors[file.src_uri] = error
    build.meanings = next((glossary.definitions(page) for page in build.pages.values() if page.key == glossary.KEY), {})
    store = Store(_root(config) / ".cache" / "pages")
    _run(store, config)
    store.prune()
    failures = [str(error) for error in build.errors.values()]
    for src, result in build.results.items():
        if result.failure:
            failures.append(result.failure.describe(build.pages[src].name))
    if failures and not Build.serving:
        raise BuildError("\n\n".join(failures))
    for failure in failures:
        log.error(failure)
    return files


def _run(store: Store, config: MkDocsConfig) -> None:
    """Fill `build.results`: from the store where it has them, the rest by running."""
    sources = {page.name: src for src, page in build.pages.items() if not page.is_lab}
    for src in sources.values():
        result = store.get(build.pages[src]) if build.pages[src].blocks else Result(())
        if result:
            build.results[src] = result
    missing = [build.pages[src] for src in sources.values() if src not in build.results]
    if not missing:
        return
    if Build.runner is None:
        seconds, memory = config.extra.get("page_seconds", SECONDS), config.extra.get("page_memory", MEMORY)
        Build.runner = Runner(seconds, memory, build.pages.values())
    started = time.monotonic()
    log.info("Running the code of %d pages; %d are as they were", len(missing), len(build.results))
    count = 0

    def done(page: Page, result: Result) -> None:
        nonlocal count
        count += 1
        store.put(page, result)
        build.results[sources[page.name]] = result
        log.info(
            "  %d/%d  %5.1f s  %s%s", count, len(missing), result.seconds, page.name, "  FAILED" * bool(result.failure)
        )

    Build.runner.run_all(missing, done)
    log.info("Ran the code of %d pages in %.1f s", len(missing), time.monotonic() - started)


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    build.order = [page.file.src_uri for page in nav.pages]


@mkdocs.plugins.event_priority(-50)
def on_pre_page(page: SitePage, config: MkDocsConfig, files: Files) -> SitePage:
    run = build.pages.get(page.file.src_uri)
    if run and run.is_lab:
        results = build.results
        lab.prepare(page, run, Build.serving, lambda result: results.__setitem__(page.file.src_uri, result))
    return page


def on_page_markdown(markdown: str, page: SitePage, config: MkDocsConfig, files: Files) -> str:
    src = page.file.src_uri
    if src in build.errors:
        return f'# {Path(src).stem}\n\n<div class="admonition failure"><p class="admonition-title">{build.errors[src]}</p></div>\n'
    if src in build.results:
        build.fences.begin(build.pages[src], build.results[src])
    if "{{ " in markdown and src == TALLY:
        return tally.fill(markdown, [(page, build.results.get(source)) for source, page in build.pages.items()])
    return markdown


def on_page_content(html: str, page: SitePage, config: MkDocsConfig, files: Files) -> str:
    try:
        build.fences.end()
    except SuperFencesException as error:
        if not Build.serving:
            raise BuildError(str(error)) from None
        log.error(str(error))
    run = build.pages.get(page.file.src_uri)
    if not run:
        return html
    html = lab.link(html, page, files) if run.is_lab else formula.render(html)
    html = glossary.explain(html, build.meanings)
    return html if page.is_homepage else toolbar.add(html, run)


def on_post_page(output: str, page: SitePage, config: MkDocsConfig) -> str:
    return _mended(output)


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    return _mended(output_content) if template_name == "404.html" else output_content


def _mended(output: str) -> str:
    """Mend the theme's HTML: names that a screen reader tells landmarks apart by, and attributes that HTML does not have."""
    output = output.replace('role="dialog"', 'role="dialog" aria-label="Search"', 1)
    output = output.replace('<nav class="md-nav" aria-label="', '<nav class="md-nav" aria-label="In this section: ')
    return re.sub(r'(<label [^>]*) tabindex=""|(<input [^>]*type="checkbox"[^>]*) autocomplete="off"', r"\1\2", output)


@mkdocs.plugins.event_priority(-100)
def on_post_build(config: MkDocsConfig) -> None:
    order = [source for source in build.order if source in build.results and not build.results[source].failure]
    pages = [(build.pages[source], build.results[source]) for source in order]
    export(pages, Path(config.site_dir), config.site_name, config.site_url or "")
    if Build.serving:
        (Path(config.site_dir) / "offline.zip").touch()  # packing takes longer than a contributor would wait
    else:
        site.pack(Path(config.site_dir))
    base = urlsplit(config.site_url or "/").path or "/"
    broken = []
    for html, link in site.broken_links(Path(config.site_dir), base):
        src = next((s for s in build.pages if File(s, "", "", config.use_directory_urls).dest_uri == html), None)
        where = f"{build.pages[src].name}:{site.line_of(build.pages[src].text, link)}" if src else html
        broken.append(f"{where}: the link {link} leads nowhere")
    if Build.serving:
        for message in broken:
            log.warning(message)
        return
    if broken:
        raise BuildError("\n".join(broken))
    if config.strict and build.warnings.counts:
        raise BuildError("mkdocs.yml or --strict asks for no warnings, and there were some")
    assert Build.staged
    site.swap_in(Build.staged, Build.site_dir)
    config.site_dir = str(Build.site_dir)
    _clean_up()


def on_build_error(error: Exception) -> None:
    _clean_up()
    if isinstance(error, SuperFencesException):
        raise BuildError(str(error)) from None


def on_shutdown() -> None:
    _clean_up()


def _clean_up() -> None:
    logging.getLogger("mkdocs").removeHandler(build.warnings)
    if Build.staged:
        shutil.rmtree(Build.staged, ignore_errors=True)
        Build.staged = None


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path or "mkdocs.yml").parent
