// The course as a map: a line for each chapter, a station for each lesson, lit by what it stands on.

const LONG = /(Hyper|Back|Interpret|Archi|Quanti|propa)(?=[a-z]{5})/g;     // where long words may break

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-map");
    const arcs = svg("svg", { class: "arcs", "aria-hidden": "true" });
    const about = html("div", { class: "about" });
    const stations = new Map();
    const lines = html("div", { class: "lines", role: "radiogroup", "aria-label": "lessons" }, arcs);

    for (const chapter of page.chapters) {
      const row = html("div", { class: "stations" });
      for (const lesson of page.lessons.filter((l) => l.number.split(".")[0] === chapter.number)) {
        const station = html("button", { class: `station${lesson.open ? " open" : ""}`, type: "button", role: "radio" },
          html("span", { class: "stop" }, lesson.number), html("span", { class: "title" }, lesson.title.replace(LONG, "$1\u00ad")));
        station.addEventListener("click", () => send({ lesson: lesson.number }));
        stations.set(lesson.number, station);
        row.append(station);
      }
      lines.append(html("div", { class: "chapter" },
        html("h3", {}, `${chapter.number} ${chapter.title}`, html("span", { lang: "zh" }, chapter.chinese)), row));
    }
    root.append(about, lines);

    // Arrow keys: left and right along the course, up and down between chapters.
    const numbers = page.lessons.map((l) => l.number);
    lines.addEventListener("keydown", (event) => {
      const at = numbers.find((number) => stations.get(number) === document.activeElement);
      if (!at) return;
      const [chapter, place] = at.split(".").map(Number);
      const across = { ArrowRight: 1, ArrowLeft: -1 }[event.key], down = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      let to = across && numbers[numbers.indexOf(at) + across];
      if (down) to = [...Array(place)].map((_, k) => `${chapter + down}.${place - k}`).find((n) => stations.has(n));
      if (event.key === "Home") to = numbers[0];
      if (event.key === "End") to = numbers.at(-1);
      if (!to) return;
      event.preventDefault();
      stations.get(to).focus();
      send({ lesson: to });
    });

    /** A curve from each needed lesson to the chosen one, where they stand now. */
    let needs = [], chosen;
    function connect() {
      const frame = lines.getBoundingClientRect();
      const middle = (number) => {
        const { left, top, width, height } = stations.get(number).querySelector(".stop").getBoundingClientRect();
        return [left - frame.left + width / 2, top - frame.top + height / 2, width / 2 + 2];
      };
      arcs.replaceChildren(...needs.map((need) => {
        const [x1, y1, r] = middle(need), [x2, y2] = middle(chosen);
        if (y1 === y2) return svg("path", { d: `M${x1 + 4} ${y1 - r}C${x1 + 24} ${y1 - 34} ${x2 - 24} ${y1 - 34} ${x2 - 5} ${y1 - r - 4}` });
        const bend = Math.max(30, Math.abs(y2 - y1) * 0.45), down = y2 > y1 ? 1 : -1;
        return svg("path", { d: `M${x1} ${y1 + down * r}C${x1} ${y1 + down * bend} ${x2} ${y2 - down * bend} ${x2} ${y2 - down * (r + 4)}` });
      }));
    }
    new ResizeObserver(connect).observe(lines);

    return (result, { lesson }) => {
      chosen = lesson;
      needs = result.needs;
      for (const [number, station] of stations) {
        const is = number === lesson;
        station.classList.toggle("chosen", is);
        station.classList.toggle("under", result.under.includes(number));
        station.setAttribute("aria-checked", is);
        station.tabIndex = is ? 0 : -1;
      }
      const { title, question, builds, open, link } = page.lessons[numbers.indexOf(lesson)];
      const names = (list) => list.map((number) => `${number} ${page.lessons[numbers.indexOf(number)].title}`).join(", ");
      about.replaceChildren(
        html("h3", {}, `${lesson} ${title}`, html("small", {}, open ? "open now" : "planned")),
        html("p", { class: "question" }, question),
        html("p", {}, html("span", { class: "soft" }, "You build: "), builds),
        html("p", {}, html("span", { class: "soft" }, "Stands on: "), needs.length ? names(needs) : "nothing; begin here",
          ...(result.leads_to.length ? [html("span", { class: "soft" }, ". Leads to: "), names(result.leads_to)] : [])),
        ...(link ? [html("p", {}, html("a", { href: link, target: "_blank", rel: "noopener" }, "Open the notebook"))] : []));
      connect();
    };
  }),
};
