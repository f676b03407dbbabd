import { bars, make, slider, softmax } from "explore/kit";

export default function (box, data) {
  make(box, "p", {}, "Move the three logits and the temperature they are divided by.");
  const controls = make(box, "div", { class: "controls" });
  const logits = data.names.map((name, i) => slider(controls, `logit of ${name}`, -5, 5, 0.1, data.logits[i], draw));
  const temperature = slider(controls, "temperature", 0.1, 5, 0.1, 1, draw);
  const show = bars(box, data.names);

  function draw() {
    show(softmax(logits.map((logit) => logit.value / temperature.value)));
  }

  draw();
}
