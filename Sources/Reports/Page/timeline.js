// The timeline: the view, the axis, the overview, rows, and the scrubber.
const view = { from: Math.min(0, run.begin), to: run.end, now: 0, chosen: null, filter: "", only: false };
let groups = [];
let shown = [];      // The items that are drawn now, by their number.
let trackWidth = 800;
const labelWidth = () => $("clock").offsetWidth;

const x = time => (time - view.from) / (view.to - view.from) * trackWidth;
const timeAt = place => view.from + place / trackWidth * (view.to - view.from);

function setNow(time, isQuiet) {
  view.now = Math.max(run.begin, Math.min(run.end, Math.round(time)));
  placeCursor();
  if (!isQuiet) nowChanged();
}

function placeCursor() {
  const place = x(view.now);
  $("cursor").style.display = place < 0 || place > trackWidth ? "none" : "";
  $("cursor").style.left = labelWidth() + place + "px";
  $("clock").textContent = clock(view.now);
  drawOverview();
}

function setView(from, to) {
  const whole = [Math.min(0, run.begin), run.end];
  const length = Math.max(2000, Math.min(to - from, whole[1] - whole[0]));
  view.from = Math.max(whole[0], Math.min(from, whole[1] - length));
  view.to = view.from + length;
  draw();
}

function zoom(factor, center = view.now) {
  if (center < view.from || center > view.to) center = (view.from + view.to) / 2;
  setView(center - (center - view.from) * factor, center + (view.to - center) * factor);
}

/// Brings a time into the view, near enough to tell its neighbours apart.
function showTime(time, width) {
  setNow(time, true);
  const length = Math.min(view.to - view.from, width || view.to - view.from);
  if (length < view.to - view.from || time < view.from || time > view.to) setView(time - length / 2, time + length / 2);
}

let isDrawing = false;
function draw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => { isDrawing = false; drawNow(); });
}

function drawNow() {
  trackWidth = Math.max(200, $("timeline").clientWidth - labelWidth() - 1);
  shown = [];
  drawAxis();
  for (const group of groups) drawGroup(group);
  placeCursor();
}

// MARK: The axis and the overview

function ticks() {
  const steps = [1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, .1, .2, .5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400, 604800].map(s => s * 1e6);
  const step = steps.find(step => step / (view.to - view.from) * trackWidth > 84) || steps[steps.length - 1];
  const digits = step >= 1e6 ? 0 : step >= 1e5 ? 1 : step >= 1e4 ? 2 : 3;
  const times = [];
  for (let time = Math.ceil(view.from / step) * step; time <= view.to; time += step) times.push(time);
  return { times, digits };
}

function drawAxis() {
  const axis = $("axis");
  axis.replaceChildren();
  axis.setAttribute("width", trackWidth);
  const { times, digits } = ticks();
  for (const time of times) {
    axis.append(drawn("line", { x1: x(time), x2: x(time), y1: 17, y2: 24, class: "grid" }));
    if (x(time) < trackWidth - 30) axis.append(drawn("text", { x: Math.max(2, x(time) - 14), y: 14, class: "ink" }, clock(time, digits)));
  }
  for (const one of data.expectations) if (!one.met && one.at !== null) {
    axis.append(drawn("path", { d: `M${x(one.at) - 5},24l5,-8l5,8z`, class: "k-bad" }));
  }
}

