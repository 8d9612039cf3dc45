// The page: head, expectations, and what mouse and keys do.
function choose(markName, open) {
  view.chosen = markName || null;
  open();
  draw();
}

function fillHead() {
  $("name").textContent = run.scenario;
  $("verdict").textContent = run.verdict || "saved";
  $("verdict").classList.add(run.verdict || "saved");
  const facts = [["file", run.file], ["seed", run.seed], ["profile", run.profile], ["digest", run.digest], ["begins", run.start.replace(/\.0+Z$/, "Z")], ["length", span(run.end)]];
  $("facts").append(...facts.filter(([, value]) => value).map(([name, value]) => element("span", {}, `${name} `, element("b", { class: "mono" }, value))),
    element("span", {}, "repeat ", element("b", { class: "mono" }, run.command)));
  const legend = [["good", "2xx"], ["move", "3xx"], ["odd", "4xx"], ["bad", "5xx"], ["dead", "no answer"]];
  $("legend").append(...legend.flatMap(([kind, text]) => { const dot = drawn("svg", { width: 8, height: 8, viewBox: "0 0 8 8" }); dot.append(drawn("circle", { cx: 4, cy: 4, r: 4, class: "k-" + kind })); return [dot, " " + text + " "]; }));
}

function fillExpectations() {
  const card = (one, index) => element("button", { class: "expectation" + (one.met ? "" : " unmet"), id: `expectation-${index}`, on: { click: () => { if (one.at !== null) showTime(one.at, 6e7); choose(null, () => expectationPanel(one)); } } },
    element("div", { class: "head" }, element("span", { class: "mark" }, one.met ? "✓" : "✗"), element("span", {}, one.name ? `${one.name}: ` : "", one.expected), one.at !== null && !one.met ? element("span", { class: "when" }, clock(one.at)) : ""),
    one.met ? "" : element("p", { class: "seen" }, one.seen[0] || ""), one.met ? "" : element("p", {}, one.place));
  const unmet = data.expectations.filter(one => !one.met), met = data.expectations.filter(one => one.met);
  const place = $("expectations");
  if (run.problem) place.append(element("div", { class: "expectation unmet" }, element("div", { class: "head" }, element("span", { class: "mark" }, "✗"), "The run broke off"), element("p", { class: "seen" }, run.problem)));
  place.append(...unmet.map(one => card(one, data.expectations.indexOf(one))));
  if (met.length) place.append(element("details", { class: "met" }, element("summary", {}, `✓ ${met.length} ${met.length === 1 ? "expectation" : "expectations"} met`), element("div", {}, met.map(one => card(one, data.expectations.indexOf(one))))));
}

function itemOf(event) {
  const mark = event.target.closest && event.target.closest("[data-i]");
  return mark ? shown[Number(mark.getAttribute("data-i"))] : null;
}

