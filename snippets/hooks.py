"""MkDocs' hooks: run all pages before the first is rendered, check the whole site, swap it in."""

import logging
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import mkdocs.plugins
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.livereload import LiveReloadServer
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as SitePage
from pymdownx.superfences import SuperFencesException

from snippets import formula, glossary, lab, site, tally, toolbar
from snippets.build import Build
from snippets.exporter import export
from snippets.fence import box, put_back, set_aside
from snippets.runner import MEMORY, SECONDS
from snippets.store import Store

LOOK_EVERY = 0.1  # seconds, for a saved page in `mkdocs serve`
TALLY = "reference/how-this-site-is-checked.md"  # the page that shows the build's own figures

log = logging.getLogger("mkdocs.plugins.snippets")


build = Build()


def on_startup(command: str, dirty: bool) -> None:
    Build.serving = command == "serve"


def on_serve(server: LiveReloadServer, config: MkDocsConfig, builder: Callable[..., None]) -> LiveReloadServer:
    # MkDocs looks for changes every half second, which is felt on every save.
    for watch in (server.observer, *server.observer.emitters):
        watch._timeout = LOOK_EVERY  # type: ignore[attr-defined]
    return server


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
    build.read(files, Path(config.docs_dir))
    build.meanings = next((glossary.definitions(page) for page in build.pages.values() if page.key == glossary.KEY), {})
    limits = config.extra.get("page_seconds", SECONDS), config.extra.get("page_memory", MEMORY)
    build.run(Store(_root(config) / ".cache" / "pages"), *limits)
    failures = build.failures()
    if failures and not Build.serving:
        raise BuildError("\n\n".join(failures))
    for failure in failures:
        log.error(failure)
    return files


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
        return f"# {Path(src).stem}\n\n{box('This page cannot be run', str(build.errors[src]))}\n"
    if src in build.results:
        build.fences.begin(build.pages[src], build.results[src])
    if "{{ " in markdown and src == TALLY:
        return tally.fill(markdown, [(page, build.results.get(source)) for source, page in build.pages.items()])
    return markdown


def on_page_content(html: str, page: SitePage, config: MkDocsConfig, files: Files) -> str:
    try:
        build.fences.end()
    except SuperFencesException as error:
        _refuse(str(error))
    run = build.pages.get(page.file.src_uri)
    if not run:
        return html
    try:
        html = lab.link(html, page, files) if run.is_lab else formula.render(html)
    except formula.FormulaError as error:
        message = f"{run.name}:{site.line_of_text(run.text, error.latex)}: {error}"
        _refuse(message)
        html = box("This page cannot be shown", message)
    html = glossary.explain(html, build.meanings)
    result = build.results.get(page.file.src_uri)
    html, build.aside[page.file.src_uri] = set_aside(html)
    # A page that failed has no other forms to lead to.
    return html if page.is_homepage or not result or result.failure else toolbar.add(html, run)


def on_post_page(output: str, page: SitePage, config: MkDocsConfig) -> str:
    return put_back(_mended(output), build.aside.get(page.file.src_uri, []))


def on_post_template(output_content: str, template_name: str, config: MkDocsConfig) -> str:
    return _mended(output_content) if template_name == "404.html" else output_content


def _refuse(message: str) -> None:
    """End the build; `mkdocs serve` says why, and goes on."""
    if not Build.serving:
        raise BuildError(message) from None
    log.error(message)


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
