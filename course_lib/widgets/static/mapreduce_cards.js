// Cards on their way through a MapReduce job: three map tasks on the left, the reducers on the right, bytes between.

const CARD = { width: 56, height: 23 };
const LEFT = { x: 8, width: 258, columns: 4 }, RIGHT = { x: 484, width: 318, columns: 5 };
const TOP = 30, BOTTOM = 436, GAP = 14, MIDDLE = 375, HEAD = 24, LINE = 26;
const PACE = 1500; // milliseconds from one stage to the next
const SORT = 2, COMBINE = 3, SHUFFLE = 4, REDUCE = 6;

const between = (a, b, t) => a + (b - a) * t;
const smooth = (t) => t * t * (3 - 2 * t);

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-cards");
    const last = page.stages.length - 1;
    let cards = [], latest, at = last, playing;

    // ---- controls
    const [combiner, skew, partitions] = page.controls;
    const choice = segments(combiner, combiner.default, send);
    const sliders = [skew, partitions].map((control) => slider(control, control.default, send));
    const play = html("button", { type: "button" }, "▶ Play");
    const next = html("button", { type: "button" }, "Step");
    const scrub = html("input", { type: "range", min: 0, max: last, step: 0.05 });
    const names = page.stages.map((name, k) => html("span", { style: `left: ${100 * k / last}%` }, name));
    const track = html("label", { class: "track" }, html("span", { class: "sr" }, "how far"), scrub,
      html("span", { class: "names", "aria-hidden": "true" }, ...names));
    const drawing = svg("svg", { viewBox: "0 0 810 444", role: "img", "aria-label": "cards between map tasks and reducers" });
    const said = html("p", { class: "said" });
    root.append(html("div", { class: "knobs" }, choice, ...sliders), html("div", { class: "steps" }, play, next, track), drawing, said);

    // ---- the ground: boxes, the network, what is counted
    const rows = (count) => {
      const height = (BOTTOM - TOP - GAP * (count - 1)) / count;
      return Array.from({ length: count }, (_, i) => ({ y: TOP + i * (height + GAP), height }));
    };
    const ground = svg("g"), ghosts = svg("g"), front = svg("g");
    const counted = { total: svg("text", { class: "big", x: MIDDLE, y: 234, "text-anchor": "middle" }), busy: svg("text", { class: "small", x: MIDDLE, y: 279, "text-anchor": "middle" }) };
    drawing.append(
      svg("text", { class: "head", x: LEFT.x, y: 18 }, "map tasks"), svg("text", { class: "head", x: RIGHT.x, y: 18 }, "reducers"),
      svg("rect", { class: "network", x: MIDDLE - 55, y: TOP, width: 110, height: BOTTOM - TOP, rx: 10 }),
      svg("text", { class: "head", x: MIDDLE, y: 18, "text-anchor": "middle" }, "network"),
      ground, ghosts, front, svg("g", { class: "counted" }, counted.total, counted.busy,
        svg("text", { class: "small", x: MIDDLE, y: 252, "text-anchor": "middle" }, "bytes so far")));
    const left = rows(page.tasks);
    left.forEach(({ y, height }, task) => drawing.insertBefore(svg("g", {},
      svg("rect", { class: "box", x: LEFT.x, y, width: LEFT.width, height, rx: 9 }),
      svg("text", { class: "small", x: LEFT.x + 10, y: y + 17 }, `map task ${task}`)), ground));
    let right = [], loads = [];

    /** The reducers: as many boxes as there are, each with its bytes, and behind them those without a combiner. */
    function build(result) {
      right = rows(result.bytes.length);
      const all = result.plain.reduce((a, b) => a + b, 0), wide = RIGHT.width - 20;
      loads = right.map(({ y, height }, p) => {
        const bytes = svg("text", { class: "small", x: RIGHT.x + RIGHT.width - 10, y: y + 17, "text-anchor": "end" });
        const fill = svg("rect", { class: `fill p${p}`, x: RIGHT.x + 10, y: y + HEAD, height: 5, rx: 2.5 });
        return { bytes, fill, wide, all, parts: [
          svg("rect", { class: "box", x: RIGHT.x, y, width: RIGHT.width, height, rx: 9 }),
          svg("text", { class: "small", x: RIGHT.x + 10, y: y + 17 }, `reducer ${p}`), bytes,
          svg("rect", { class: "plain", x: RIGHT.x + 10, y: y + HEAD, width: wide * result.plain[p] / all, height: 5, rx: 2.5 }), fill] };
      });
      ground.replaceChildren(...loads.flatMap(({ parts }) => parts));
      cards = result.cards.map((card) => ({ ...card }));
      const there = right.map((_, p) => cards.filter((card) => card.first && card.partition === p).sort((a, b) => a.task - b.task || a.sent - b.sent));
      const layouts = there.map((mine, p) => layout(mine, right[p].height - HEAD - 14));
      for (const card of cards) {
        card.arrival = there[card.partition].findIndex((c) => c.task === card.task && c.sent === card.sent);
        card.places = page.stages.map((_, stage) => stage < SHUFFLE ? atTask(card, stage) : atReducer(card, stage, layouts[card.partition]));
      }
      ghosts.replaceChildren(...cards.map((card) => (card.ghost = draw(card, "ghost"))).map(({ group }) => group));
      const upper = [...cards].sort((a, b) => a.first - b.first || a.layer - b.layer || a.task - b.task);
      front.replaceChildren(...upper.map((card) => (card.shown = draw(card, "card")).group));
      for (const card of cards) move(card.ghost.group, card.places[COMBINE]);
    }
    function draw(card, kind) {
      const word = svg("text", { x: 6 - CARD.width / 2, y: 4 }), number = svg("text", { class: "number", x: CARD.width / 2 - 6, y: 4, "text-anchor": "end" });
      word.textContent = card.key;
      const group = svg("g", { class: `${kind} p${card.partition}` },
        svg("rect", { x: -CARD.width / 2, y: -CARD.height / 2, width: CARD.width, height: CARD.height, rx: 4 }), word, number);
      if (kind === "ghost") number.textContent = card.sent_value;
      return { group, word, number };
    }
    const move = (group, [x, y]) => group.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);

    /** Before the shuffle a card lies at its task: by place, then by partition and key, then combined. */
    function atTask(card, stage) {
      const k = [card.place, card.place, card.order, card.sent][stage], { y, height } = left[card.task];
      const pitch = (height - HEAD - 10) / Math.ceil(page.words / LEFT.columns);
      return [LEFT.x + 40 + 60.5 * (k % LEFT.columns), y + HEAD + pitch * (Math.floor(k / LEFT.columns) + 0.5)];
    }
    /** How the cards of one reducer are laid out in a box so high: a fan as they arrive, then piles of equal keys. */
    function layout(mine, inside) {
      const lines = Math.max(1, Math.floor(inside / LINE)), columns = Math.max(RIGHT.columns, Math.ceil(mine.length / lines));
      const fan = { columns, across: Math.min(59.5, (RIGHT.width - 20 - CARD.width) / (columns - 1)) };
      const tops = [];                  // of each row of piles, the number of cards in its highest
      for (const { pile, layer } of mine) {
        const row = Math.floor(pile / RIGHT.columns);
        tops[row] = Math.max(tops[row] || 1, layer + 1);
      }
      const more = tops.reduce((sum, high) => sum + high - 1, 0);
      const step = Math.max(0, Math.min(7, (inside - tops.length * (CARD.height + 5)) / Math.max(1, more)));
      const rows = tops.map((_, row) => tops.slice(0, row).reduce((sum, high) => sum + CARD.height + 5 + step * (high - 1), 0));
      return { fan, step, rows };
    }
    function atReducer(card, stage, { fan, step, rows }) {
      const { y } = right[card.partition], at = (k, across, down) => [RIGHT.x + 10 + CARD.width / 2 + across * k, y + HEAD + 22 + down];
      const column = card.pile % RIGHT.columns, row = Math.floor(card.pile / RIGHT.columns);
      if (stage === SHUFFLE) return at(card.arrival % fan.columns, fan.across, LINE * Math.floor(card.arrival / fan.columns));
      return at(column, 59.5, stage === REDUCE ? LINE * row : rows[row] + step * card.layer);
    }

    // ---- one moment of the journey
    function show_at(t) {
      at = t;
      const stage = Math.min(last - 1, Math.floor(t)), part = t - stage, fetched = loads.map(() => 0);
      for (const card of cards) {
        const { group, word, number } = card.shown;
        const late = stage === SHUFFLE - 1 ? 0.35 * card.arrival / cards.length + 0.1 * card.task : 0; // not all at once
        const p = smooth(Math.min(1, Math.max(0, (part - late) / (stage === SHUFFLE - 1 ? 0.45 : 1))));
        const [from, to] = [card.places[stage], card.places[stage + 1]];
        move(group, [between(from[0], to[0], p), between(from[1], to[1], p)]);
        const sent = t > SHUFFLE - 1 && (t >= SHUFFLE || p > 0.5);
        if (card.first && sent) fetched[card.partition] += card.bytes;
        const gone = !card.first && t > COMBINE - 0.06 || card.layer > 0 && t > REDUCE - 0.06;
        group.classList.toggle("gone", gone);
        group.classList.toggle("raw", t < 0.5);
        word.setAttribute("x", t < 0.5 ? 0 : 6 - CARD.width / 2);
        word.setAttribute("text-anchor", t < 0.5 ? "middle" : "start");
        number.textContent = t < 0.5 ? "" : t < COMBINE - 0.06 ? card.value : t < REDUCE - 0.06 ? card.sent_value : card.total;
        card.ghost.group.classList.toggle("gone", !card.first || t <= COMBINE || p < 0.2 && t < SHUFFLE);
      }
      const total = fetched.reduce((a, b) => a + b, 0);
      counted.total.textContent = total;
      counted.busy.textContent = total ? `busiest ${Math.max(...fetched)}` : "";
      loads.forEach(({ bytes, fill, wide, all }, p) => {
        bytes.textContent = `${fetched[p]} bytes`;
        fill.setAttribute("width", (wide * fetched[p] / all).toFixed(1));
      });
      const now = Math.ceil(t - 0.001); // the stage that the cards are on their way to
      names.forEach((name, k) => name.classList.toggle("now", k === now));
      names[COMBINE].classList.toggle("skipped", latest.combiner !== "combiner");
      said.innerHTML = `<b>${now + 1} of ${last + 1}.</b> ${latest.said[now]}`;
      scrub.value = t;
    }

    // ---- time
    const still = matchMedia("(prefers-reduced-motion: reduce)");
    function stop() {
      cancelAnimationFrame(playing);
      playing = undefined;
      play.textContent = "▶ Play";
    }
    /** Run to a stage; with reduced motion one stage at a time, without flight. */
    function run(to) {
      const from = at, began = performance.now();
      const frame = (now) => {
        const t = Math.min(to, from + Math.max(0, now - began) / PACE); // a frame may have begun before the click
        show_at(still.matches && t < to ? Math.floor(t) : t);
        if (t < to) playing = requestAnimationFrame(frame);
        else stop();
      };
      playing = requestAnimationFrame(frame);
    }
    play.addEventListener("click", () => {
      if (playing) return stop();
      if (at >= last) show_at(0);
      play.textContent = "❚❚ Pause";
      run(last);
    });
    next.addEventListener("click", () => {
      stop();
      if (at >= last) return show_at(0);
      run(Math.min(last, Math.ceil(at - 0.001) + 1)); // to the next sentence, also from the middle of a flight
    });
    scrub.addEventListener("input", () => { stop(); show_at(Number(scrub.value)); });

    return (result, values) => {
      latest = { ...result, combiner: values.combiner };
      choice.querySelectorAll("input").forEach((input) => (input.checked = input.value === values.combiner));
      sliders[0].firstChild.textContent = `“the” in each line: ${values.skew} of ${page.words}`;
      sliders[1].firstChild.textContent = `reducers: ${values.partitions}`;
      [skew, partitions].forEach((control, k) => (sliders[k].lastChild.value = values[control.name]));
      build(result);
      show_at(at);
    };
  }),
};
