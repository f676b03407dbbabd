/* Conveniences that the site does without when scripts or storage are off: copy a page, tick lessons off, continue. */
(function () {
  "use strict";

  var config = JSON.parse(document.getElementById("__config").textContent);
  var base = new URL(config.base.replace(/\/?$/, "/"), location.href);

  var memory = {
    read: function (key, fallback) {
      try {
        return JSON.parse(localStorage.getItem(base.pathname + key)) || fallback;
      } catch (error) {
        return fallback;
      }
    },
    write: function (key, value) {
      try {
        localStorage.setItem(base.pathname + key, JSON.stringify(value));
      } catch (error) {
        /* private windows and full storage: nothing is remembered */
      }
    },
  };

  /* A page's address below the site's, the same in every folder the site is put in. */
  function place(address) {
    var url = new URL(address, location.href);
    return url.pathname.slice(base.pathname.length).replace(/index\.html$/, "");
  }

  function element(name, attributes, text) {
    var made = document.createElement(name);
    Object.keys(attributes).forEach(function (key) {
      made.setAttribute(key, attributes[key]);
    });
    made.textContent = text;
    return made;
  }

  function tickNavigation() {
    var done = memory.read("done", []);
    document.querySelectorAll(".md-nav--primary a.md-nav__link[href]").forEach(function (link) {
      var isDone = done.indexOf(place(link.href)) >= 0 && link.getAttribute("href").charAt(0) !== "#";
      var tick = link.querySelector(".tick");
      if (isDone && !tick) {
        tick = element("span", { class: "tick" }, " ✓");
        tick.appendChild(element("span", { class: "hidden" }, " (done)"));
        link.querySelector(".md-ellipsis").appendChild(tick);
      } else if (!isDone && tick) {
        tick.remove();
      }
    });
  }

  function offerDone(article) {
    var here = place(location.href);
    var button = element("button", { type: "button", class: "md-button done" }, "");
    function show() {
      var isDone = memory.read("done", []).indexOf(here) >= 0;
      button.setAttribute("aria-pressed", String(isDone));
      button.textContent = isDone ? "✓ Done" : "Mark as done";
    }
    button.addEventListener("click", function () {
      var done = memory.read("done", []);
      var at = done.indexOf(here);
      if (at < 0) {
        done.push(here);
      } else {
        done.splice(at, 1);
      }
      memory.write("done", done);
      show();
      tickNavigation();
    });
    show();
    article.appendChild(button);
  }

  function offerCopy(link) {
    var button = element("button", { type: "button" }, "Copy as Markdown");
    button.addEventListener("click", function () {
      fetch(link.href)
        .then(function (answer) {
          return answer.text();
        })
        .then(function (text) {
          return navigator.clipboard.writeText(text);
        })
        .then(function () {
          button.textContent = "Copied";
        })
        .catch(function () {
          location.href = link.href;
        });
      setTimeout(function () {
        button.textContent = "Copy as Markdown";
      }, 2000);
    });
    link.insertAdjacentElement("afterend", button);
  }

  function offerContinue(spot) {
    var last = memory.read("last", null);
    if (last) {
      spot.appendChild(element("a", { class: "md-button", href: new URL(last.place, base).href }, "Continue: " + last.title));
      spot.hidden = false;
    }
  }

  /* Material puts a <nav> on every block for its copy button; each such landmark needs a name of its own.
     It wraps tables to let them scroll; by keyboard they must be reachable for that. */
  function mendMaterial() {
    document.querySelectorAll("nav.md-code__nav").forEach(function (nav, number) {
      nav.setAttribute("aria-label", "Code block " + (number + 1));
    });
    document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])").forEach(function (table) {
      table.setAttribute("tabindex", "0");
    });
    document.querySelectorAll("figure.plot").forEach(function (figure) {
      if (figure.scrollWidth > figure.clientWidth) {
        figure.setAttribute("tabindex", "0");
      }
    });
  }

  /* A browser may bring a reloaded page back with its menu open. */
  document.querySelectorAll("input[data-md-toggle]").forEach(function (toggle) {
    toggle.checked = false;
  });
  var article = document.querySelector("article");
  new MutationObserver(mendMaterial).observe(article, { childList: true, subtree: true });
  mendMaterial();
  var toolbar = document.querySelector(".toolbar");
  if (toolbar) {
    if (location.protocol !== "file:") {
      offerCopy(toolbar.querySelector(".copy-page"));
    }
    if (/^(tensors|networks|training|better|evaluation|labs)\//.test(place(location.href))) {
      offerDone(article);
      memory.write("last", { place: place(location.href), title: document.querySelector("h1").firstChild.textContent });
    }
  }
  var spot = document.getElementById("continue");
  if (spot) {
    offerContinue(spot);
  }
  tickNavigation();
})();
