/* What this course remembers of its reader, in the browser alone: lessons marked as done, and where to continue. */

const config = JSON.parse(document.getElementById("__config").textContent);
const base = new URL(config.base.replace(/\/?$/, "/"), location.href);

const memory = {
  read(key, fallback) {
    try {
      return JSON.parse(localStorage.getItem(base.pathname + key)) ?? fallback;
    } catch {
      return fallback;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(base.pathname + key, JSON.stringify(value));
    } catch {
      /* private windows and full storage: nothing is remembered */
    }
  },
};

/* A page's address below the site's, the same in every folder the site is put in. */
function place(address) {
  return new URL(address, location.href).pathname.slice(base.pathname.length).replace(/index\.html$/, "");
}

function element(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...content);
  return made;
}

function tickNavigation() {
  const done = memory.read("done", []);
  for (const link of document.querySelectorAll(".md-nav--primary a.md-nav__link:not([href^='#'])")) {
    link.querySelector(".tick")?.remove();
    if (done.includes(place(link.href))) {
      const tick = element("span", { class: "tick" }, " ✓", element("span", { class: "hidden" }, " (done)"));
      link.querySelector(".md-ellipsis").append(tick);
    }
  }
}

function offerDone(here) {
  const button = element("button", { type: "button", class: "md-button done" });
  const isDone = () => memory.read("done", []).includes(here);
  const show = () => {
    button.setAttribute("aria-pressed", isDone());
    button.textContent = isDone() ? "✓ Done" : "Mark as done";
  };
  button.addEventListener("click", () => {
    const others = memory.read("done", []).filter((done) => done !== here);
    memory.write("done", isDone() ? others : [...others, here]);
    show();
    tickNavigation();
  });
  show();
  document.querySelector("article").append(button);
}

if (document.querySelector(".toolbar[data-lesson]")) {
  const here = place(location.href);
  offerDone(here);
  memory.write("last", { place: here, title: document.querySelector("h1").firstChild.textContent });
}
const spot = document.getElementById("continue");
const last = memory.read("last", null);
if (spot && last) {
  spot.append(element("a", { class: "md-button", href: new URL(last.place, base) }, `Continue: ${last.title}`));
  spot.hidden = false;
}
tickNavigation();