function drawOverview() {
  const canvas = $("overview"), scale = devicePixelRatio || 1, height = 44;
  canvas.width = trackWidth * scale; canvas.height = height * scale; canvas.style.width = trackWidth + "px";
  const pen = canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
  const color = name => style.getPropertyValue("--" + name);
  pen.scale(scale, scale);
  const from = Math.min(0, run.begin), whole = run.end - from, place = time => (time - from) / whole * trackWidth;
  const sums = new Map();
  for (const lane of data.traffic) for (const [bucket, fine, moved, odd, bad, dead] of lane.buckets) {
    const sum = sums.get(bucket) || [0, 0];
    sum[0] += fine + moved + odd + bad + dead; sum[1] += odd + bad + dead;
    sums.set(bucket, sum);
  }
  let most = 1;
  for (const sum of sums.values()) most = Math.max(most, sum[0]);
  const width = Math.max(1, place(from + run.bucket) + .6);
  for (const [bucket, [all, wrong]] of sums) {
    const left = place(bucket * run.bucket), size = all / most * 30;
    pen.fillStyle = color("edge"); pen.fillRect(left, height - 4 - size, width, size);
    if (wrong) { pen.fillStyle = color("bad"); pen.fillRect(left, height - 4 - Math.max(3, wrong / most * 30), Math.max(2, width), Math.max(3, wrong / most * 30)); }
  }
  pen.fillStyle = color("accent");
  for (const [time] of data.steps) { pen.beginPath(); pen.moveTo(place(time) - 4, 2); pen.lineTo(place(time) + 4, 2); pen.lineTo(place(time), 9); pen.fill(); }
  const left = place(view.from), right = place(view.to);
  pen.globalAlpha = .55; pen.fillStyle = color("bg"); pen.fillRect(0, 0, left, height); pen.fillRect(right, 0, trackWidth - right, height);
  pen.globalAlpha = 1; pen.strokeStyle = color("accent"); pen.strokeRect(left + .5, .5, Math.max(2, right - left - 1), height - 1);
  pen.beginPath(); pen.moveTo(place(view.now), 0); pen.lineTo(place(view.now), height); pen.stroke();
}

// MARK: Rows

function buildRows() {
  const lanes = $("lanes");
  lanes.replaceChildren();
  for (const group of groups) {
    group.head = element("button", { class: "group-head", on: { click: () => { group.isOpen = !group.isOpen; draw(); } } });
    lanes.append(group.head);
    for (const row of group.rows) {
      row.svg = drawn("svg", { class: "track", height: row.height || 22 });
      row.labelNode = element("div", { class: "label" + (row.openRow ? " open" : ""), title: [row.kind, row.label, row.hint, row.title].filter(Boolean).join(" ") },
        row.kind ? element("span", { class: "kind" }, row.kind) : "", row.label, row.hint ? element("span", { class: "hint" }, row.hint) : "");
      if (row.openRow) row.labelNode.addEventListener("click", row.openRow);
      row.labelNode.style.lineHeight = (row.height || 22) + "px";
      row.node = element("div", { class: "row", "data-row": row.label }, row.labelNode, row.svg);
      lanes.append(row.node);
    }
  }
}

const isMatch = item => (!view.filter || view.filter.every(word => item.find.includes(word))) && (!view.only || item.bad);

function isRowShown(row) {
  if (view.only && !row.isBad) return false;
  if (!view.filter) return true;
  const label = (row.label + " " + (row.kind || "") + " " + (row.hint || "") + " " + (row.title || "")).toLowerCase();
  return view.filter.every(word => label.includes(word)) || row.items.some(isMatch);
}

function drawGroup(group) {
  const rows = group.rows.filter(isRowShown);
  const isOpen = group.isOpen || Boolean(view.filter);
  group.head.style.display = rows.length ? "" : "none";
  group.head.replaceChildren(element("span", { class: "arrow" }, isOpen ? "▾" : "▸"), group.title,
    element("span", { class: "count" }, group.rows.length === 1 ? "" : `${rows.length === group.rows.length ? "" : rows.length + " of "}${group.rows.length}`));
  for (const row of group.rows) {
    const isShown = isOpen && rows.includes(row);
    row.node.style.display = isShown ? "" : "none";
    if (isShown) drawRow(row);
  }
}

function drawRow(row) {
  const svg = row.svg, height = row.height || 22;
  svg.replaceChildren();
  svg.setAttribute("width", trackWidth);
  if (view.from < 0) svg.append(drawn("rect", { x: 0, y: 0, width: Math.max(0, Math.min(trackWidth, x(0))), height, class: "before-zero" }));
  if (row.buckets) drawBuckets(row, height);
  const spans = row.items.filter(item => item.t1 !== undefined), points = row.items.filter(item => item.t1 === undefined);
  for (const item of spans) drawSpan(row, item, height);
  drawPoints(row, points, height);
}

function attributes(item, extra) {
  shown[item.id] = item;
  const isChosen = view.chosen === item.mark && item.mark;
  return { ...extra, class: `k-${item.k}${isMatch(item) ? "" : " faded"}${isChosen ? " chosen" : ""}`, "data-i": item.id, id: item.mark || null };
}

