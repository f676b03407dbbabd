/* What the explorables share. Each adds to a figure of its page something to move. They compute what PyTorch computes, on
   numbers that the page's own code published; a test compares the two. Everything works by mouse, touch and keyboard. */

const SVG = "http://www.w3.org/2000/svg";

export function make(parent, name, attributes = {}, text) {
  const isDrawn = parent.namespaceURI === SVG || name === "svg";
  const element = isDrawn ? document.createElementNS(SVG, name) : document.createElement(name);
  set(element, attributes);
  if (text !== undefined) {
    element.textContent = text;
  }
  parent.append(element);
  return element;
}

export function set(element, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
}

/* A labeled slider; `changed` is called with no argument whenever it moves. */
export function slider(parent, label, min, max, step, value, changed) {
  const row = make(parent, "label", { class: "slider" });
  make(row, "span", {}, label);
  const input = make(row, "input", { type: "range", min, max, step, value, "aria-label": label });
  const shown = make(row, "output", {}, value);
  input.addEventListener("input", () => {
    shown.textContent = input.value;
    changed();
  });
  return {
    get value() {
      return input.valueAsNumber;
    },
  };
}

export function button(parent, label, clicked) {
  const made = make(parent, "button", { type: "button", class: "md-button" }, label);
  made.addEventListener("click", clicked);
  return made;
}

export function softmax(scores) {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/* A bar for each name; gives the function that shows a list of values from 0 to 1. */
export function bars(parent, names) {
  const list = make(parent, "div", { class: "bars" });
  const rows = names.map((name) => {
    const row = make(list, "div", { class: "bar" });
    make(row, "span", { class: "name" }, name);
    const track = make(row, "span", { class: "track" });
    return { fill: make(track, "span", { class: "fill" }), text: make(row, "output", { "data-name": name }) };
  });
  return (values) => {
    rows.forEach(({ fill, text }, i) => {
      fill.style.width = `${100 * values[i]}%`;
      text.textContent = values[i].toFixed(4);
    });
  };
}
