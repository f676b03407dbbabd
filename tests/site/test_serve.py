"""mkdocs serve, as a contributor uses it: break a page, read the error in its place, mend it."""

import re

import pytest
from helpers.project import LAB, fence
from helpers.waiting import until


@pytest.fixture
def served(project):
    with project.served() as server:
        yield server


def test_a_failing_block_shows_its_error_in_its_place_and_mending_it_mends_the_page(project, served):
    project.page("other", fence("print('other', 40 + 2)"))
    project.page("index", fence("print('first')", "1 / 0", "print('last')"))
    text = served.wait_for("", lambda text: "ZeroDivisionError" in text)
    assert re.search("first.*docs/index.md:8: this block failed.*ZeroDivisionError.*Not run", text, re.S)
    served.wait_for("other/", lambda text: "other 42" in text)
    project.page("index", "# T\n\n```python\nprint(1)\n")
    served.wait_for("", lambda text: "docs/index.md:3: this block is never closed" in text)
    project.page("index", fence("print('mended', 20 + 3)"))
    assert "ZeroDivisionError" not in served.wait_for("", lambda text: "mended 23" in text)


def test_a_failing_lab_shows_its_error_and_the_server_lives(project, served):
    served.wait_for("", lambda text: "<h1" in text)
    project.page("labs/lab", LAB + "```python\n1 / 0\n```\n")
    served.wait_for("labs/lab/", lambda text: "docs/labs/lab.md:12: this block failed" in text)
    project.page("labs/lab", LAB + "```python\nprint(40 + 2)\n```\n")
    served.wait_for("labs/lab/", lambda text: "<samp>42</samp>" in text)


def test_a_broken_link_is_named_and_the_server_lives(project, served):
    project.page("index", "# T\n\n[a](none.md)\n")
    served.wait_for("", lambda text: 'href="none.md"' in text)
    until(lambda: "docs/index.md:3: the link none.md leads nowhere" in served.said(), served.said)


DIFFERS = "This output is not the one on record"


def test_an_output_that_differs_from_its_record_is_marked_until_it_is_accepted(project):
    project.page("index", fence("1 + 1", "40 + 2"))
    assert project.check("--update-outputs").returncode == 0
    project.page("index", fence("1 + 1", "40 + 3"))
    with project.served() as served:
        text = served.wait_for("", lambda text: DIFFERS in text)
        assert text.count(DIFFERS) == 1
        assert re.search(r"<samp>43</samp>.*This output", text, re.S)
        said = served.said()
        assert "docs/index.md:8: the output differs from the record; if it is right, accept it with: " in said
        assert "-42\n+43" in said
        assert project.check("--update-outputs").returncode == 0
        served.wait_for("", lambda text: "<samp>43</samp>" in text and DIFFERS not in text)


def test_the_old_address_of_a_renamed_page_leads_on_and_a_wrong_one_is_named(project, served):
    served.wait_for("", lambda text: "<h1" in text)
    project.page("new", "# New\n")
    settings = project.read("mkdocs.yml")
    project.write(
        "mkdocs.yml",
        settings.replace("- snippets:\n", "- snippets:\n      moved: {old.md: new.md, index.md: new.md}\n", 1),
    )
    assert 'href="../new/"' in served.wait_for("old/", lambda text: "This page has moved" in text)
    assert "mkdocs.yml: moved: index.md leads to new.md, but docs/index.md is still there" in served.said()
    assert "This page has moved" not in served.wait_for("", lambda text: "<h1" in text)


DIAL = 'import { make } from "explore/kit";\n\nexport default function (box, data) {\n  make(box, "p", {}, data.said);\n}\n'


def test_an_explorable_that_is_added_while_serving_is_there_without_a_restart(project, served):
    served.wait_for("", lambda text: "<h1" in text)
    project.page("dial", fence("import json\n\nprint(json.dumps({'said': 40 + 2}))", words='check explore="dial"'))
    served.wait_for("dial/", lambda text: "docs/dial.md:3: no explorable dial.js in docs/assets/explore" in text)
    project.write("docs/assets/explore/dial.js", DIAL)
    text = served.wait_for("dial/", lambda text: 'data-explore="dial"' in text)
    assert re.search(r'<script type="application/json">\{"said": ?42\}', text)
    (address,) = re.findall(r'"explore/dial": "(.+?)"', text)
    assert address == "../assets/explore/dial.js"
    assert served.wait_for("assets/explore/dial.js", lambda text: "data.said" in text)
