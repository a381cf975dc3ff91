// Two paths on one surface: descent on batches and descent on all examples, scrubbed by the examples looked at.

const CHART = { left: 50, top: 14, width: 350, height: 246, low: 0.045, high: 8 };
const NAMES = ["chosen", "whole"];

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-noisy");
    const control = Object.fromEntries(page.controls.map((one) => [one.name, one]));
    const start = [control.slope, control.intercept];
    let latest, chosen, looked = page.examples;

    // ---- the map
    const { map, above, x, y, show: show_surface } = landscape("loss over slope and intercept, with two paths", (given) =>
      send(Object.fromEntries(start.map((one, k) => [one.name, nearest(one, given[k])]))));
    show_surface(page.surface);
    const way = {}, dots = {}, head = {};
    for (const name of ["whole", "chosen"]) {
      way[name] = svg("path", { class: `way ${name}` });
      dots[name] = svg("g", { class: `dots ${name}` });
      head[name] = svg("circle", { class: `head ${name}`, r: 5 });
      above.append(way[name], dots[name]);
    }
    const handle = svg("circle", { class: "handle", r: 8 });
    above.append(head.whole, head.chosen, handle);

    // ---- the losses
    const across = (examples) => CHART.left + CHART.width * examples / page.examples;
    const height = (loss) => CHART.top + CHART.height * Math.log(CHART.high / Math.min(CHART.high, Math.max(CHART.low, loss))) / Math.log(CHART.high / CHART.low);
    const chart = svg("svg", { class: "chart", viewBox: "0 0 420 306", role: "img", "aria-label": "loss over the examples looked at" });
    for (const loss of [0.05, 0.1, 0.2, 0.5, 1, 2, 5]) chart.append(
      svg("line", { class: "grid", x1: CHART.left, x2: CHART.left + CHART.width, y1: height(loss), y2: height(loss) }),
      svg("text", { class: "small", x: CHART.left - 7, y: height(loss) + 4, "text-anchor": "end" }, show(loss)));
    for (let epochs = 0; epochs * page.epoch <= page.examples; epochs += 5) chart.append(
      svg("text", { class: "small", x: across(epochs * page.epoch), y: CHART.top + CHART.height + 17, "text-anchor": "middle" }, epochs * page.epoch));
    const floor = height(page.lowest), cursor = svg("line", { class: "cursor", y1: CHART.top, y2: CHART.top + CHART.height });
    chart.append(svg("line", { class: "floor", x1: CHART.left, x2: CHART.left + CHART.width, y1: floor, y2: floor }),
      svg("text", { class: "small", x: CHART.left + 4, y: floor - 5 }, `lowest possible: ${show(page.lowest, 3)}`),
      svg("text", { class: "small", x: CHART.left + CHART.width / 2, y: CHART.top + CHART.height + 35, "text-anchor": "middle" }, "examples looked at"),
      svg("text", { class: "small", x: 6, y: 12 }, "loss"), cursor);
    const curve = {}, faint = {};
    for (const name of ["whole", "chosen"]) {
      faint[name] = svg("path", { class: `curve faint ${name}` });
      curve[name] = svg("path", { class: `curve ${name}` });
      chart.append(faint[name], curve[name]);
    }

    // ---- numbers
    const cells = {}, head_row = html("tr", {}, html("td"), ...["updates", "loss now", "mean of last epoch"].map((text) => html("th", { scope: "col" }, text)));
    const table = html("table", {}, head_row);
    for (const name of NAMES) {
      const title = html("th", { scope: "row", class: name });
      cells[name] = [title, ...Array.from({ length: 3 }, () => html("td"))];
      table.append(html("tr", {}, ...cells[name]));
    }

    // ---- controls
    const settings = page.controls.slice(0, 4).map((one) => slider(one, one.default, send));
    const again = html("button", { type: "button" });
    again.addEventListener("click", () => send({ order: latest.values.order % control.order.max + 1 }));
    const scrub = slider({ name: "looked", label: "", min: 0, max: page.examples, step: 1 }, looked, (given) => { pause(); looked = given.looked; refresh(); });
    const play = html("button", { type: "button", class: "play" }, "Play");
    let playing;
    function pause() { cancelAnimationFrame(playing); playing = undefined; play.textContent = looked < page.examples ? "Play" : "Play again"; }
    play.addEventListener("click", () => {
      if (playing !== undefined) return pause();
      if (looked >= page.examples) looked = 0;
      const from = looked, began = performance.now();
      play.textContent = "Pause";
      const frame = (now) => {
        if (!root.isConnected) return pause();
        looked = Math.min(page.examples, Math.round(from + Math.max(0, now - began) * 0.08));   // 80 examples a second
        refresh();
        if (looked >= page.examples) pause(); else playing = requestAnimationFrame(frame);
      };
      playing = requestAnimationFrame(frame);
    });

    root.append(
      html("div", { class: "settings" }, ...settings.slice(0, 2)),
      html("div", { class: "views" }, html("div", {}, map, html("p", { class: "key" }, "Lines of equal loss; cross: lowest. Ring: the start, drag it."), html("div", { class: "settings" }, ...settings.slice(2))), html("div", {}, chart, table)),
      html("div", { class: "player" }, play, scrub, again));

    function refresh() {
      const { result, values } = latest;
      for (const name of NAMES) {
        const { points, losses, examples, last_epoch } = result[name];
        let k = 0;
        while (k + 1 < examples.length && examples[k + 1] <= looked) k += 1;
        const seen = points.slice(0, k + 1).map(([a, b]) => [x(a), y(b)]);
        way[name].setAttribute("d", "M" + line(seen));
        dots[name].replaceChildren(...(examples.length > 130 ? [] : seen.map(([cx, cy]) => svg("circle", { cx: cx.toFixed(1), cy: cy.toFixed(1), r: name === "whole" ? 2.6 : 2 }))));
        head[name].setAttribute("cx", seen[k][0].toFixed(1));
        head[name].setAttribute("cy", seen[k][1].toFixed(1));
        const heights = losses.map((loss, j) => [across(examples[j]), height(loss)]);
        faint[name].setAttribute("d", "M" + line(heights));
        curve[name].setAttribute("d", "M" + line(heights.slice(0, k + 1)));
        const over = looked >= examples.at(-1);
        [`${name === "whole" ? `all ${page.epoch}` : values.batch_size === 1 ? "one example" : `batches of ${values.batch_size}`}`, k, short(losses[k]), over ? short(last_epoch) : "…"]
          .forEach((text, j) => (cells[name][j].textContent = text));
      }
      cursor.setAttribute("x1", across(looked));
      cursor.setAttribute("x2", across(looked));
      scrub.firstChild.textContent = `examples looked at: ${looked} of ${page.examples}, ${show(looked / page.epoch, 1)} epochs`;
      scrub.lastChild.value = looked;
    }

    return (result, values) => {
      latest = { result, values };
      page.controls.slice(0, 4).forEach((one, k) => {
        settings[k].firstChild.textContent = `${one.label} ${show(values[one.name], 2)}`;
        settings[k].lastChild.value = values[one.name];
      });
      again.textContent = `Another order of the examples (${values.order} of ${control.order.max})`;
      handle.setAttribute("cx", x(values.slope));
      handle.setAttribute("cy", y(values.intercept));
      refresh();
    };
  }),
};
