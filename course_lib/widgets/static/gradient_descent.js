// Gradient descent on a surface: the path on its map; beside it losses and gradients, and why it ended.

const CHART = { left: 50, width: 350, loss: { top: 16, height: 132 }, gradient: { top: 190, height: 112, low: 0.0005, high: 100 } };

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-descent");
    const control = Object.fromEntries(page.controls.map((one) => [one.name, one]));
    let latest, shown;

    /** The control of the start, within the map that is shown. */
    const within = (name) => {
      const { bounds } = page.surfaces[latest.values.surface];
      const [low, high] = name === "a" ? bounds.slice(0, 2) : bounds.slice(2);
      const { min, max, step } = control[name], inner = (value) => Number((value * step).toFixed(4));
      return { ...control[name], min: Math.max(min, inner(Math.ceil(low / step))), max: Math.min(max, inner(Math.floor(high / step))) };
    };

    // ---- the map
    const { map, above, x, y, show: show_surface } = landscape("loss over two weights, with the path of descent", ([a, b]) =>
      send({ a: nearest(within("a"), a), b: nearest(within("b"), b) }));
    const way = svg("path", { class: "way" }), dots = svg("g", { class: "dots" }), head = svg("circle", { class: "head", r: 5 });
    const handle = svg("circle", { class: "handle", r: 8 });
    above.append(way, dots, head, handle);

    // ---- losses and gradients over the steps
    const chart = svg("svg", { class: "chart", viewBox: "0 -8 420 358", role: "img", "aria-label": "loss and length of the gradient over the steps" });
    const axes = svg("g"), curves = { loss: svg("path", { class: "curve" }), gradient: svg("path", { class: "curve" }) };
    const bar = svg("line", { class: "bar", x1: CHART.left, x2: CHART.left + CHART.width }), bar_name = svg("text", { class: "small", "text-anchor": "end", x: CHART.left + CHART.width });
    const least = svg("line", { class: "least", x1: CHART.left, x2: CHART.left + CHART.width });
    const judged = svg("g", { class: "judged" });
    chart.append(axes, least, bar, curves.loss, curves.gradient, judged, bar_name);
    const across = (step) => CHART.left + CHART.width * step / latest.values.budget;
    const height = ({ top, height, low, high }, value) =>
      top + height * Math.log(high / Math.min(high, Math.max(low, value))) / Math.log(high / low);

    // ---- controls
    const names = ["rate", "a", "b", "patience", "budget"];
    const sliders = Object.fromEntries(names.map((name) => [name, slider(control[name], control[name].default, send)]));
    const surface = segments(control.surface, control.surface.default, (given) => {
      const [a, b] = page.surfaces[given.surface].start;
      send({ ...given, a, b });
    });
    const tolerance = segments(control.tolerance, control.tolerance.default, send);
    const verdict = html("p", { class: "verdict" }), numbers = html("p", { class: "numbers" });

    root.append(
      html("div", { class: "top" }, surface, sliders.rate),
      html("div", { class: "views" },
        html("div", {}, map, html("p", { class: "key" }, "Lines of equal loss; cross: a lowest point. Ring: the start, drag it."), html("div", { class: "start" }, sliders.a, sliders.b)),
        html("div", {}, chart, verdict, numbers)),
      html("div", { class: "rule" }, html("div", {}, html("span", {}, "tolerance"), tolerance), sliders.patience, sliders.budget));

    function frame() {
      const { surface: name, budget } = latest.values;
      [CHART.loss.low, CHART.loss.high] = page.surfaces[name].losses;
      const parts = [];
      for (const [title, panel] of [["loss", CHART.loss], ["length of the gradient", CHART.gradient]]) {
        const bottom = panel.top + panel.height;
        for (let power = Math.ceil(Math.log10(panel.low)); 10 ** power <= panel.high; power += 1) parts.push(
          svg("line", { class: "grid", x1: CHART.left, x2: CHART.left + CHART.width, y1: height(panel, 10 ** power), y2: height(panel, 10 ** power) }),
          svg("text", { class: "small", x: CHART.left - 7, y: height(panel, 10 ** power) + 4, "text-anchor": "end" }, show(10 ** power, 3)));
        parts.push(svg("text", { class: "small", x: CHART.left, y: panel.top - 7 }, title),
          svg("line", { class: "end", x1: CHART.left + CHART.width, x2: CHART.left + CHART.width, y1: panel.top, y2: bottom }));
      }
      const bottom = CHART.gradient.top + CHART.gradient.height;
      for (const step of [0, budget / 2, budget]) parts.push(
        svg("text", { class: "small", x: across(step), y: bottom + 17, "text-anchor": "middle" }, show(step, 0)));
      parts.push(svg("text", { class: "small", x: CHART.left + CHART.width / 2, y: bottom + 35, "text-anchor": "middle" }, "steps; the right edge is the budget"));
      axes.replaceChildren(...parts);
    }

    function draw() {
      const { result, values } = latest, { points, losses, lengths } = result, steps = points.length - 1;
      const seen = points.map(([a, b]) => [x(a), y(b)]);
      way.setAttribute("d", "M" + line(seen));
      dots.replaceChildren(...(steps > 250 ? [] : seen.map(([cx, cy]) => svg("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: 2.2 }))));
      head.setAttribute("cx", seen.at(-1)[0].toFixed(1));
      head.setAttribute("cy", seen.at(-1)[1].toFixed(1));
      curves.loss.setAttribute("d", "M" + line(losses.map((loss, k) => [across(k), height(CHART.loss, loss)])));
      curves.gradient.setAttribute("d", "M" + line(lengths.map((length, k) => [across(k), height(CHART.gradient, length)])));
      const at = height(CHART.gradient, values.tolerance);
      bar.setAttribute("y1", at);
      bar.setAttribute("y2", at);
      bar_name.setAttribute("y", at - 5);
      bar_name.textContent = `tolerance ${values.tolerance}`;
      const floor = height(CHART.loss, page.surfaces[values.surface].least);
      least.setAttribute("y1", floor);
      least.setAttribute("y2", floor);
      const looked = Math.min(values.patience, lengths.length);
      judged.replaceChildren(...lengths.slice(-looked).map((length, k) =>
        svg("circle", { cx: across(steps + 1 - looked + k).toFixed(1), cy: height(CHART.gradient, length).toFixed(1), r: 3 })));
      verdict.textContent = result.why;
      verdict.dataset.ended = result.ended;
      const [a, b] = points.at(-1);
      numbers.textContent = result.ended === "diverged" ? `Loss ${short(losses.at(-1))}.`
        : `At (${show(a, 3)}, ${show(b, 3)}) the loss is ${show(losses.at(-1), 3)}; lowest possible: ${show(page.surfaces[values.surface].least, 3)}.`;
    }

    return (result, values) => {
      latest = { result, values };
      if (shown !== values.surface) show_surface(page.surfaces[values.surface]);
      shown = values.surface;
      for (const name of names) {
        const [text, input] = sliders[name].children, one = name === "a" || name === "b" ? within(name) : control[name];
        const label = name === "a" || name === "b" ? `start: ${page.surfaces[shown].names[name === "a" ? 0 : 1]}` : one.label;
        text.textContent = `${label} ${show(values[name], 3)}`;
        [input.min, input.max] = [one.min, one.max];
        input.value = values[name];
      }
      for (const [fieldset, name] of [[surface, "surface"], [tolerance, "tolerance"]])
        for (const input of fieldset.querySelectorAll("input")) input.checked = input.value === String(values[name]);
      handle.setAttribute("cx", x(values.a));
      handle.setAttribute("cy", y(values.b));
      frame();
      draw();
    };
  }),
};
