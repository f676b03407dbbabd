"""The links of a built site are followed however they are written; what is none is left alone."""

import pytest

from snippets.site.links import Links

BROKEN = [
    '<a href="gone/">x</a>',
    "<a href='gone/'>x</a>",
    "<a href=gone/>x</a>",
    '<a title="a > b" href="gone/">x</a>',
    '<a\n  class="x"\n  href = "gone/" >x</a>',
    '<A HREF="gone/">x</A>',
    '<img alt="" src="gone.png">',
    '<img alt="" srcset="page/picture.png 1x, gone.png 2x">',
    '<picture><source srcset="gone.webp 480w"></picture>',
    '<link rel="preload" imagesrcset="gone.png 2x">',
    '<object data="gone.svg"></object>',
    '<video poster="gone.png"></video>',
    '<video><source src="gone.mp4"></video>',
    '<iframe src="gone.html"></iframe>',
    '<script src="gone.js"></script>',
    '<form action="gone/"></form>',
    '<svg><use xlink:href="gone.svg#x"></use></svg>',
    '<a href="page/#gone">x</a>',
    '<a href="#gone">x</a>',
    '<a href="/gone/">x</a>',
    '<a href="/course/gone/">x</a>',
    '<a href="/course/page/#gone">x</a>',
    '<a href="/other/page/">x</a>',
    '<a href="page/?q=1#gone">x</a>',
    '<a href="g%6Fne/">x</a>',
]
WHOLE = [
    '<a href="page/">x</a>',
    "<a href='page/index.html'>x</a>",
    "<a href=page>x</a>",
    '<a href="/course/page/#there">x</a>',
    '<a href="page/?q=1#there">x</a>',
    '<a href="page/#%C3%A9">x</a>',
    '<a href="page/#named">x</a>',
    '<a href="p%61ge/">x</a>',
    '<a href=".">x</a>',
    '<a href="">x</a>',
    '<a href="https://example.org/gone/">x</a>',
    '<a href="//example.org/gone/">x</a>',
    '<a href="mailto:gone@example.org">x</a>',
    '<a href="data:text/plain,gone">x</a>',
    '<img alt="" srcset="page/picture.png 1x, https://example.org/gone.png 2x">',
    '<img alt="" srcset="page/picture.png">',
    '<object data="page/picture.png"></object>',
    '<div data-src="gone.png" data="gone">x</div>',
    "<!-- <a href=gone/>x</a> -->",
    "<script>var x = '<a href=\"gone/\">x</a>';</script>",
    '<pre>&lt;a href="gone/"&gt;x&lt;/a&gt;</pre>',
]


@pytest.fixture
def broken(tmp_path):
    """Finds the broken links of a site whose first page holds the given HTML."""
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "picture.png").touch()
    target = '<h1 id="there">x</h1><p id="é">x</p><a name="named"></a><a href="../">up</a>'
    (tmp_path / "page" / "index.html").write_text(target, encoding="utf-8")

    def find(html: str) -> list[str]:
        page = f"<!doctype html><title>t</title><body>{html}<p>end</p>"
        (tmp_path / "index.html").write_text(page, encoding="utf-8")
        return [link for name, link in Links().broken(tmp_path, "/course/") if name == "index.html"]

    return find


@pytest.mark.parametrize("html", BROKEN)
def test_is_found(broken, html):
    (link,) = broken(html)
    assert link in html


@pytest.mark.parametrize("html", WHOLE)
def test_is_left_alone(broken, html):
    assert broken(html) == []