function listen() {
  const timeline = $("timeline"), axis = $("axis"), overview = $("overview");
  const place = event => Math.max(0, Math.min(trackWidth, event.clientX - timeline.getBoundingClientRect().left - labelWidth()));
  const drag = (node, move, end) => node.addEventListener("pointerdown", down => {
    if (down.button !== 0) return;
    const state = { moved: false, x: place(down), from: view.from, to: view.to };
    const moving = event => { if (Math.abs(place(event) - state.x) > 3) state.moved = true; move(event, state); };
    const up = event => { removeEventListener("pointermove", moving); removeEventListener("pointerup", up); if (end) end(event, state); };
    addEventListener("pointermove", moving); addEventListener("pointerup", up);
    move(down, state);
  });
  drag(axis, event => { setNow(timeAt(place(event))); });
  const whole = () => Math.min(0, run.begin), at = position => whole() + position / trackWidth * (run.end - whole());
  drag(overview, (event, state) => { if (state.moved) setView(Math.min(at(state.x), at(place(event))), Math.max(at(state.x), at(place(event)))); },
    (event, state) => { if (!state.moved) { const half = (view.to - view.from) / 2; setView(at(state.x) - half, at(state.x) + half); setNow(at(state.x)); } });
  drag($("lanes"), (event, state) => {
    if (!state.moved || !event.target) return;
    const shift = (place(event) - state.x) / trackWidth * (state.to - state.from);
    setView(state.from - shift, state.to - shift);
  });
  $("lanes").addEventListener("click", event => {
    const item = itemOf(event);
    if (item) return item.more && item.more.length > 1 ? clusterPanel(item.more) : choose(item.mark, item.open);
    if (event.target.closest("svg.track")) setNow(timeAt(place(event)));
  });
  timeline.addEventListener("wheel", event => { if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return; event.preventDefault(); zoom(event.deltaY + event.deltaX > 0 ? 1.25 : .8, timeAt(place(event))); }, { passive: false });
  timeline.addEventListener("dblclick", event => { if (event.target.closest("svg.track")) zoom(.4, timeAt(place(event))); });
  timeline.addEventListener("pointermove", event => {
    const item = itemOf(event), hover = $("hover");
    hover.style.display = item ? "block" : "none";
    if (!item) return;
    hover.textContent = `${clock(item.t)}  ${item.more && item.more.length > 1 ? `${item.more.length} entries: ` : ""}${item.tip}`;
    const box = timeline.getBoundingClientRect();
    hover.style.left = Math.min(event.clientX - box.left + 12, box.width - hover.offsetWidth - 8) + "px";
    hover.style.top = event.clientY - box.top + 16 + "px";
  });
  timeline.addEventListener("pointerleave", () => { $("hover").style.display = "none"; });
  $("in").addEventListener("click", () => zoom(.5));
  $("out").addEventListener("click", () => zoom(2));
  $("fit").addEventListener("click", () => setView(Math.min(0, run.begin), run.end));
  $("filter").addEventListener("input", event => setFilter(event.target.value));
  $("only").addEventListener("change", event => { view.only = event.target.checked; draw(); });
  $("theme").addEventListener("click", () => setTheme(isDark() ? "light" : "dark"));
  addEventListener("resize", draw);
  addEventListener("keydown", keys);
}

function setFilter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  view.filter = words.length ? words : "";
  draw();
}

const isDark = () => document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
function setTheme(theme) { document.documentElement.dataset.theme = theme; draw(); }

function keys(event) {
  if (event.target.tagName === "INPUT" && event.target.type === "search") { if (event.key === "Escape") event.target.blur(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = (view.to - view.from) / trackWidth * (event.shiftKey ? 40 : 4);
  const failures = data.expectations.filter(one => !one.met && one.at !== null).sort((one, other) => one.at - other.at);
  const actions = {
    ArrowLeft: () => setNow(view.now - step), ArrowRight: () => setNow(view.now + step),
    "+": () => zoom(.5), "=": () => zoom(.5), "-": () => zoom(2), "0": () => setView(Math.min(0, run.begin), run.end),
    "/": () => $("filter").focus(), Escape: closePanel,
    n: () => { const next = failures.find(one => one.at > view.now); if (next) { showTime(next.at); expectationPanel(next); } },
    p: () => { const next = failures.filter(one => one.at < view.now).pop(); if (next) { showTime(next.at); expectationPanel(next); } },
  };
  if (actions[event.key]) { event.preventDefault(); actions[event.key](); }
}

/// `#at=12.5&zoom=30&click=request-17&filter=tea&theme=dark&only=1`: a link to what is seen, for people and tests.
function readAddress() {
  const wish = new URLSearchParams(location.hash.slice(1));
  if (wish.has("theme")) setTheme(wish.get("theme"));
  if (wish.has("only")) { view.only = true; $("only").checked = true; }
  if (wish.has("filter")) { $("filter").value = wish.get("filter"); setFilter(wish.get("filter")); }
  if (wish.has("open")) for (const group of groups) group.isOpen = true;
  if (wish.has("at")) showTime(Number(wish.get("at")) * 1e6, wish.has("zoom") ? Number(wish.get("zoom")) * 1e6 : undefined);
  nowPanel();
  drawNow();
  for (const name of wish.getAll("click")) {
    const item = found(name), node = document.getElementById(name);
    if (item) choose(item.mark, item.open);
    else if (node) node.dispatchEvent(new MouseEvent("click", { bubbles: true, clientX: 400, clientY: 300 }));
    drawNow();
  }
  document.body.dataset.ready = "yes";
}

groups = makeLanes();
fillHead();
fillExpectations();
buildRows();
listen();
const firstWrong = data.expectations.filter(one => !one.met && one.at !== null).map(one => one.at).sort((one, other) => one - other)[0];
setNow(firstWrong !== undefined ? firstWrong : 0, true);
readAddress();
