// Lets a finger, a mouse or a stylus draw; the lines travel as whole numbers in a hidden field.
const FULL = 1000;
const NEAR = 8; // a point nearer than this to the one before adds bytes and no shape
const WIDTHS = { 1: 8, 2: 16, 3: 32 };

for (const box of document.querySelectorAll("[data-drawing]")) start(box);

function start(box) {
  const find = (name) => box.querySelector(`[data-${name}]`);
  const [pad, field, says, sheet] = [find("pad"), find("strokes"), find("says"), box.querySelector("svg")];
  const most = { strokes: Number(box.dataset.mostStrokes), points: Number(box.dataset.mostPoints) };
  let lines = read(field.value);
  let before = [];
  let finger = null;
  let width = 2;

  const count = () => lines.reduce((sum, line) => sum + line.points.length, 0);
  const isFull = () => lines.length >= most.strokes || count() >= most.points;

  function keep() {
    const drawn = { strokes: lines.map((line) => line.points), widths: lines.map((line) => line.width) };
    field.value = lines.length ? JSON.stringify(drawn) : "";
    says.hidden = !isFull();
  }

  function show() {
    sheet.querySelectorAll("path").forEach((path) => path.remove());
    for (const line of lines) sheet.append(draw(line));
  }

  function change(next) {
    before = [...before.slice(-50), lines];
    lines = next;
  }

  function at(event) {
    const place = sheet.getBoundingClientRect();
    const part = (value, from, size) => Math.min(FULL, Math.max(0, Math.round(((value - from) / size) * FULL)));
    return [part(event.clientX, place.left, place.width), part(event.clientY, place.top, place.height)];
  }

  pad.addEventListener("pointerdown", (event) => {
    if (finger !== null || event.button > 0 || isFull()) return;
    event.preventDefault();
    finger = event.pointerId;
    pad.setPointerCapture(finger);
    change([...lines, { points: [at(event)], width }]);
    sheet.append(draw(lines.at(-1)));
  });

  pad.addEventListener("pointermove", (event) => {
    if (event.pointerId !== finger) return;
    const line = lines.at(-1);
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const [x, y] = at(one);
      const [lastX, lastY] = line.points.at(-1);
      if (count() >= most.points || Math.hypot(x - lastX, y - lastY) < NEAR) continue;
      line.points.push([x, y]);
    }
    sheet.lastElementChild.setAttribute("d", trace(line.points));
  });

  for (const ending of ["pointerup", "pointercancel"]) {
    pad.addEventListener(ending, (event) => {
      if (event.pointerId !== finger) return;
      finger = null;
      keep();
    });
  }

  find("undo").addEventListener("click", () => {
    lines = before.pop() ?? lines.slice(0, -1);
    show();
    keep();
  });

  find("clear").addEventListener("click", () => {
    if (lines.length) change([]);
    show();
    keep();
  });

  for (const button of box.querySelectorAll("[data-width]")) {
    button.addEventListener("click", () => {
      width = Number(button.dataset.width);
      for (const other of box.querySelectorAll("[data-width]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
    });
  }

  // The picture that the server drew is what goes on being drawn on.
  for (const part of box.parentElement.querySelectorAll("[data-with-pad]")) part.hidden = false;
  for (const part of box.parentElement.querySelectorAll("[data-without-pad]")) part.hidden = true;
  show();
  keep();
}

function read(kept) {
  const { strokes, widths } = kept ? JSON.parse(kept) : { strokes: [] };
  return strokes.map((points, place) => ({ points, width: widths?.[place] ?? 2 }));
}

function trace(points) {
  const [first, ...rest] = points.map((point) => point.join(" "));
  return `M${first}${rest.map((point) => `L${point}`).join("") || "h0"}`;
}

function draw(line) {
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", trace(line.points));
  path.setAttribute("stroke-width", WIDTHS[line.width]);
  return path;
}
