import { bars, button, make, set, softmax } from "explore/kit";

const INK = 16;
const BRUSH = [[0, 0, INK], [0, 1, 4], [0, -1, 4], [1, 0, 4], [-1, 0, 4]];
const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -8, ArrowDown: 8 };

export default function (box, data) {
  make(box, "p", {}, "Draw a digit with the mouse or a finger. By keyboard: arrows move, space sets ink.");
  const grid = make(box, "div", { class: "grid", role: "group", "aria-label": "Drawing of 8 by 8 pixels" });
  const cells = Array.from({ length: 64 }, (_, i) =>
    make(grid, "button", { type: "button", tabindex: i ? -1 : 0, "data-cell": i })
  );
  const buttons = make(box, "p");
  const said = make(box, "p", { class: "said", role: "status" });
  const show = bars(box, data.names);
  let ink = cells.map(() => 0);
  let drawing = false;
  let shown = -1;

  function dab(cell) {
    const row = Math.floor(cell / 8);
    const column = cell % 8;
    for (const [down, right, amount] of BRUSH) {
      const r = row + down;
      const c = column + right;
      if (r >= 0 && r < 8 && c >= 0 && c < 8) {
        ink[8 * r + c] = Math.max(ink[8 * r + c], amount);
      }
    }
    draw();
  }

  grid.addEventListener("pointerdown", (event) => {
    drawing = true;
    if (event.target.dataset.cell) {
      dab(+event.target.dataset.cell);
    }
    event.preventDefault();
  });
  grid.addEventListener("pointermove", (event) => {
    /* A finger's events all name the cell it came down on. */
    const under = document.elementFromPoint(event.clientX, event.clientY);
    if (drawing && under?.parentNode === grid) {
      dab(+under.dataset.cell);
    }
  });
  document.addEventListener("pointerup", () => {
    drawing = false;
  });
  grid.addEventListener("keydown", (event) => {
    const at = +event.target.dataset.cell;
    const to = at + MOVES[event.key];
    if (event.key === " " || event.key === "Enter") {
      dab(at);
    } else if (to >= 0 && to < 64) {
      cells[at].tabIndex = -1;
      cells[to].tabIndex = 0;
      cells[to].focus();
    } else {
      return;
    }
    event.preventDefault();
  });
  button(buttons, "Clear", () => fill(ink.map(() => 0)));
  button(buttons, "Show a digit of the data set", () => {
    shown = (shown + 1) % data.examples.length;
    fill(data.examples[shown].pixels);
  });

  function fill(pixels) {
    ink = [...pixels];
    draw();
  }

  function chances() {
    let values = ink.map((value) => value / INK);
    data.layers.forEach(({ weight, bias }, depth) => {
      values = bias.map((start, row) => weight[row].reduce((sum, w, column) => sum + w * values[column], start));
      if (depth + 1 < data.layers.length) {
        values = values.map((value) => 1 / (1 + Math.exp(-value)));
      }
    });
    return softmax(values);
  }

  function draw() {
    cells.forEach((cell, i) => {
      cell.style.setProperty("--ink", ink[i] / INK);
      set(cell, { "aria-label": `row ${Math.floor(i / 8) + 1}, column ${(i % 8) + 1}, ink ${ink[i]}` });
    });
    const found = chances();
    const best = data.names[found.indexOf(Math.max(...found))];
    said.textContent = ink.some(Boolean) ? `The network reads a ${best}.` : "Nothing is drawn yet.";
    show(found);
  }

  draw();
}
