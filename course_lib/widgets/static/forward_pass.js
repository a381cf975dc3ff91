// A forward pass through 3 → 4 → 2 neurons: every product on its line, every sum on its neuron.

const HEIGHT = 392;
const COLUMNS = [{ x: 205, half: 33 }, { x: 448, half: 82 }, { x: 728, half: 94 }];
const STEPS = ["inputs", "products", "sums", "activations", "logits", "probabilities"];

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-forward");
    const counts = [page.inputs.length, page.biases[0].length, page.outputs.length];
    const gaps = [112, 88, 176];
    const at = (column, i) => [COLUMNS[column].x, 212 + gaps[column] * (i - (counts[column] - 1) / 2)];
    let latest, chosen = [1, 0], step = STEPS.length - 1, timer;

    // ---- controls
    const values = Object.fromEntries(page.controls.map((c) => [c.name, c.default]));
    const sliders = page.controls.slice(0, -1).map((control) => slider(control, values[control.name], send));
    const choice = segments(page.controls.at(-1), values.activation, send);
    const scrub = html("input", { type: "range", min: 0, max: STEPS.length - 1, step: 1 });
    const said = html("output");
    const play = html("button", { type: "button" }, "▶ Play");
    const next = html("button", { type: "button" }, "Step");
    const bar = html("div", { class: "bar" }, choice,
      html("div", { class: "steps" }, play, next, html("label", {}, html("span", { class: "sr" }, "how far"), scrub, said)));

    // ---- the picture
    const drawing = svg("svg", { role: "group", "aria-label": "network" });
    const stage = html("div", { class: "stage" }, drawing, html("div", { class: "sliders" }, ...sliders));
    const edges = [], later = [];
    const appears = (from, element) => (later.push([from, element]), element);

    const heads = COLUMNS.map(({ x }) => svg("text", { class: "head", x, y: 18, "text-anchor": "middle" }));
    drawing.append(...heads);
    heads[2].textContent = "logit, then softmax";
    for (const layer of [0, 1]) {
      const products = svg("g"), t = layer ? 0.73 : 0.785;
      page.kernels[layer].forEach((row, i) => row.forEach((weight, j) => {
        const [x1, y1] = at(layer, i), [x2, y2] = at(layer + 1, j);
        const start = x1 + COLUMNS[layer].half, end = x2 - COLUMNS[layer + 1].half;
        const ends = { x1: start, y1, x2: end, y2 };
        const line = svg("line", { class: "edge", ...ends });
        if (!weight) return;
        const label = svg("text", { x: start + t * (end - start), y: y1 + t * (y2 - y1) + 4, "text-anchor": "middle" });
        const flow = svg("line", { class: "flow", ...ends });
        drawing.append(line, flow);
        products.append(appears(layer ? 4 : 1, label));
        appears(layer ? 4 : 1, line);
        edges.push({ layer, i, j, line, label, flow });
      }));
      drawing.append(products);
    }
    const neurons = counts.map((count, column) => Array.from({ length: count }, (_, i) => {
      const [x, y] = at(column, i), { half } = COLUMNS[column], height = column === 0 ? 42 : 62;
      const group = svg("g", { class: column ? "neuron" : "input", transform: `translate(${x} ${y})` },
        svg("rect", { class: "box", x: -half, y: -height / 2, width: 2 * half, height, rx: 9 }));
      const parts = { group };
      if (column === 0) {
        group.append(parts.out = svg("text", { class: "out", y: 6, "text-anchor": "middle" }),
          svg("text", { class: "beside", y: -27, "text-anchor": "middle" }, page.inputs[i]));
      } else {
        for (const [attribute, value] of Object.entries({ tabindex: 0, role: "button" })) group.setAttribute(attribute, value);
        const choose = () => { chosen = [column, i]; write(); };
        for (const type of ["focus", "click"]) group.addEventListener(type, choose);
        group.addEventListener("pointerenter", choose);
      }
      for (const type of ["pointerenter", "focus"]) group.addEventListener(type, () => highlight([column, i]));
      for (const type of ["pointerleave", "blur"]) group.addEventListener(type, () => highlight(null));

      const left = -half + 12, right = half - 12, bias = column && `bias ${show(page.biases[column - 1][i])}`;
      if (column === 1) {       // the activation's curve, and where this neuron stands on it
        group.append(
          svg("path", { class: "axis", d: "M-74 0H-26M-50 -22V22" }), parts.curve = svg("path", { class: "curve" }),
          appears(2, parts.dot = svg("circle", { class: "dot", r: 4 })),
          svg("text", { class: "small", x: -15, y: -14 }, bias),
          appears(2, parts.sum = svg("text", { class: "small", x: -15, y: 2 })),
          appears(3, parts.out = svg("text", { class: "out", x: right, y: 23, "text-anchor": "end" })));
      }
      if (column === 2) {
        const bar = { x: left, y: 19, height: 5, rx: 2.5 };
        group.append(
          svg("text", { class: "name", x: left, y: -11 }, page.outputs[i]),
          svg("text", { class: "small", x: right, y: -11, "text-anchor": "end" }, bias),
          appears(4, parts.sum = svg("text", { class: "small", x: left, y: 11 })),
          appears(5, parts.out = svg("text", { class: "out", x: right, y: 13, "text-anchor": "end" })),
          svg("rect", { class: "track", width: right - left, ...bar }), appears(5, parts.fill = svg("rect", { class: "fill", ...bar })));
      }
      drawing.append(group);
      return parts;
    }));

    // ---- the sum of one neuron, written out
    const formula = html("p", { class: "formula" });
    const hint = html("p", { class: "hint" });
    hint.innerHTML = 'Point at a neuron, or move to it with <kbd>Tab</kbd>: <span class="value">value</span> × <span class="weight">weight</span>, all added, and the <span class="weight">bias</span>.';

    function terms(column, j) {
      const kernel = page.kernels[column - 1], from = latest.values[column - 1];
      return kernel.map((row, i) => [from[i], row[j]]).filter(([, w]) => w !== 0);
    }
    function write() {
      const [column, j] = chosen, sum = latest.sums[column - 1][j], activation = latest.activation;
      const signed = (x) => (x < 0 ? `(${show(x)})` : show(x));
      const body = terms(column, j).map(([v, w]) => `<span class="value">${signed(v)}</span> × <span class="weight">${signed(w)}</span>`).join(" + ");
      const bias = page.biases[column - 1][j], offset = `${bias < 0 ? "−" : "+"} <span class="weight">${show(Math.abs(bias))}</span>`;
      const name = column === 1 ? `hidden ${j + 1}` : page.outputs[j];
      const after = column === 1
        ? `${activation}(${show(sum)}) = <b>${show(latest.values[1][j])}</b>`
        : `e<sup>${show(sum)}</sup> / (${latest.sums[1].map((z) => `e<sup>${show(z)}</sup>`).join(" + ")}) = <b>${percent(latest.probabilities[j], 1)}</b>`;
      formula.innerHTML = `<span><b>${name}</b>: &nbsp;${body} ${offset} = <b>${show(sum)}</b> &ensp;→&ensp; ${after}</span>`;
      formula.classList.toggle("unsaid", step < 2 * column);
      neurons.flat().forEach(({ group }) => group.classList.remove("chosen"));
      neurons[column][j].group.classList.add("chosen");
    }
    function highlight(where) {
      for (const { layer, j, i, line, label } of edges) {
        const far = where && !(layer === where[0] - 1 && j === where[1]) && !(layer === where[0] && i === where[1]);
        for (const part of [line, label]) part.classList.toggle("dim", Boolean(far));
      }
    }

    // ---- steps
    function go(to) {
      step = to;
      scrub.value = to;
      said.textContent = `${to + 1} of ${STEPS.length}: ${STEPS[to]}`;
      for (const [from, element] of later) element.classList.toggle("later", from > to);
      for (const { layer, line, flow } of edges) {
        flow.classList.toggle("now", Boolean(timer) && to === (layer ? 4 : 1) && !line.classList.contains("none"));
      }
      formula.classList.toggle("unsaid", to < 2 * chosen[0]);
    }
    function stop() {
      clearInterval(timer);
      timer = undefined;
      play.textContent = "▶ Play";
      go(step);
    }
    play.addEventListener("click", () => {
      if (timer) return stop();
      play.textContent = "❚❚ Pause";
      timer = setInterval(() => (step + 1 < STEPS.length ? go(step + 1) : stop()), 1300);
      go(step + 1 < STEPS.length ? step : 0);
    });
    next.addEventListener("click", () => { stop(); go((step + 1) % STEPS.length); });
    scrub.addEventListener("input", () => { step = Number(scrub.value); stop(); });

    // ---- sizes: beside the picture the sliders stand at their inputs, above a narrow one in a row
    sliders.forEach((label, i) => (label.style.top = `${(100 * (at(0, i)[1] - 8)) / HEIGHT}%`));
    let narrow;
    const fit = new ResizeObserver(([entry]) => {
      if (narrow === (narrow = entry.contentRect.width < 600)) return;      // a slider that is moved loses the focus
      root.classList.toggle("narrow", narrow);
      drawing.setAttribute("viewBox", narrow ? `165 0 660 ${HEIGHT}` : `0 0 825 ${HEIGHT}`);
      stage[narrow ? "prepend" : "append"](stage.querySelector(".sliders"));
    });
    fit.observe(root);
    root.append(bar, stage, formula, hint);

    return (result, { activation, ...inputs }) => {
      latest = { ...result, activation };
      heads[1].textContent = `sum, then ${activation}`;
      sliders.forEach((label, i) => (label.querySelector("input").value = inputs[page.inputs[i]]));
      choice.querySelectorAll("input").forEach((input) => (input.checked = input.value === activation));
      const largest = Math.max(1e-9, ...result.products.flat(2).map(Math.abs));
      for (const { layer, i, j, line, label } of edges) {
        const product = result.products[layer][i][j];
        const sign = Math.abs(product) < 0.005 ? "none" : product > 0 ? "plus" : "minus";
        for (const [part, kind] of [[line, "edge"], [label, "product"]]) {
          part.classList.remove("none", "plus", "minus");
          part.classList.add(kind, sign);
        }
        line.style.strokeWidth = sign === "none" ? 1 : 1 + (9 * Math.abs(product)) / largest;
        label.textContent = sign === "none" ? "" : show(product);
      }
      const y = page.curves[activation], tall = Math.max(...y.map(Math.abs)) > 2 ? 6.5 : 1.3;
      const place = (z, f) => [-50 + 4 * Math.max(-6, Math.min(6, z)), -(22 * Math.max(-tall, Math.min(tall, f))) / tall];
      const path = "M" + page.curve_z.map((z, k) => place(z, y[k]).map((v) => v.toFixed(1)).join(" ")).join("L");
      neurons.forEach((column, c) => column.forEach((parts, i) => {
        if (c === 0) { parts.out.textContent = show(result.values[0][i]); return; }
        const sum = result.sums[c - 1][i];
        parts.sum.textContent = `${c === 1 ? "sum" : "logit"} ${show(sum)}`;
        parts.out.textContent = c === 1 ? show(result.values[1][i]) : percent(result.probabilities[i], 1);
        if (c === 1) {
          const [x, height] = place(sum, result.values[1][i]);
          parts.curve.setAttribute("d", path);
          parts.dot.setAttribute("cx", x);
          parts.dot.setAttribute("cy", height);
          parts.group.classList.toggle("asleep", Math.abs(result.values[1][i]) < 0.005);
        } else {
          parts.fill.setAttribute("width", (2 * COLUMNS[2].half - 24) * result.probabilities[i]);
        }
        const what = c === 1 ? `hidden neuron ${i + 1}: sum ${show(sum)}, sends ${show(result.values[1][i])}` : `${page.outputs[i]}: logit ${show(sum)}, ${percent(result.probabilities[i], 1)}`;
        parts.group.setAttribute("aria-label", what);
      }));
      write();
      go(step);
    };
  }),
};
