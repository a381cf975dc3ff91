// What every widget of the course shares. Python puts this file before the widget's own, as one module.

const node = (namespace) => (tag, attributes = {}, ...children) => {
  const made = document.createElementNS(namespace, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};
const html = node("http://www.w3.org/1999/xhtml");
const svg = node("http://www.w3.org/2000/svg");

/** A number as the course writes it: at most `digits` decimals, no empty ones, a true minus. */
function show(value, digits = 2) {
  const text = String(Number(value.toFixed(digits)));
  return (text === "-0" ? "0" : text).replace("-", "−");
}
const percent = (p, digits = 0) => `${(100 * p).toFixed(digits)}%`;

/** Put a widget into the page: `build(root, model, send)` makes the parts and returns `draw(result, values)`. */
function mount({ model, el }, build) {
  // JupyterLab takes arrow keys and Enter for itself; inside a widget they belong to the widget.
  const root = html("div", { class: "course-widget", "data-lm-suppress-shortcuts": "true" });
  for (const type of ["keydown", "keypress", "keyup"]) root.addEventListener(type, (event) => event.stopPropagation());
  const live = html("div", { class: "sr", role: "status", "aria-live": "polite" });
  const waiting = html("p", { class: "waiting", role: "alert" });
  let speaking, missing;

  /** Tell Python that controls have changed; say so when no kernel answers. */
  const send = (changes) => {
    model.set("values", { ...model.get("values"), ...changes });
    model.save_changes();
    clearTimeout(missing);
    missing = setTimeout(() => (waiting.textContent = "No answer from Python: run this cell again."), 6000);
  };
  const draw = build(root, model.get("page"), send);
  const update = () => {
    clearTimeout(missing);
    waiting.textContent = "";
    draw(model.get("result"), model.get("values"));
    clearTimeout(speaking);     // the last of several quick changes is read aloud
    speaking = setTimeout(() => (live.textContent = model.get("result").description), 400);
  };
  root.append(waiting, live);
  el.append(root);
  update();
  model.on("change:answers", update);
  return () => { model.off("change:answers", update); clearTimeout(speaking); clearTimeout(missing); };
}

/** A labelled range input. */
function slider(control, value, send) {
  const input = html("input", { type: "range", min: control.min, max: control.max, step: control.step });
  input.value = value;
  input.addEventListener("input", () => send({ [control.name]: Number(input.value) }));
  return html("label", { class: "slider" }, html("span", {}, control.label), input);
}

/** Radio buttons that look like one bar; arrow keys move between them. */
function segments(control, value, send) {
  const name = `${control.name}-${Math.random().toString(36).slice(2)}`;
  const parts = control.options.map((option) => {
    const input = html("input", { type: "radio", name, value: option });
    input.checked = option === value;
    input.addEventListener("change", () => send({ [control.name]: option }));
    return html("label", {}, input, html("span", {}, option));
  });
  return html("fieldset", { class: "segment" }, html("legend", { class: "sr" }, control.label), ...parts);
}
