// The tail at scale: one call, a page that waits for the slowest of several, and a hundred such pages.

const LEFT = 8, RIGHT = 572, BOTTOM = 300;
const PANELS = { call: { base: 136, tall: 72 }, page: { base: BOTTOM, tall: 72 } };
const MARKS = [["p50", 1.16, "end"], ["mean", 1.4, "start"], ["p99", 1.16, "start"]];

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-tail");
    const [calls, slow, copy] = page.controls;
    const span = Math.log(page.high / page.low);
    const x = (t) => LEFT + (RIGHT - LEFT) * Math.log(t / page.low) / span;

    // ---- two distributions over one axis of time
    const chart = svg("svg", { viewBox: "0 0 580 326", role: "img", "aria-label": "how long one call and one page take" });
    const clip = "slow-" + Math.random().toString(36).slice(2);
    const beyond = svg("rect", { y: 0, height: 326, width: 580 });
    chart.append(svg("defs", {}, svg("clipPath", { id: clip }, beyond)));
    for (const [t, text] of page.ticks) chart.append(
      svg("line", { class: "grid", x1: x(t), x2: x(t), y1: 28, y2: BOTTOM }),
      svg("text", { class: "small", x: x(t), y: BOTTOM + 17, "text-anchor": "middle" }, text));
    const threshold = svg("line", { class: "threshold", y1: 28, y2: BOTTOM });
    chart.append(threshold);
    const parts = Object.entries(PANELS).map(([name, { base, tall }]) => {
      const title = svg("text", { class: "title", x: LEFT, y: base - 1.7 * tall });
      const all = svg("path", { class: "bars" }), late = svg("path", { class: "bars late", "clip-path": `url(#${clip})` });
      chart.append(svg("line", { class: "axis", x1: LEFT, x2: RIGHT, y1: base, y2: base }), all, late, title);
      const marks = MARKS.map(([mark, step, anchor]) => {
        const line = svg("line", { class: `mark ${mark}`, y1: base, y2: base - step * tall });
        const text = svg("text", { class: `mark ${mark}`, y: base - step * tall + 4, "text-anchor": anchor });
        chart.append(line, text);
        return { mark, line, text, side: anchor === "end" ? -4 : 4 };
      });
      return { name, base, tall, title, all, late, marks };
    });

    // ---- a hundred pages
    const wall = svg("svg", { viewBox: "0 0 200 232", role: "img", "aria-label": "a hundred pages" });
    const squares = [...Array(100)].map((_, k) => svg("rect", { x: 1 + 20 * (k % 10), y: 30 + 20 * Math.floor(k / 10), width: 17, height: 17, rx: 3 }));
    const count = svg("text", { class: "count", x: 1, y: 17 });
    wall.append(count, ...squares);

    const said = html("p", { class: "said" });
    const number = slider(calls, calls.default, send);
    const named = (control) => html("div", { class: "choice" }, html("span", {}, control.label), segments(control, control.default, send));
    const slowest = named(slow), copies = named(copy);
    root.append(html("div", { class: "controls" }, number, slowest, copies), html("div", { class: "pictures" }, chart, wall), said);

    return (result, values) => {
      number.firstChild.textContent = `${calls.label}: ${values.calls}`;
      number.lastChild.value = values.calls;
      for (const [control, radios] of [[slow, slowest], [copy, copies]])
        for (const radio of radios.querySelectorAll("input")) radio.checked = radio.value === values[control.name];
      threshold.setAttribute("x1", x(result.threshold));
      threshold.setAttribute("x2", x(result.threshold));
      beyond.setAttribute("x", x(result.threshold));
      for (const { name, base, tall, title, all, late, marks } of parts) {
        const { bars, marks: at } = result[name], top = Math.max(...bars);
        title.textContent = name === "call" ? "one call" : values.calls > 1 ? `a page: the slowest of ${values.calls}` : "a page with one call";
        const outline = bars.map((share, k) => {
          if (share < 1e-7) return "";
          const high = Math.max(1.5, tall * share / top), left = x(page.edges[k]), right = x(page.edges[k + 1]);
          return `M${left.toFixed(1)} ${base}V${(base - high).toFixed(1)}H${right.toFixed(1)}V${base}Z`;
        }).join("");
        all.setAttribute("d", outline);
        late.setAttribute("d", outline);
        for (const { mark, line, text, side } of marks) {
          const where = x(at[mark]).toFixed(1);
          line.setAttribute("x1", where);
          line.setAttribute("x2", where);
          text.setAttribute("x", Number(where) + side);
          text.textContent = `${mark} ${result.texts[name][mark]}`;
        }
      }
      const slowPages = Math.round(100 * result.slow_pages);
      count.textContent = `${slowPages} of 100 pages are slow`;
      squares.forEach((square, k) => square.classList.toggle("late", k < slowPages));
      said.innerHTML = result.said.replace(/\^(\d+)/, "<sup>$1</sup>");
    };
  }),
};
