// A surface from above, shared by the widgets on descent: contours, axes, a start that is dragged.

const MAP = { left: 44, top: 10, width: 366, height: 340 };
const line = (points) => points.map((point) => point.map((value) => value.toFixed(1)).join(" ")).join("L");
const near = (value) => Math.max(-9e3, Math.min(9e3, value));   // a point far off the map, still drawn toward it

/** An empty map, with `x`, `y` from a surface to the page; `show(surface)` draws one, `moved([a, b])` hears of a drag. */
function landscape(name, moved) {
  const clip = "clip-" + Math.random().toString(36).slice(2);
  const map = svg("svg", { class: "landscape", viewBox: "0 0 420 392", role: "img", "aria-label": name },
    svg("defs", {}, svg("clipPath", { id: clip }, svg("rect", { x: MAP.left, y: MAP.top, width: MAP.width, height: MAP.height }))));
  const ground = svg("g"), above = svg("g"), axes = svg("g"), inside = svg("g", { "clip-path": `url(#${clip})` }, ground, above);
  map.append(inside, axes);
  let left, right, bottom, top;
  const x = (a) => near(MAP.left + MAP.width * (a - left) / (right - left));
  const y = (b) => near(MAP.top + MAP.height * (top - b) / (top - bottom));

  function show_surface(surface) {
    [left, right, bottom, top] = surface.bounds;
    const path = (corners) => `M${line(corners.map(([a, b]) => [x(a), y(b)]))}Z`;
    ground.replaceChildren(
      svg("rect", { class: "area", x: MAP.left, y: MAP.top, width: MAP.width, height: MAP.height }),
      ...[...surface.regions].reverse().map(([, polygons]) => svg("path", { class: "contour", d: polygons.map(path).join("") })),
      ...surface.labels.map(([level, [a, b]]) => svg("text", { class: "small level", x: x(a), y: y(b) + 4, "text-anchor": "middle" }, show(level))),
      svg("path", { class: "lowest", d: `M${x(surface.minimum[0]) - 7} ${y(surface.minimum[1])}h14m-7 -7v14` }));
    const [across, up] = surface.names, [ticks_across, ticks_up] = surface.ticks;
    axes.replaceChildren(
      ...ticks_across.map((a) => svg("text", { class: "small", x: x(a), y: MAP.top + MAP.height + 17, "text-anchor": "middle" }, show(a))),
      ...ticks_up.map((b) => svg("text", { class: "small", x: MAP.left - 7, y: y(b) + 4, "text-anchor": "end" }, show(b))),
      svg("text", { class: "small", x: MAP.left + MAP.width / 2, y: MAP.top + MAP.height + 35, "text-anchor": "middle" }, across),
      svg("text", { class: "small", "text-anchor": "middle", transform: `translate(13 ${MAP.top + MAP.height / 2}) rotate(-90)` }, up));
  }

  const drag = (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    moved([left + (at.x - MAP.left) / MAP.width * (right - left), top - (at.y - MAP.top) / MAP.height * (top - bottom)]);
  };
  inside.addEventListener("pointerdown", (event) => { inside.setPointerCapture(event.pointerId); drag(event); });
  inside.addEventListener("pointermove", (event) => { if (inside.hasPointerCapture(event.pointerId)) drag(event); });
  return { map, above, x, y, show: show_surface };
}

/** The value of a control nearest to a number. */
function nearest({ min, max, step }, value) {
  const kept = Math.min(max, Math.max(min, value));
  return Math.min(max, Number((Math.round((kept - min) / step) * step + min).toFixed(4)));
}

/** A loss of any size in few letters. */
function short(loss) {
  return loss >= 1e6 ? "over 1,000,000" : loss >= 100 ? Math.round(loss).toLocaleString("en") : loss.toFixed(3);
}
