// Lineage: the partitions of a program as boxes, its tasks as columns that can be lost, what an action computes again.

const WIDTH = 720, ROW = 34, GAP = 30, STEP = 68, MIDDLE = 420, BOX = { width: 48, height: 24 };
const KEYS = [["computed", "computed again"], ["cached", "read from the cache"], ["idle", "left alone"], ["lost", "lost task"], ["kept", "files of a shuffle"]];

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-lineage");
    const [program, cached, asked, lost] = page.controls;
    const choices = [program, cached, asked].map((control) => segments(control, control.default, send));
    const settings = html("div", { class: "settings" }, ...choices.map((choice, k) =>
      html("div", {}, html("span", { class: "name" }, page.controls[k].label), choice)));
    const drawing = svg("svg", { role: "group", "aria-label": "partitions of the program" });
    const back = svg("g"), front = svg("g");
    let latest = lost.default;
    const tasks = Array.from({ length: lost.max }, (_, k) => {
      const strip = svg("rect", { class: "strip", rx: 9, width: BOX.width + 12 });
      const group = svg("g", { class: "task", role: "button", tabindex: 0 }, svg("title", {}, "lose this task"), strip);
      const lose = () => send({ lost: latest === k + 1 ? 0 : k + 1 });
      group.addEventListener("click", lose);
      group.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        lose();
      });
      front.append(group);
      return { group, strip };
    });
    drawing.append(back, front);
    const legend = html("p", { class: "legend" }, ...KEYS.map(([name, text]) => html("span", { class: `key is-${name}` }, text)));
    const said = html("p", { class: "said" });
    const hint = html("p", { class: "hint" }, "A column is a task. Click one, or move to it with Tab and press Enter: its machine is gone. Once more brings it back.");
    root.append(settings, drawing, legend, said, hint);

    return (r, values) => {
      latest = values.lost;
      choices.forEach((choice, k) => choice.querySelectorAll("input").forEach((input) => (input.checked = input.value === values[page.controls[k].name])));
      // a gap above each row that reads from a shuffle
      const starts = new Set(r.edges.filter(([, , wide]) => wide).map(([, j]) => r.boxes[j].row));
      const top = [];
      r.rows.forEach((_, row) => top.push((row ? top[row - 1] + ROW : 22) + (starts.has(row) ? GAP : 0)));
      const x = (box) => MIDDLE + STEP * box.x, y = (box) => top[box.row];
      drawing.setAttribute("viewBox", `0 0 ${WIDTH} ${top.at(-1) + 24}`);
      const parts = [];
      r.notes.forEach((note, stage) => {
        const rows = r.boxes.filter((box) => box.stages.includes(stage)).map((box) => box.row);
        const from = top[Math.min(...rows)] - 19, to = top[Math.max(...rows)] + 19;
        parts.push(svg("rect", { class: "band", x: 0, y: from, width: WIDTH, height: to - from, rx: 6 }),
          svg("text", { class: "stage", x: 598, y: (from + to) / 2 - 2 }, `stage ${stage + 1}`),
          svg("text", { class: "small", x: 598, y: (from + to) / 2 + 15 }, note));
      });
      r.rows.forEach((name, row) => {
        const action = r.boxes[r.asked].row === row, at = { x: 10, y: top[row] + 4.5 };
        const which = row === r.boxes[r.on_the_way].row ? "  on the way" : row === r.rows.length - 1 ? "  the last" : "";
        parts.push(svg("text", { class: action ? "row asked" : "row", ...at }, action ? `▸ ${name}` : name, svg("tspan", { class: "which" }, which)));
      });
      for (const [i, j, wide] of r.edges) {
        const live = r.states[j] === "computed";
        const start = y(r.boxes[i]) + BOX.height / 2 + (wide ? 11 : 0);
        parts.push(svg("line", { class: `edge${wide ? " wide" : ""}${live ? " live" : ""}`, x1: x(r.boxes[i]), y1: start, x2: x(r.boxes[j]), y2: y(r.boxes[j]) - BOX.height / 2 }));
      }
      r.boxes.forEach((box, i) => {
        const file = r.files[i];
        if (file) parts.push(svg("line", { class: `file is-${file}`, x1: x(box) - 18, x2: x(box) + 18, y1: y(box) + BOX.height / 2 + 8, y2: y(box) + BOX.height / 2 + 8 }));
        parts.push(svg("g", { class: `box is-${r.states[i]}` },
          svg("rect", { x: x(box) - BOX.width / 2, y: y(box) - BOX.height / 2, ...BOX, rx: 5 }),
          svg("text", { x: x(box), y: y(box) + 4.5, "text-anchor": "middle" }, box.partition)));
      });
      back.replaceChildren(...parts);
      r.tasks.forEach(({ stage, boxes }, k) => {
        const own = boxes.map((i) => r.boxes[i]), up = Math.min(...own.map(y)), down = Math.max(...own.map(y));
        const { group, strip } = tasks[k], gone = values.lost === k + 1;
        strip.setAttribute("x", x(own[0]) - BOX.width / 2 - 6);
        strip.setAttribute("y", up - BOX.height / 2 - 5);
        strip.setAttribute("height", down - up + BOX.height + 10);
        group.setAttribute("aria-pressed", gone);
        group.setAttribute("aria-label", `lose task ${k + 1}, of stage ${stage + 1}, ${boxes.length} partitions`);
      });
      said.textContent = r.said;
    };
  }),
};
