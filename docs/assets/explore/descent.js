import { button, make, set, slider } from "explore/kit";

const f = (x) => x ** 4 + x ** 3 - 5 * x ** 2;
const slope = (x) => 4 * x ** 3 + 3 * x ** 2 - 10 * x;
const place = (x) => [200 + 60 * (x + 0.3), 140 - 9 * f(x)];
const pathThrough = (xs) => `M${xs.map((x) => place(x).join(" ")).join("L")}`;

export default function (box) {
  make(box, "p", {}, "Choose a start, a learning rate and a momentum, then step down the curve.");
  const controls = make(box, "div", { class: "controls" });
  const start = slider(controls, "start", -3, 2, 0.1, 1.9, reset);
  const rate = slider(controls, "learning rate", 0.005, 0.2, 0.005, 0.02, reset);
  const momentum = slider(controls, "momentum", 0, 0.95, 0.05, 0, reset);
  const picture = make(box, "svg", { viewBox: "0 0 400 260", role: "img", class: "canvas wide" });
  make(picture, "title", {}, "The curve x⁴ + x³ − 5x² and the steps taken on it");
  make(picture, "path", { d: pathThrough(Array.from({ length: 115 }, (_, i) => -3.2 + i / 20)), class: "curve" });
  const path = make(picture, "path", { class: "steps" });
  const ball = make(picture, "circle", { r: 6, class: "ball" });
  const buttons = make(box, "p");
  const said = make(box, "p", { class: "said", role: "status" });
  button(buttons, "One step", () => step(1));
  button(buttons, "Ten steps", () => step(10));
  button(buttons, "Start again", reset);
  let visited;
  let velocity;

  function reset() {
    visited = [start.value];
    velocity = 0;
    draw();
  }

  function step(count) {
    for (let i = 0; i < count; i += 1) {
      const x = visited.at(-1);
      velocity = momentum.value * velocity + slope(x);
      if (Math.abs(x) < 1e6) {
        visited.push(x - rate.value * velocity);
      }
    }
    draw();
  }

  function draw() {
    const x = visited.at(-1);
    set(path, { d: pathThrough(visited.filter((v) => Math.abs(v) < 4)) });
    const [cx, cy] = place(Math.max(-4, Math.min(4, x)));
    set(ball, { cx, cy });
    said.textContent = `After ${visited.length - 1} steps x is `;
    make(said, "output", { "data-name": "x" }, Math.abs(x) < 1e4 ? x.toFixed(4) : "far outside: the steps grow");
  }

  reset();
}
