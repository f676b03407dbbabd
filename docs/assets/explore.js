/* Explorables: each adds to a figure of its page something to move. They compute what PyTorch computes, on numbers that
   the page's own code published; a test compares the two. Everything works by mouse, touch and keyboard. */
(function () {
  "use strict";

  var SVG = "http://www.w3.org/2000/svg";

  function make(parent, name, attributes, text) {
    var element = parent.namespaceURI === SVG || name === "svg" ? document.createElementNS(SVG, name) : document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) {
      element.setAttribute(key, attributes[key]);
    });
    if (text !== undefined) {
      element.textContent = text;
    }
    parent.appendChild(element);
    return element;
  }

  function set(element, attributes) {
    Object.keys(attributes).forEach(function (key) {
      element.setAttribute(key, attributes[key]);
    });
  }

  /* A labelled slider; `changed` is called with no argument whenever it moves. */
  function slider(parent, label, low, high, step, value, changed) {
    var row = make(parent, "label", { class: "slider" });
    make(row, "span", {}, label);
    var input = make(row, "input", { type: "range", min: low, max: high, step: step, value: value, "aria-label": label });
    var shown = make(row, "output", {}, value);
    input.addEventListener("input", function () {
      shown.textContent = input.value;
      changed();
    });
    return {
      get value() {
        return parseFloat(input.value);
      },
    };
  }

  function button(parent, label, clicked) {
    var made = make(parent, "button", { type: "button", class: "md-button" }, label);
    made.addEventListener("click", clicked);
    return made;
  }

  function softmax(scores) {
    var largest = Math.max.apply(null, scores);
    var powers = scores.map(function (score) {
      return Math.exp(score - largest);
    });
    var sum = powers.reduce(function (a, b) {
      return a + b;
    });
    return powers.map(function (power) {
      return power / sum;
    });
  }

  function bars(parent, names) {
    var list = make(parent, "div", { class: "bars" });
    var rows = names.map(function (name) {
      var row = make(list, "div", { class: "bar" });
      make(row, "span", { class: "name" }, name);
      var track = make(row, "span", { class: "track" });
      return { fill: make(track, "span", { class: "fill" }), text: make(row, "output", { "data-name": name }) };
    });
    return function (values) {
      rows.forEach(function (row, i) {
        row.fill.style.width = 100 * values[i] + "%";
        row.text.textContent = values[i].toFixed(4);
      });
    };
  }

  function neuron(box, data) {
    make(box, "p", {}, "Move the weights and the bias. The line is where the neuron answers 0.5.");
    var controls = make(box, "div", { class: "controls" });
    var picture = make(box, "svg", { viewBox: "0 0 320 320", role: "img", class: "canvas" });
    make(picture, "title", {}, "Points of two kinds and the line on which the neuron answers 0.5");
    function place(x) {
      return [160 + 50 * x[0], 160 - 50 * x[1]];
    }
    make(picture, "path", { d: "M0 160H320M160 0V320", class: "axis" });
    var line = make(picture, "line", { class: "border" });
    var marks = data.points.map(function (x, i) {
      var at = place(x);
      var mark = data.labels[i] ? "M-5-5H5V5H-5Z" : "M-6 0A6 6 0 1 0 6 0A6 6 0 1 0-6 0";
      return make(picture, "path", { d: mark, transform: "translate(" + at + ")", class: "point c" + data.labels[i] });
    });
    var said = make(box, "p", { class: "said", role: "status" });
    var w1 = slider(controls, "weight 1", -3, 3, 0.1, 1, draw);
    var w2 = slider(controls, "weight 2", -3, 3, 0.1, -1, draw);
    var b = slider(controls, "bias", -3, 3, 0.1, 0, draw);
    function answer(x) {
      return 1 / (1 + Math.exp(-(w1.value * x[0] + w2.value * x[1] + b.value)));
    }
    function draw() {
      var size = Math.hypot(w1.value, w2.value);
      var right = data.points.filter(function (x, i) {
        var isRight = answer(x) > 0.5 === (data.labels[i] === 1);
        marks[i].classList.toggle("missed", !isRight);
        return isRight;
      }).length;
      if (size > 0) {
        var near = [(-b.value * w1.value) / size / size, (-b.value * w2.value) / size / size];
        var along = [(-w2.value / size) * 9, (w1.value / size) * 9];
        var from = place([near[0] - along[0], near[1] - along[1]]);
        var to = place([near[0] + along[0], near[1] + along[1]]);
        set(line, { x1: from[0], y1: from[1], x2: to[0], y2: to[1], visibility: "visible" });
      } else {
        line.setAttribute("visibility", "hidden");
      }
      said.textContent = right + " of " + data.points.length + " right. For the point (1, 2) the neuron answers ";
      make(said, "output", { "data-name": "answer" }, answer([1, 2]).toFixed(4));
    }
    draw();
  }

  function temperature(box, data) {
    make(box, "p", {}, "Move the three logits and the temperature they are divided by.");
    var controls = make(box, "div", { class: "controls" });
    var sliders = data.names.map(function (name, i) {
      return slider(controls, "logit of " + name, -5, 5, 0.1, data.logits[i], draw);
    });
    var heat = slider(controls, "temperature", 0.1, 5, 0.1, 1, draw);
    var show = bars(box, data.names);
    function draw() {
      show(
        softmax(
          sliders.map(function (s) {
            return s.value / heat.value;
          })
        )
      );
    }
    draw();
  }

  function descent(box, data) {
    make(box, "p", {}, "Choose a start, a learning rate and a momentum, then step down the curve.");
    var controls = make(box, "div", { class: "controls" });
    var start = slider(controls, "start", -3, 2, 0.1, 1.9, reset);
    var rate = slider(controls, "learning rate", 0.005, 0.2, 0.005, 0.02, reset);
    var momentum = slider(controls, "momentum", 0, 0.95, 0.05, 0, reset);
    var picture = make(box, "svg", { viewBox: "0 0 400 260", role: "img", class: "canvas wide" });
    make(picture, "title", {}, "The curve x⁴ + x³ − 5x² and the steps taken on it");
    function f(x) {
      return x * x * x * x + x * x * x - 5 * x * x;
    }
    function slope(x) {
      return 4 * x * x * x + 3 * x * x - 10 * x;
    }
    function place(x) {
      return [200 + 60 * (x + 0.3), 140 - 9 * f(x)];
    }
    var curve = [];
    for (var x = -3.2; x <= 2.5; x += 0.05) {
      curve.push(place(x).join(" "));
    }
    make(picture, "path", { d: "M" + curve.join("L"), class: "curve" });
    var path = make(picture, "path", { class: "steps" });
    var ball = make(picture, "circle", { r: 6, class: "ball" });
    var buttons = make(box, "p");
    var said = make(box, "p", { class: "said", role: "status" });
    button(buttons, "One step", function () {
      step(1);
    });
    button(buttons, "Ten steps", function () {
      step(10);
    });
    button(buttons, "Start again", reset);
    var visited, velocity;
    function reset() {
      visited = [start.value];
      velocity = 0;
      draw();
    }
    function step(count) {
      for (var i = 0; i < count; i += 1) {
        var x = visited[visited.length - 1];
        velocity = momentum.value * velocity + slope(x);
        if (Math.abs(x) < 1e6) {
          visited.push(x - rate.value * velocity);
        }
      }
      draw();
    }
    function draw() {
      var x = visited[visited.length - 1];
      var seen = visited.filter(function (v) {
        return Math.abs(v) < 4;
      });
      set(path, { d: "M" + seen.map(function (v) { return place(v).join(" "); }).join("L") });
      var at = place(Math.max(-4, Math.min(4, x)));
      set(ball, { cx: at[0], cy: at[1] });
      said.textContent = "After " + (visited.length - 1) + " steps x is ";
      make(said, "output", { "data-name": "x" }, Math.abs(x) < 1e4 ? x.toFixed(4) : "far outside: the steps grow");
    }
    reset();
  }

  function digit(box, data) {
    make(box, "p", {}, "Draw a digit with the mouse or a finger. By keyboard: arrows move, space sets ink.");
    var grid = make(box, "div", { class: "grid", role: "group", "aria-label": "Drawing of 8 by 8 pixels" });
    var ink = [];
    var cells = [];
    var drawing = false;
    for (var i = 0; i < 64; i += 1) {
      ink.push(0);
      cells.push(make(grid, "button", { type: "button", tabindex: i ? -1 : 0, "data-cell": i }));
    }
    function dab(cell) {
      var row = Math.floor(cell / 8);
      var column = cell % 8;
      [[0, 0, 16], [0, 1, 4], [0, -1, 4], [1, 0, 4], [-1, 0, 4]].forEach(function (d) {
        var r = row + d[0];
        var c = column + d[1];
        if (r >= 0 && r < 8 && c >= 0 && c < 8) {
          ink[8 * r + c] = Math.min(16, Math.max(ink[8 * r + c], d[2]));
        }
      });
      draw();
    }
    grid.addEventListener("pointerdown", function (event) {
      drawing = true;
      if (event.target.dataset.cell) {
        dab(+event.target.dataset.cell);
      }
      event.preventDefault();
    });
    grid.addEventListener("pointermove", function (event) {
      var under = document.elementFromPoint(event.clientX, event.clientY);
      if (drawing && under && under.parentNode === grid) {
        dab(+under.dataset.cell);
      }
    });
    document.addEventListener("pointerup", function () {
      drawing = false;
    });
    grid.addEventListener("keydown", function (event) {
      var at = +event.target.dataset.cell;
      var move = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -8, ArrowDown: 8 }[event.key];
      if (event.key === " " || event.key === "Enter") {
        dab(at);
      } else if (move && at + move >= 0 && at + move < 64) {
        cells[at].tabIndex = -1;
        cells[at + move].tabIndex = 0;
        cells[at + move].focus();
      } else {
        return;
      }
      event.preventDefault();
    });
    var buttons = make(box, "p");
    button(buttons, "Clear", function () {
      fill(ink.map(function () { return 0; }));
    });
    button(buttons, "Show a digit of the data set", function () {
      shown = (shown + 1) % data.examples.length;
      fill(data.examples[shown].pixels);
    });
    var shown = -1;
    var said = make(box, "p", { class: "said", role: "status" });
    var show = bars(box, data.names);
    function fill(pixels) {
      ink = pixels.slice();
      draw();
    }
    function forward(values) {
      data.layers.forEach(function (layer, depth) {
        values = layer.bias.map(function (bias, row) {
          return layer.weight[row].reduce(function (sum, weight, column) {
            return sum + weight * values[column];
          }, bias);
        });
        if (depth + 1 < data.layers.length) {
          values = values.map(function (value) {
            return Math.max(0, value);
          });
        }
      });
      return softmax(values);
    }
    function draw() {
      cells.forEach(function (cell, i) {
        cell.style.setProperty("--ink", ink[i] / 16);
        cell.setAttribute("aria-label", "row " + (Math.floor(i / 8) + 1) + ", column " + ((i % 8) + 1) + ", ink " + ink[i]);
      });
      var chances = forward(ink.map(function (value) { return value / 16; }));
      var best = chances.indexOf(Math.max.apply(null, chances));
      var empty = Math.max.apply(null, ink) === 0;
      said.textContent = empty ? "Nothing is drawn yet." : "The network reads a " + data.names[best] + ".";
      show(chances);
    }
    draw();
  }

  var kinds = { neuron: neuron, temperature: temperature, descent: descent, digit: digit };
  document.querySelectorAll(".explore").forEach(function (box) {
    var data = JSON.parse(box.querySelector("script").textContent);
    kinds[box.dataset.explore](box, data);
  });
})();
