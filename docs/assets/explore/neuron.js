import { make, set, slider } from "explore/kit";

const place = ([x, y]) => [160 + 50 * x, 160 - 50 * y];

export default function (box, data) {
  make(box, "p", {}, "Move the weights and the bias. The line is where the neuron answers 0.5.");
  const controls = make(box, "div", { class: "controls" });
  const picture = make(box, "svg", { viewBox: "0 0 320 320", role: "img", class: "canvas" });
  make(picture, "title", {}, "Points of two kinds and the line on which the neuron answers 0.5");
  make(picture, "path", { d: "M0 160H320M160 0V320", class: "axis" });
  const line = make(picture, "line", { class: "border" });
  const marks = data.points.map((point, i) => {
    const d = data.labels[i] ? "M-5-5H5V5H-5Z" : "M-6 0A6 6 0 1 0 6 0A6 6 0 1 0-6 0";
    return make(picture, "path", { d, transform: `translate(${place(point)})`, class: `point c${data.labels[i]}` });
  });
  const said = make(box, "p", { class: "said", role: "status" });
  const w1 = slider(controls, "weight 1", -3, 3, 0.1, data.start[0], draw);
  const w2 = slider(controls, "weight 2", -3, 3, 0.1, data.start[1], draw);
  const b = slider(controls, "bias", -3, 3, 0.1, data.start[2], draw);

  function answer([x, y]) {
    return 1 / (1 + Math.exp(-(w1.value * x + w2.value * y + b.value)));
  }

  function draw() {
    const size = Math.hypot(w1.value, w2.value);
    const right = data.points.filter((point, i) => {
      const isRight = answer(point) > 0.5 === (data.labels[i] === 1);
      marks[i].classList.toggle("missed", !isRight);
      return isRight;
    });
    if (size > 0) {
      const [nearX, nearY] = [w1, w2].map((w) => (-b.value * w.value) / size / size);
      const [alongX, alongY] = [(-w2.value / size) * 9, (w1.value / size) * 9];
      const [x1, y1] = place([nearX - alongX, nearY - alongY]);
      const [x2, y2] = place([nearX + alongX, nearY + alongY]);
      set(line, { x1, y1, x2, y2, visibility: "visible" });
    } else {
      set(line, { visibility: "hidden" });
    }
    said.textContent = `${right.length} of ${data.points.length} right. For the point (1, 2) the neuron answers `;
    make(said, "output", { "data-name": "answer" }, answer([1, 2]).toFixed(4));
  }

  draw();
}
