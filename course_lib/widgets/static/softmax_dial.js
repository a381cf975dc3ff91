// Softmax under a temperature: scores and probabilities as rows, the right class among them, its loss on the curve.

const BOX = { left: 34, top: 16, width: 330, height: 252 }, TOP = 10;

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-dial");
    const [temperature, right] = page.controls;
    const dial = slider(temperature, temperature.default, send);
    const said = html("b");
    dial.firstChild.replaceChildren("temperature ", said);

    const fixed = (value) => value.toFixed(2).replace("-", "−");   // so that the points of a column stand in line

    // ---- a row for each class; its radio button makes it the right one
    const group = `right-${Math.random().toString(36).slice(2)}`;
    const rows = right.options.map((name, k) => {
      const input = html("input", { type: "radio", name: group, value: name, "aria-label": `${name} is the right class` });
      input.addEventListener("change", () => send({ right: name }));
      const scaled = html("span", { class: "n" }), bar = html("div", { class: "bar" }), p = html("span", { class: "p" });
      const whole = html("label", { class: "row" }, input, html("span", {}, name),
        html("span", { class: "n" }, fixed(page.scores[k])), scaled, html("div", { class: "space" }, bar, p));
      return { whole, input, scaled, bar, p };
    });
    const head = html("div", { class: "row head" }, html("span"), html("span", {}, "the right class"),
      html("span", { class: "n" }, "score"), html("span", { class: "n" }, "score / temp."), html("span", {}, "its probability"));
    const list = html("fieldset", {}, html("legend", { class: "sr" }, right.label), head, ...rows.map((row) => row.whole));

    // ---- −ln p
    const x = (p) => BOX.left + BOX.width * p;
    const y = (loss) => BOX.top + BOX.height * (1 - Math.min(loss, TOP) / TOP);
    const chart = svg("svg", { viewBox: "0 0 380 316", role: "img", "aria-label": "loss over the probability of the right class" });
    for (let loss = 0; loss <= TOP; loss += 2) chart.append(
      svg("line", { class: "grid", x1: BOX.left, x2: x(1), y1: y(loss), y2: y(loss) }),
      svg("text", { class: "small", x: BOX.left - 9, y: y(loss) + 4, "text-anchor": "end" }, show(loss)));
    for (const p of [0, 0.5, 1]) chart.append(svg("text", { class: "small", x: x(p), y: y(0) + 20, "text-anchor": "middle" }, show(p)));
    const nothing = Math.log(rows.length);
    chart.append(
      svg("text", { class: "small", x: x(0.5), y: y(0) + 38, "text-anchor": "middle" }, "probability of the right class"),
      svg("text", { class: "small", x: x(1), y: y(TOP) + 14, "text-anchor": "end" }, "its loss, −ln p"),
      svg("line", { class: "nothing", x1: BOX.left, x2: x(1), y1: y(nothing), y2: y(nothing) }));
    const level = svg("text", { class: "small", x: x(1), "text-anchor": "end" }, `knows nothing: ln ${rows.length} = ${show(nothing)}`);
    const points = [];
    for (let loss = TOP; loss > 0; loss -= 0.05) points.push(`${x(Math.exp(-loss)).toFixed(1)} ${y(loss).toFixed(1)}`);
    const mark = svg("path", { class: "mark" }), value = svg("text", { class: "value" });
    chart.append(svg("path", { class: "curve", d: `M${points.join("L")}L${x(1)} ${y(0)}` }), level, mark, value);
    root.append(dial, html("div", { class: "views" }, list, chart));

    const share = (p) => (p >= 0.01 ? percent(p, 1) : p >= 1e-4 ? percent(p, 2) : "<0.01%");

    return (result, values) => {
      said.textContent = show(values.temperature, 1);
      dial.lastChild.value = values.temperature;
      rows.forEach((row, k) => {
        const p = result.probabilities[k], chosen = right.options[k] === values.right;
        row.scaled.textContent = fixed(result.scaled[k]);
        row.bar.style.width = `calc(${p} * (100% - 4em))`;
        row.p.textContent = share(p);
        row.input.checked = chosen;
        row.whole.classList.toggle("right", chosen);
      });
      const at = right.options.indexOf(values.right), p = result.probabilities[at], a = x(p), b = y(result.loss);
      mark.setAttribute("d", result.loss > TOP ? `M${a - 8} ${b + 6}h16l-8 -14Z` : `M${a - 7} ${b}a7 7 0 1 0 14 0a7 7 0 1 0 -14 0`);
      value.textContent = `${values.right}: loss ${show(result.loss)}`;
      const early = p < 0.5;
      level.setAttribute("y", y(nothing) + (p > 0.17 ? -6 : 21));   // out of the way of the value
      value.setAttribute("text-anchor", early ? "start" : "end");
      value.setAttribute("x", early ? a + 15 : Math.min(a + 8, x(1)));
      value.setAttribute("y", Math.max(b - (early ? 6 : 22), 14));
    };
  }),
};