function drawSpan(row, item, height) {
  const left = Math.max(-4, x(item.t)), right = Math.min(trackWidth + 4, x(item.t1));
  if (right < 0 || left > trackWidth) return;
  const thick = row.lanes ? 13 : 14, top = row.lanes ? 5 + (item.lane || 0) * 15 : (height - thick) / 2;
  const width = Math.max(2, right - left - 1);
  row.svg.append(drawn("rect", attributes(item, { x: left, y: top, width, height: thick, rx: 2.5 })));
  if (item.x && width > 34) {
    const text = item.x.slice(0, Math.floor((width - 8) / 5.8));
    if (text.length > 1) row.svg.append(drawn("text", { x: Math.max(left, 0) + 5, y: top + thick - (row.lanes ? 3 : 3.5) }, text));
  }
}

function drawPoints(row, points, height) {
  let last = null;
  const labels = [];
  for (const item of points) {
    const place = x(item.t);
    if (place < -6 || place > trackWidth + 6) continue;
    const isNear = last && place - last.place < 3.2 && last.item.k === item.k && !item.bad === !last.item.bad && view.chosen !== item.mark && isMatch(item) === isMatch(last.item);
    if (isNear) { last.more.push(item); shown[last.item.id].more = last.more; continue; }
    item.more = null;
    last = { place, item, more: [item] };
    const middle = item.lift ? (item.bad ? 9 : height - 8) : height / 2;
    row.svg.append(mark(item, place, middle));
    if (item.s === "flag") labels.push([place, item.x]);
  }
  labels.forEach(([place, text], index) => {
    const room = (index + 1 < labels.length ? labels[index + 1][0] : trackWidth) - place - 14;
    const short = room < 14 ? "" : text.slice(0, Math.floor(room / 5.6));
    if (short.length > 1) row.svg.append(drawn("text", { x: place + 9, y: height / 2 + 4, class: "ink" }, short));
  });
}

function mark(item, place, middle) {
  const shapes = {
    dot: () => drawn("circle", attributes(item, { cx: place, cy: middle, r: 3 })),
    bar: () => drawn("rect", attributes(item, { x: place - 1.5, y: middle - 7, width: 3, height: 14, rx: 1.5 })),
    end: () => drawn("rect", attributes(item, { x: place - 1.5, y: middle - 6, width: 3, height: 12 })),
    diamond: () => drawn("path", attributes(item, { d: `M${place},${middle - 5}l4.5,5l-4.5,5l-4.5,-5z` })),
    triangle: () => drawn("path", attributes(item, { d: `M${place},${middle - 6}l6,11h-12z` })),
    flag: () => drawn("path", attributes(item, { d: `M${place - 1},${middle - 8}h9l-3,4l3,4h-7v8h-2z` })),
    cross: () => drawn("path", attributes(item, { d: `M${place},${middle - 2}l3.2,-3.2l2,2l-3.2,3.2l3.2,3.2l-2,2l-3.2,-3.2l-3.2,3.2l-2,-2l3.2,-3.2l-3.2,-3.2l2,-2z` })),
  };
  return (shapes[item.s] || shapes.dot)();
}

/// Bars of traffic: answers of each class above each other.
function drawBuckets(row, height) {
  const most = row.most || (row.most = Math.max(1, ...row.buckets.map(bucket => bucket[1] + bucket[2] + bucket[3] + bucket[4] + bucket[5])));
  const room = height - 20, base = height - 15, kinds = ["good", "move", "odd", "bad", "dead"];
  const paths = kinds.map(() => "");
  for (const bucket of row.buckets) {
    const left = x(bucket[0] * run.bucket), right = x((bucket[0] + 1) * run.bucket);
    if (right < 0 || left > trackWidth) continue;
    let top = base;
    kinds.forEach((kind, index) => {
      const count = bucket[index + 1];
      if (!count) return;
      const size = Math.max(index > 1 ? 2.5 : 1, count / most * room);
      top -= size;
      paths[index] += `M${left.toFixed(1)},${top.toFixed(1)}h${Math.max(.8, right - left - (right - left > 3 ? .6 : 0)).toFixed(1)}v${size.toFixed(1)}H${left.toFixed(1)}z`;
    });
  }
  paths.forEach((path, index) => { if (path) row.svg.append(drawn("path", { d: path, class: `k-${kinds[index]}`, opacity: index > 1 ? 1 : .55, "pointer-events": "none" })); });
}
