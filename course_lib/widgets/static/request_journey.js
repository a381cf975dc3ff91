// The way of a request: its text to edit, the stations of the server as a line, the answer as it travels back.

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-journey");
    const [address, body] = page.controls, last = page.stations.length, ended = new Set();

    // ---- the request
    const where = segments(address, address.default, send);
    const head = html("pre", { class: "head" });
    const box = html("textarea", { rows: 7, maxlength: body.longest, spellcheck: "false", "aria-label": body.label });
    const again = html("button", { type: "button" }, "as it was");
    again.addEventListener("click", () => { box.value = body.default; send({ body: box.value }); });
    let typed;
    box.addEventListener("input", () => {
      clearTimeout(typed);
      typed = setTimeout(() => send({ body: box.value }), 60);
    });

    // ---- the stations
    const stops = page.stations.map(({ name, asks }) =>
      html("li", { title: asks }, html("span", { class: "dot", "aria-hidden": "true" }), html("span", { class: "name" }, name)));
    const said = html("p", { class: "said" }), tally = html("p", { class: "tally" });

    const answer = html("pre", { class: "answer" });
    root.append(
      html("ol", { class: "line" }, ...stops), said,
      html("div", { class: "panels" },
        html("div", {}, html("h3", {}, "The request"), where, head, box, html("div", { class: "below" }, again, tally)),
        html("div", {}, html("h3", {}, "The answer"), answer)));

    return (result, values) => {
      if (document.activeElement !== box) box.value = values.body;
      for (const input of where.querySelectorAll("input")) input.checked = input.value === values.address;
      head.textContent = `POST ${result.path} HTTP/1.1\nhost: localhost\ncontent-type: application/json\ncontent-length: ${result.length}\n`;
      const refused = result.station < last;
      if (refused) ended.add(result.station);
      stops.forEach((stop, k) => {
        stop.className = k < result.station ? "passed" : k === result.station ? "refused" : "ahead";
        stop.classList.toggle("found", ended.has(k));
        stop.querySelector(".dot").textContent = k < result.station ? "✓" : k === result.station ? "✕" : "";
      });
      said.replaceChildren(...(refused
        ? [html("b", {}, page.stations[result.station].asks), " No: ", html("code", {}, `serving.${result.function}`), " refuses it."]
        : [html("b", {}, "All stations passed."), " The answer goes out."]));
      answer.replaceChildren(...result.answer.split("\n").map((line, k) =>
        html("span", { class: k ? "" : refused ? "bad" : "good" }, k ? `\n${line}` : line)));
      tally.textContent = `Ended so far at ${ended.size} of ${last} stations`;
    };
  }),
};
