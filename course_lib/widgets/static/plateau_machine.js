// Reduce on plateau: a loss curve to draw on, what the machine made of each epoch, the rate below, the machine itself.

const LEFT = 54, WIDTH = 752, TOP = 1.2;
const LOSS = { top: 14, bottom: 184 }, STRIP = { top: 194, height: 26 }, RATE = { top: 236, bottom: 300 };
const SIGN = { improved: () => "✓", waiting: (r, k) => r.wait[k], reduced: () => "cut", cooling: (r, k) => `(${r.cooldown[k]})` };

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-plateau");
    const curve = page.controls[0], count = curve.default.length, step = WIDTH / count;
    const middle = (k) => LEFT + step * (k + 0.5);
    const height = (loss) => LOSS.bottom - (LOSS.bottom - LOSS.top) * Math.max(0, loss) / TOP;
    let losses = [...curve.default], chosen = 9, latest;

    // ---- the curve, the strip of events, the rate
    const chart = svg("svg", { viewBox: "0 0 820 334", role: "img", "aria-label": "loss curve, events and rate" });
    const mark = svg("rect", { class: "mark", y: 4, width: step, height: 304, rx: 4 });
    chart.append(mark);
    for (const loss of [0, 0.4, 0.8, 1.2]) chart.append(
      svg("line", { class: "grid", x1: LEFT, x2: LEFT + WIDTH, y1: height(loss), y2: height(loss) }),
      svg("text", { class: "small", x: LEFT - 8, y: height(loss) + 4, "text-anchor": "end" }, show(loss)));
    const beat = svg("path", { class: "beat" }), line = svg("path", { class: "loss" }), rate = svg("path", { class: "rate" });
    const beatName = svg("text", { class: "small", x: LEFT + WIDTH - 2, "text-anchor": "end" }, "to beat: best − min_delta");
    chart.append(svg("text", { class: "small", x: 6, y: height(1) + 4 }, "loss"), beat, line, beatName);
    const dots = losses.map((_, k) => svg("circle", { class: "point", cx: middle(k), r: 4.5 }));
    const cells = losses.map((_, k) => {
      const box = svg("rect", { x: middle(k) - step / 2 + 1.5, y: STRIP.top, width: step - 3, height: STRIP.height, rx: 4 });
      const text = svg("text", { x: middle(k), y: STRIP.top + 17.5, "text-anchor": "middle" });
      const group = svg("g", {}, box, text);
      chart.append(group, svg("text", { class: "small", x: middle(k), y: 318, "text-anchor": "middle" }, k + 1));
      return { group, text };
    });
    const rates = [...Array(2)].map(() => svg("text", { class: "small" }));
    rates.forEach((text, k) => { text.setAttribute("x", LEFT - 8); text.setAttribute("text-anchor", "end"); text.setAttribute("y", [RATE.top + 8, RATE.bottom + 4][k]); });
    rates[0].textContent = show(page.rate, 3);
    rates[1].textContent = "0";
    chart.append(...dots, svg("line", { class: "grid", x1: LEFT, x2: LEFT + WIDTH, y1: RATE.bottom, y2: RATE.bottom }), rate, ...rates,
      svg("text", { class: "small", x: 6, y: (RATE.top + RATE.bottom) / 2 + 6 }, "rate"), svg("text", { class: "small", x: 6, y: 318 }, "epoch"));

    // ---- drawing on it with the pointer
    const area = svg("rect", { class: "area", x: LEFT, y: 4, width: WIDTH, height: 186 });
    chart.append(area);
    const draw = (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(chart.getScreenCTM().inverse());
      const k = Math.min(count - 1, Math.max(0, Math.floor((at.x - LEFT) / step)));
      const loss = TOP * (LOSS.bottom - at.y) / (LOSS.bottom - LOSS.top);
      shape(k, Math.min(TOP, Math.max(0, loss)));
    };
    area.addEventListener("pointerdown", (event) => { area.setPointerCapture(event.pointerId); draw(event); });
    area.addEventListener("pointermove", (event) => { if (area.hasPointerCapture(event.pointerId)) draw(event); });

    // ---- the same by keyboard: choose an epoch, move its loss
    const epoch = slider({ name: "epoch", label: "", min: 1, max: count, step: 1 }, chosen + 1, ({ epoch }) => { chosen = epoch - 1; refresh(); });
    const point = slider({ ...curve, name: "point" }, losses[chosen], ({ point }) => shape(chosen, point));
    const presets = Object.entries(page.shapes).map(([name, values]) => {
      const button = html("button", { type: "button" }, name);
      button.addEventListener("click", () => { losses = [...values]; send({ losses }); });
      return button;
    });
    function shape(k, loss) {
      chosen = k;
      losses[k] = Math.round(loss / curve.step) * curve.step;
      send({ losses: [...losses] });
    }

    // ---- the machine
    const machine = svg("svg", { viewBox: "0 0 820 190", role: "img", "aria-label": "state machine" });
    const arrow = "arrow-" + Math.random().toString(36).slice(2);
    machine.append(svg("defs", {}, svg("marker", { id: arrow, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto", markerUnits: "userSpaceOnUse" },
      svg("path", { class: "tip", d: "M0 0L8 4L0 8" }))));
    const ways = {
      improved: ["M185 60C190 20 270 20 275 58", 230, 20, "better: best = loss, wait = 0"],
      waiting: ["M275 130C270 170 190 170 185 132", 230, 173, "no better: wait + 1"],
      reduced: ["M340 82H528", 435, 48, "wait = patience: rate × factor"],
      back: ["M530 110H342", 435, 128, "counter at 0"],
      cooling: ["M685 130C680 170 600 170 595 132", 640, 173, "no better: counter − 1"],
      cooled: ["M595 60C600 20 680 20 685 58", 640, 20, "better: best = loss, counter − 1"],
    };
    for (const [name, [d, x, y, text]] of Object.entries(ways)) {
      const label = svg("text", { x, y, "text-anchor": "middle" }, text);
      ways[name] = svg("g", { class: "way" }, svg("path", { d, "marker-end": `url(#${arrow})` }), label);
      machine.append(ways[name]);
    }
    const states = [["watching", 230], ["cooling down", 640]].map(([name, x]) => {
      const holds = svg("text", { class: "holds", x, y: 114, "text-anchor": "middle" });
      const group = svg("g", { class: "state" }, svg("rect", { x: x - 110, y: 60, width: 220, height: 70, rx: 10 }),
        svg("text", { class: "name", x, y: 88, "text-anchor": "middle" }, name), holds);
      machine.append(group);
      return { group, holds };
    });
    const said = html("p", { class: "said" });

    const settings = page.controls.slice(1).map((control) => slider(control, control.default, send));
    root.append(
      html("div", { class: "settings" }, ...settings), chart,
      html("div", { class: "hand" }, epoch, point, html("div", { class: "presets" }, html("span", {}, "draw a curve above, or take"), ...presets)),
      said, machine);

    function refresh() {
      const r = latest, event = r.events[chosen], cooling = r.cooldown[chosen] > 0;
      const before = chosen > 0 && r.cooldown[chosen - 1] > 0;
      mark.setAttribute("x", middle(chosen) - step / 2);
      epoch.firstChild.textContent = `look at epoch ${chosen + 1}`;
      point.firstChild.textContent = `its loss ${show(losses[chosen], 3)}`;
      epoch.lastChild.value = chosen + 1;
      point.lastChild.value = losses[chosen];
      said.innerHTML = `<b>Epoch ${chosen + 1}.</b> ${r.said[chosen]}`;
      const taken = { [event]: true, back: before && !cooling };
      if (event === "improved" && cooling) { taken.improved = false; taken.cooled = true; }
      for (const [name, way] of Object.entries(ways)) way.classList.toggle("taken", Boolean(taken[name]));
      states.forEach(({ group }, k) => group.classList.toggle("now", cooling === (k === 1)));
      const patience = Number(settings[1].lastChild.value);
      states[0].holds.textContent = `best ${show(r.best[chosen], 3)}   wait ${"●".repeat(r.wait[chosen])}${"○".repeat(Math.max(0, patience - r.wait[chosen]))}`;
      states[1].holds.textContent = `best ${show(r.best[chosen], 3)}   counter ${r.cooldown[chosen]}`;
    }

    return (result, values) => {
      latest = result;
      losses = [...values.losses];
      page.controls.slice(1).forEach((control, k) => {
        settings[k].firstChild.textContent = `${control.label} ${show(values[control.name], 3)}`;
        settings[k].lastChild.value = values[control.name];
      });
      dots.forEach((dot, k) => dot.setAttribute("cy", height(losses[k]).toFixed(1)));
      line.setAttribute("d", "M" + losses.map((loss, k) => `${middle(k).toFixed(1)} ${height(loss).toFixed(1)}`).join("L"));
      beat.setAttribute("d", "M" + result.to_beat.slice(1).map((loss, k) => `${(middle(k + 1) - step / 2).toFixed(1)} ${height(loss).toFixed(1)}h${step.toFixed(1)}`).join("L"));
      beatName.setAttribute("y", Math.min(LOSS.bottom - 4, height(result.to_beat.at(-1)) + 16));
      const down = (value) => RATE.bottom - (RATE.bottom - RATE.top) * value / page.rate;
      rate.setAttribute("d", "M" + result.rates.map((value, k) => `${(middle(k) - step / 2).toFixed(1)} ${down(value).toFixed(1)}h${step.toFixed(1)}`).join("L"));
      cells.forEach(({ group, text }, k) => {
        group.setAttribute("class", `cell is-${result.events[k]}`);
        text.textContent = SIGN[result.events[k]](result, k);
      });
      refresh();
    };
  }),
};
