// Backpropagation node by node: a value and a gradient in each node, the local derivative and what flows back on each edge.

const NODE = { width: 96, height: 54 };
const SIGNS = { "^2": "( )²" };
const short = (value) => show(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);   // room for three digits

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-stepper");
    const [expression, ...inputs] = page.controls.slice(0, -1), last = page.controls.at(-1);
    const choice = segments(expression, expression.default, send);
    const sliders = inputs.map((control) => slider(control, control.default, send));
    const scrub = slider({ ...last, label: "step" }, last.default, send);
    let latest, step = last.default, narrow;

    const go = (to) => {     // the next key may come before Python's answer
      step = (to + last.max + 1) % (last.max + 1);
      send({ step });
    };
    const back = html("button", { type: "button" }, "◀ Back"), next = html("button", { type: "button" }, "Next ▶");
    back.addEventListener("click", () => go(step - 1));
    next.addEventListener("click", () => go(step + 1));
    const bar = html("div", { class: "bar" }, back, next, scrub);
    bar.addEventListener("keydown", (event) => {     // arrows step from the buttons, too; the slider knows them already
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way || event.target.type === "range") return;
      event.preventDefault();
      go(step + way);
    });

    const drawing = svg("svg", { role: "img", "aria-label": "graph of the expression; the sentence below tells each step" });
    const said = html("div", { class: "said" });
    const legend = html("p", { class: "legend" });
    legend.innerHTML = 'In a node: <b>its value</b>, and <b class="gradient">its gradient</b> ∂L/∂node as far as it has arrived. ' +
      'On an edge: × its local derivative, and on the way back <b class="gradient">what flows along it</b>. The fork is drawn dashed.';
    root.append(html("div", { class: "settings" }, choice, ...sliders), drawing, bar, said, legend);

    const at = (node) => (narrow ? [54 + 142 * node.row, 32 + 90 * node.column] : [54 + 138 * node.column, 34 + 102 * node.row]);

    /** Where the line from the middle of one node to the middle of another leaves the first one's box. */
    function border([x, y], [toX, toY], gap) {
      const dx = toX - x, dy = toY - y;
      const share = Math.min((NODE.width / 2 + gap) / Math.abs(dx || 1e-9), (NODE.height / 2 + gap) / Math.abs(dy || 1e-9));
      return [x + share * dx, y + share * dy];
    }
    function edge({ source, target, local, flow, now, fork }, nodes) {
      const a = at(nodes[source]), b = at(nodes[target]);
      const [x1, y1] = border(a, b, 2), [x2, y2] = border(b, a, 2), flows = flow !== null;
      const kind = `edge${flows ? " flows" : ""}${now ? " now" : ""}${fork ? " fork" : ""}`;
      const [tipX, tipY, fromX, fromY] = flows ? [x1, y1, x2, y2] : [x2, y2, x1, y1];
      const turn = (Math.atan2(tipY - fromY, tipX - fromX) * 180) / Math.PI;
      const parts = [svg("line", { class: kind, x1, y1, x2, y2 }),
        svg("path", { class: `tip ${kind}`, d: "M0 0L-8 -4.5V4.5Z", transform: `translate(${tipX} ${tipY}) rotate(${turn})` })];
      const x = (x1 + x2) / 2, y = (y1 + y2) / 2, upright = Math.abs(x1 - x2) < 1, beside = upright ? 8 : 0;
      const side = (end) => (upright ? end : "middle");
      if (local !== null) parts.push(svg("text", { class: `local${now ? " now" : ""}`, x: x - beside, y: y + (upright ? 4 : -5), "text-anchor": side("end") }, `×${short(local)}`));
      if (flows) parts.push(svg("text", { class: `flow${now ? " now" : ""}`, x: x + beside, y: y + (upright ? 4 : 14), "text-anchor": side("start") }, short(flow)));
      return parts;
    }
    function box(node, now) {
      const [x, y] = at(node), left = x - NODE.width / 2, top = y - NODE.height / 2;
      const parts = [svg("rect", { class: "box", x: left, y: top, ...NODE, rx: 8 })];
      if (node.gradient !== null) parts.push(svg("path", { class: "ground", d: `M${x} ${top + 21}h${NODE.width / 2 - 1}v${NODE.height - 29}q0 7 -7 7H${x}Z` }));
      parts.push(svg("path", { class: "rule", d: `M${left} ${top + 20.5}h${NODE.width}M${x} ${top + 20.5}v${NODE.height - 20.5}` }),
        svg("text", { class: "name", x: left + 8, y: top + 15 }, node.label),
        svg("text", { class: "sign", x: left + NODE.width - 8, y: top + 15, "text-anchor": "end" }, SIGNS[node.op] ?? node.op));
      if (node.value !== null) parts.push(svg("text", { class: "value", x: x - NODE.width / 4, y: top + 43, "text-anchor": "middle" }, short(node.value)));
      if (node.gradient !== null) parts.push(svg("text", { class: "gradient", x: x + NODE.width / 4, y: top + 43, "text-anchor": "middle" }, short(node.gradient)));
      return svg("g", { class: `node${node.op ? "" : " leaf"}${now ? " now" : ""}${node.value === null ? " unmade" : ""}` }, ...parts);
    }
    function redraw() {
      drawing.setAttribute("viewBox", narrow ? "0 0 392 604" : "0 0 936 272");
      const lines = latest.edges.toSorted((a, b) => a.now - b.now).flatMap((one) => edge(one, latest.nodes));
      drawing.replaceChildren(...lines, ...latest.nodes.map((node) => box(node, node.id === latest.now)));
    }
    new ResizeObserver(([entry]) => {
      if (narrow === (narrow = entry.contentRect.width < 700)) return;
      root.classList.toggle("narrow", narrow);
      redraw();
    }).observe(root);

    return (result, values) => {
      latest = result;
      step = values.step;
      choice.querySelectorAll("input").forEach((input) => (input.checked = input.value === values.expression));
      inputs.forEach((control, k) => {
        sliders[k].firstChild.textContent = `${control.label} = ${show(values[control.name])}`;
        sliders[k].lastChild.value = values[control.name];
      });
      const way = !step ? "the inputs" : step <= page.operations ? "forward" : "backward";
      scrub.firstChild.textContent = `step ${step} of ${last.max}: ${way}`;
      scrub.lastChild.value = step;
      said.replaceChildren(...result.said.map((line) => html("p", {}, line)));
      redraw();
    };
  }),
};
