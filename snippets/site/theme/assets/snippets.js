/* Conveniences of every page, which reads well without them: copy a block, copy the page, scroll a figure by keyboard,
   find the words again that were searched. */

const SHOWN = 2000; // milliseconds that "Copied" is seen

const article = document.querySelector("article");
const status = document.createElement("span");
status.className = "hidden";
status.setAttribute("role", "status");

function confirm(button) {
  const before = button.textContent;
  if (before === "Copied") {
    return;
  }
  button.textContent = status.textContent = "Copied";
  setTimeout(() => {
    button.textContent = before;
    status.textContent = "";
  }, SHOWN);
}

function offerBlock(block, code) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.setAttribute("aria-label", "Copy this block");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.textContent.trimEnd());
    confirm(button);
  });
  block.append(button);
}

function offerPage(link) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy as Markdown";
  button.addEventListener("click", async () => {
    try {
      const answer = await fetch(link.href);
      await navigator.clipboard.writeText(await answer.text());
      confirm(button);
    } catch {
      location.href = link.href;
    }
  });
  link.after(button);
}

/* A page that is not served safely has no clipboard, and a file cannot fetch another. */
if (navigator.clipboard) {
  article.append(status);
  for (const block of document.querySelectorAll("div.highlight")) {
    const code = block.querySelector("pre code");
    if (code) {
      offerBlock(block, code);
    }
  }
  const link = document.querySelector(".toolbar .copy-page");
  if (link && location.protocol !== "file:") {
    offerPage(link);
  }
}

for (const figure of document.querySelectorAll("figure.plot")) {
  if (figure.scrollWidth > figure.clientWidth) {
    figure.tabIndex = 0;
  }
}

/* A prediction hides what the block below it gives, and what is said of that, until an answer is opened; without a script
   nothing is hidden. */
for (const question of document.querySelectorAll(".admonition.predict")) {
  const block = question.nextElementSibling;
  const result = block?.querySelector(".result");
  if (result) {
    const hidden = [result];
    for (let next = block.nextElementSibling; next?.matches("p, ul, ol, details.claim"); next = next.nextElementSibling) {
      hidden.push(next);
    }
    const cover = document.createElement("button");
    cover.type = "button";
    cover.className = "cover";
    cover.textContent = "Choose an answer above, or show what comes out";
    const show = () => {
      hidden.forEach((one) => one.classList.remove("unseen"));
      cover.remove();
    };
    cover.addEventListener("click", show);
    question.addEventListener("toggle", show, { capture: true, once: true });
    hidden.forEach((one) => one.classList.add("unseen"));
    result.before(cover);
  }
}

/* A browser may bring a reloaded page back with its menu open. */
for (const toggle of document.querySelectorAll("input[data-md-toggle]")) {
  toggle.checked = false;
}

/* Material's link to a page whose sections match leads there without the words to mark. */
document.querySelector(".md-search-result").addEventListener(
  "click",
  ({ target }) => {
    const link = target.closest("a");
    if (link && new URL(link.href).searchParams.get("h") === "") {
      const { value } = document.querySelector(".md-search__input");
      link.search = new URLSearchParams({ h: value });
    }
  },
  { capture: true }
);
