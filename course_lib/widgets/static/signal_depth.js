// Size of the signal on its way up and of the gradient on its way down, over the layers of a deep stack.

const CHART = { left: 52, top: 30, width: 560, height: 250, low: -16, high: 8 };

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-depth");
    const values = Object.fromEntries(page.controls.map((one) => [one.name, one.default]));
    const [activation, ...sliders] = page.controls;
    const choice = segments(activation, values.activation, send);
    const settings = sliders.map((one) => slider(one, one.default, send));
    root.append(html("div", { class: "settings" }, choice, ...settings));

    const y = (size) => CHART.top + CHART.height * (CHART.high - Math.log10(size)) / (CHART.high - CHART.low);
    const chart = svg("svg", { viewBox: "0 0 640 326", role: "img", "aria-label": "size of signal and gradient over the layers, logarithmic" });
    const clip = "clip-" + Math.random().toString(36).slice(2);
    chart.append(svg("defs", {}, svg("clipPath", { id: clip }, svg("rect", { x: CHART.left - 8, y: CHART.top, width: CHART.width + 16, height: CHART.height }))));
    for (let exponent = CHART.low; exponent <= CHART.high; exponent += 4) {
      const label = svg("text", { class: "small", x: CHART.left - 14, y: y(10 ** exponent) + 4, "text-anchor": "end" }, exponent ? "10" : "1");
      if (exponent) label.append(svg("tspan", { dy: -5, "font-size": 9 }, show(exponent)));
      chart.append(svg("line", { class: exponent ? "grid" : "one", x1: CHART.left - 8, x2: CHART.left + CHART.width + 8, y1: y(10 ** exponent), y2: y(10 ** exponent) }), label);
    }
    chart.append(
      svg("text", { class: "name signal", x: CHART.left - 8, y: 17 }, "signal, up →"),
      svg("text", { class: "name gradient", x: CHART.left + CHART.width + 8, y: 17, "text-anchor": "end" }, "← gradient, down"),
      svg("text", { class: "small", x: CHART.left + CHART.width / 2, y: CHART.top + CHART.height + 38, "text-anchor": "middle" }, "layer"));
    const inside = svg("g", { "clip-path": `url(#${clip})` }), ticks = svg("g");
    const lines = {}, dots = {};
    for (const name of ["gradient", "signal"]) {
      lines[name] = svg("path", { class: `line ${name}` });
      dots[name] = svg("g", { class: `dots ${name}` });
      inside.append(lines[name], dots[name]);
    }
    chart.append(inside, ticks);
    const said = ["signal", "gradient"].map((name) => html("p", { class: name }));
    root.append(chart, html("div", { class: "said" }, ...said));

    return (result, values) => {
      sliders.forEach((one, k) => {
        settings[k].firstChild.textContent = `${one.label} ${show(values[one.name], 2)}`;
        settings[k].lastChild.value = values[one.name];
      });
      const x = (layer) => CHART.left + CHART.width * layer / values.depth;
      for (const name of ["signal", "gradient"]) {
        const points = result[name].map((size, layer) => [x(layer).toFixed(1), Math.max(-999, Math.min(9e3, y(size))).toFixed(1)]);
        const end = name === "signal" ? values.depth : 0;
        lines[name].setAttribute("d", "M" + points.map((point) => point.join(" ")).join("L"));
        dots[name].replaceChildren(...points.map(([cx, cy], layer) => svg("circle", { cx, cy, r: layer === end ? 5.5 : 2.6 })));
      }
      const step = values.depth > 24 ? 10 : values.depth > 9 ? 5 : 1;
      ticks.replaceChildren(...Array.from({ length: values.depth + 1 }, (_, layer) => layer)
        .filter((layer) => layer === values.depth || layer % step === 0 && values.depth - layer > step / 2)
        .map((layer) => svg("text", { class: "small", x: x(layer), y: CHART.top + CHART.height + 19, "text-anchor": "middle" }, layer)));
      result.said.forEach((text, k) => (said[k].textContent = text));
    };
  }),
};
