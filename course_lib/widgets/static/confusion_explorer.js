// A confusion matrix whose cells open: texts behind a number, words that spoke for the answer.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-confusion");
    const names = page.class_names, n = names.length;
    const worst = Math.max(1, ...page.counts.flatMap((row, i) => row.filter((_, j) => j !== i)));
    const choose = (i, j) => send({ actual: names[i], answered: names[j] });

    const grid = html("div", { class: "grid", role: "radiogroup", "aria-label": "cell of the confusion matrix; arrow keys move" });
    grid.style.setProperty("--n", n);
    grid.append(html("span", { class: "corner" }, "is ↓  answered →"),
      ...names.map((name) => html("span", { class: "column" }, html("span", {}, name))));
    const cells = page.counts.map((row, i) => {
      grid.append(html("span", { class: "name" }, names[i]));
      return row.map((count, j) => {
        const cell = html("div", {
          role: "radio", class: i === j ? "cell right" : "cell", tabindex: -1,
          "aria-label": `${names[i]} answered as ${names[j]}: ${count}`,
        }, count || "");
        const share = i === j ? count / row.reduce((a, b) => a + b, 0) : count / worst;
        cell.style.setProperty("--much", count ? `${Math.round(12 + 48 * share)}%` : "0%");
        cell.addEventListener("click", () => { cell.focus(); choose(i, j); });
        cell.addEventListener("keydown", (event) => {
          const step = STEPS[event.key];
          if (!step) return;
          event.preventDefault();
          const [a, b] = [(i + step[0] + n) % n, (j + step[1] + n) % n];
          cells[a][b].focus();
          choose(a, b);
        });
        grid.append(cell);
        return cell;
      });
    });

    const title = html("h3"), words = html("p", { class: "words" }), texts = html("div", { class: "texts" });
    const hint = html("p", { class: "hint" }, "Choose a cell, or move with the arrow keys. Blue words spoke for the answer, orange ones against it. Behind a word at the top: how much it spoke for the answer in all texts of the cell together, and in how many of them it stands.");
    root.append(html("div", { class: "sides" }, html("div", {}, grid, hint), html("div", {}, title, words, texts)));

    function marked(text, example, strongest) {
      const at = new Map(example.words.map((word, k) => [word, k]));
      return text.split(/([a-z0-9]+)/i).map((part) => {
        const push = example.pushes[at.get(part.toLowerCase())];
        if (push === undefined || Math.abs(push) < 0.05 * strongest) return part;
        const word = html("mark", { class: push < 0 ? "minus" : "plus", title: `${push > 0 ? "+" : ""}${show(push, 1)}` }, part);
        word.style.setProperty("--much", `${Math.round(8 + (47 * Math.abs(push)) / strongest)}%`);
        return word;
      });
    }

    return (result, { actual, answered }) => {
      const [i, j] = [names.indexOf(actual), names.indexOf(answered)];
      cells.forEach((row, a) => row.forEach((cell, b) => {
        const chosen = a === i && b === j;
        cell.setAttribute("aria-checked", chosen);
        cell.tabIndex = chosen ? 0 : -1;
      }));
      title.textContent = result.count
        ? `${result.count} text${result.count === 1 ? "" : "s"} of ${actual}, answered as ${answered}`
        : `No text of ${actual} was answered as ${answered}`;
      words.replaceChildren(...(result.words.length ? [html("span", { class: "soft" }, "spoke for it: ")] : []),
        ...result.words.map((word, k) => html("span", { class: "chip" }, word,
          html("span", { class: "soft" }, ` ${show(result.pushes[k], 1)} in ${result.in_texts[k]}`))));
      texts.replaceChildren(...result.texts.map((example) => {
        const strongest = Math.max(1e-9, ...example.pushes.map(Math.abs));
        return html("div", { class: "text" },
          html("div", { class: "head" }, html("b", {}, example.package),
            html("span", { class: "soft" }, `${answered} ${percent(example.probability)}, ${example.rival} ${percent(example.rival_probability)}`)),
          html("p", {}, html("span", { class: "first" }, ...marked(example.title, example, strongest)), " ", ...marked(example.body, example, strongest)));
      }));
      const more = result.count - result.texts.length - result.others.length;
      if (result.others.length) {
        const listed = result.others.map(([name, p]) => `${name} ${percent(p)}`).join(", ");
        texts.append(html("p", { class: "soft others" }, `less sure: ${listed}${more ? ` and ${more} more` : ""}`));
      }
    };
  }),
};
