// A text box over a classifier: what it reads, what it answers, and which words made it answer so.

const MOST = 9;

export default {
  render: (context) => mount(context, (root, page, send) => {
    root.classList.add("cw-classify");
    const control = page.controls[0];
    const box = html("textarea", { rows: 2, maxlength: control.longest, spellcheck: "false" });
    const examples = page.examples.map(([name, text]) => {
      const button = html("button", { type: "button", title: text }, name);
      button.addEventListener("click", () => { box.value = text; send({ text }); });
      return button;
    });
    let typed;
    box.addEventListener("input", () => {
      clearTimeout(typed);
      typed = setTimeout(() => send({ text: box.value }), 60);
    });

    const read = html("div", { class: "read" });
    const classes = page.class_names.map((name) => row(name));
    const pushTitle = html("h3"), pushes = html("div", { class: "pushes" });
    root.append(
      html("label", {}, html("span", { class: "ask" }, control.label), box),
      html("div", { class: "examples" }, "or take one:", ...examples),
      html("h3", {}, "What the model reads: only the coloured words, in no order"), read,
      html("div", { class: "panels" },
        html("div", {}, html("h3", {}, "How probable each class is"), ...classes.map((c) => c.whole)),
        html("div", {}, pushTitle, pushes)));

    /** Name, bar, number. */
    function row(name) {
      const bar = html("div", { class: "bar" }), number = html("span", { class: "number" });
      const whole = html("div", { class: "row" }, html("span", { title: name }, name), html("div", { class: "space" }, bar, number));
      return { whole, bar, number };
    }

    function mark(text, result, strongest) {
      const at = new Map(result.words.map((word, k) => [word, k]));
      const parts = text.split(/([a-z0-9]+)/i).map((part) => {
        const k = at.get(part.toLowerCase());
        if (k === undefined) return html("span", {}, part);
        const marked = html("mark", { class: result.pushes[k] < 0 ? "minus" : "plus" }, part);
        marked.style.setProperty("--much", `${Math.round(8 + (42 * Math.abs(result.pushes[k])) / strongest)}%`);
        return marked;
      });
      read.replaceChildren(...parts);
    }

    return (result, { text }) => {
      if (document.activeElement !== box) box.value = text;
      const best = result.probabilities.indexOf(Math.max(...result.probabilities));
      classes.forEach(({ whole, bar, number }, i) => {
        bar.style.width = `calc(${result.probabilities[i]} * (100% - 3.4em))`;
        number.textContent = percent(result.probabilities[i]);
        whole.classList.toggle("best", i === best);
      });

      const strongest = Math.max(1e-9, ...result.pushes.map(Math.abs));
      mark(text, result, strongest);
      pushTitle.textContent = `What each word does for “${page.class_names[best]}”`;
      const order = result.words.map((_, k) => k).sort((a, b) => Math.abs(result.pushes[b]) - Math.abs(result.pushes[a]));
      const low = Math.min(0, ...result.pushes), high = Math.max(0, ...result.pushes), span = Math.max(1e-9, high - low);
      const zero = (100 * -low) / span;
      pushes.replaceChildren(...order.slice(0, MOST).map((k) => {
        const { whole, bar, number } = row(result.words[k] + (result.counts[k] > 1 ? ` ×${result.counts[k]}` : ""));
        const push = result.pushes[k], width = (100 * Math.abs(push)) / span;
        const axis = html("div", { class: "axis" });
        bar.replaceWith(axis);
        axis.append(bar);
        axis.style.setProperty("--zero", `${zero}%`);
        bar.style.left = `${push < 0 ? zero - width : zero}%`;
        bar.style.width = `${width}%`;
        whole.classList.add(push < 0 ? "minus" : "plus");
        number.textContent = `${percent(result.without[k])} without`;
        return whole;
      }));
      if (!order.length) {
        pushes.append(html("p", { class: "empty" }, "None of these words is among those that the model knows. It answers from its biases alone."));
      } else if (order.length > MOST) {
        pushes.append(html("p", { class: "empty" }, `and ${order.length - MOST} more that matter less`));
      }
    };
  }),
};
