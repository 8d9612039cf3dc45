// The panel beside the timeline: what an item is, or how everything stands at the scrubber's instant.
let follow = null;   // Draws the panel anew when the scrubber moves.

function jump(time, text) {
  return element("button", { class: "jump", on: { click: () => { showTime(time, 6e7); nowChanged(); } } }, text || clock(time));
}

function table(rows) {
  return element("table", {}, rows.filter(([, value]) => value !== "" && value !== null && value !== undefined).map(([name, value]) =>
    element("tr", {}, element("th", {}, name), element("td", {}, typeof value === "object" ? value : String(value)))));
}

function fill(title, children, isFollowing) {
  if (!isFollowing) follow = null;
  const back = element("button", { class: "back", title: "How everything stands at the scrubber (Esc)", on: { click: closePanel } }, "✕");
  $("panel").replaceChildren(back, element("h2", {}, title), ...children.flat().filter(Boolean));
  $("panel").scrollTop = 0;
}

function closePanel() {
  view.chosen = null;
  nowPanel();
  draw();
}

function nowChanged() { if (follow) follow(); }

function eventPanel(title, time, rows, entry) {
  fill(title, [table([["at", jump(time)], ...rows]), ...(entry === undefined ? [] : [...ledTo(entry), ...cameOf(entry)])]);
}

function chain(events) {
  return element("ol", { class: "path" }, events.map((event, index) => element("li", { class: index === events.length - 1 ? "last" : "" },
    element("span", { class: "t", on: { click: () => { showTime(event.t, 3e7); } } }, clock(event.t)), element("span", { class: "who" }, event.who), event.text,
    event.link ? element("span", { class: "link" }, index === events.length - 1 ? "" : `found by: ${event.link}`) : "")));
}

function expectationPanel(one) {
  const parts = [table([["expected", one.expected], ["at", one.place], ["first wrong", one.at === null ? "" : jump(one.at)]])];
  if (one.seen.length) parts.push(element("h3", {}, "Seen"), ...one.seen.map(line => element("div", {}, line)));
  if (one.chain.length > 1) parts.push(element("h3", {}, "What led to it"), chain(one.chain));
  else if (one.before.length + one.chain.length) parts.push(element("h3", {}, "Before it"), chain([...one.before, ...one.chain]));
  if (one.meanwhile.length) parts.push(element("h3", {}, "Meanwhile"), chain(one.meanwhile));
  fill(one.name || "Expectation", parts);
}

// MARK: Causes

const marks = { reconcile: "pass", cloud_call: "call", configuration: "zone", pod: "pod", object: "object", step: "step", note: "note" };

/// What led to an entry, back to its beginning: each line opens what it tells of.
function ledTo(entry) {
  const lines = [], seen = new Set();
  let at = entry;
  while (at !== undefined && data.causes[at] && !seen.has(at) && lines.length < 40) {
    seen.add(at);
    lines.unshift(at);
    at = data.causes[at][4][0];
  }
  if (lines.length < 2) return [];
  const others = (data.causes[entry][4] || []).slice(1).filter(one => data.causes[one] && !seen.has(one));
  const line = (one, isLast) => {
    const [t, who, text, kind] = data.causes[one];
    const item = found(`${marks[kind]}-${one}`);
    return element("li", { class: isLast ? "fine" : "" }, element("span", { class: "t", on: { click: () => showTime(t, 3e7) } }, clock(t)),
      element("span", { class: "who" }, who), item && !isLast ? element("button", { class: "plain", on: { click: () => choose(item.mark, item.open) } }, text) : text);
  };
  // Calls, what controllers write, and all but the last stage of a pod only carry it on.
  const kind = index => lines[index] === undefined ? "" : data.causes[lines[index]][3], words = index => data.causes[lines[index]][2];
  const carries = index => index < lines.length - 1 && (kind(index) === "api_call" || kind(index) === "object" && index > 0 && kind(index - 2) === "reconcile" ||
    kind(index) === "pod" && kind(index + 1) === "pod" || kind(index) === "reconcile" && words(index).startsWith("kubelet "));
  const list = which => lines.map((one, index) => which(index) ? line(one, index === lines.length - 1) : null).filter(Boolean);
  const path = element("ol", { class: "path", id: "led-to" }, list(index => !carries(index)));
  const left = lines.filter((_, index) => carries(index)).length;
  const all = left ? element("button", { class: "jump", on: { click: () => { path.replaceChildren(...list(() => true)); all.remove(); } } }, `and ${left} in between`) : "";
  return [element("h3", {}, "What led to it"), path, all,
    others.length ? element("h3", {}, "Also made for") : "", others.length ? element("ol", { class: "path" }, others.map(one => line(one))) : ""];
}

/// What came of an entry, as far as the page knows.
function cameOf(entry) {
  const lines = Object.entries(data.causes).filter(([, one]) => one[4].includes(entry)).slice(0, 12);
  return lines.length ? [element("h3", {}, "What came of it"), element("ol", { class: "path", id: "came-of" }, lines.map(([one, [t, who, text, kind]]) => {
    const item = found(`${marks[kind]}-${one}`);
    return element("li", {}, element("span", { class: "t", on: { click: () => showTime(t, 3e7) } }, clock(t)), element("span", { class: "who" }, who), item ? element("button", { class: "plain", on: { click: () => choose(item.mark, item.open) } }, text) : text);
  }))] : [];
}

/// The item of the timeline that has a mark.
function found(mark) {
  for (const group of groups) for (const row of group.rows) for (const item of row.items) if (item.mark === mark) return item;
  return null;
}

// MARK: Requests

function requestPanel(request) {
  setNow(request.t, true);
  const isBad = Boolean(request.o) || request.s >= 400;
  const path = request.w === undefined ? null : data.paths[request.w];
  const parts = [
    element("div", { class: "status " + (isBad ? "bad" : "good") }, request.o || String(request.s)),
    table([["ended", jump(request.t)], ["took", span(request.l)], ["by", request.n], ["served by", request.p], ["certificate", request.c],
      ["sent", request.r === undefined ? "" : request.r + " times"], ["connection", request.x ? request.x.split("/")[0] : "none"]]),
  ];
  // Where no rule took the request, its path tells more than its causes.
  if (path && path.miss) parts.push(...pathParts(path));
  if (request.y) parts.push(element("h3", {}, "What led to it"), chain(request.y));
  if (request.z) {
    const [balancer, zone, listener, version, rule, action, group, server, upstream, reason, latency] = request.z;
    parts.push(element("h3", {}, "As the load balancer saw it"), table([["zone", zone], ["listener", listener], ["version", version], ["rule", rule],
      ["action", action], ["server group", group], ["server", server], ["its status", upstream || ""], ["its time", latency ? span(latency) : ""], ["reason", reason], ["load balancer", balancer]]));
  } else parts.push(element("p", { class: "nothing" }, "No load balancer answered this request."));
  if (path && !path.miss) parts.push(...pathParts(path));
  fill(`${request.m} ${request.h}${request.u}`, parts);
}

function pathParts(path) {
  const parts = [element("h3", {}, "Its path through the configuration"), element("ol", { class: "path", id: "path" },
    path.steps.map(([subject, finding]) => element("li", {}, element("span", { class: "subject" }, subject), finding)),
    element("li", { class: /^[45]\d\d|refused/.test(path.outcome) ? "last" : "fine" }, element("span", { class: "subject" }, "outcome"), path.outcome))];
  if (path.miss) parts.push(missPart(path.miss));
  if (path.servers.length) parts.push(element("h3", {}, "Servers"), element("div", {}, path.servers.map(([server, health, isUsable]) =>
    element("span", { class: "chip " + (isUsable ? "good" : "bad") }, `${server} ${health === "Unavailable" ? "not checked" : health}${isUsable ? "" : ", not used"}`))));
  if (path.tried.length && !path.miss) parts.push(element("h3", {}, "Rules before it"), element("ul", { class: "changes" }, path.tried.map(text => element("li", {}, text))));
  return parts;
}

function missPart(miss) {
  return element("div", { class: "miss", id: "nearest-miss" }, element("b", {}, `Nearest miss: rule ${miss.rule}`), element("table", {},
    miss.conditions.map(([subject, expected, actual, holds]) => element("tr", {}, element("th", {}, element("span", { class: holds ? "yes" : "no" }, holds ? "✓ " : "✗ "), subject),
      element("td", {}, `wants ${expected}`, holds ? "" : element("div", { class: "no" }, `found ${actual || "nothing"}`))))));
}

// MARK: Objects

function objectPanel(object, index) {
  const show = () => {
    const place = index !== undefined && object.revisions[index][0] === view.now ? index : revisionAt(object, view.now);
    fill(`${object.kind} ${object.namespace ? object.namespace + "/" : ""}${object.name}`, objectParts(object, place), true);
  };
  follow = show;
  show();
}

function objectParts(object, place) {
  if (place < 0) return [element("p", { class: "nothing" }, "It does not exist at this instant."), revisions(object, place)];
  const [time, entry, verb, revision, change, writer] = object.revisions[place];
  const parts = [table([["revision", revision], [verb === "delete" ? "deleted" : "since", jump(time)], ["written by", writer]])];
  const changes = (Array.isArray(change) ? change : []).filter(([path]) => path.join(".") !== "metadata.resourceVersion");
  if (changes.length) parts.push(element("h3", {}, "What this revision changed"), element("ul", { class: "changes", id: "changes" }, changes.map(([path, before, after]) =>
    element("li", {}, element("b", {}, path.join(".")), element("div", {}, before.length ? element("span", { class: "old" }, short(before[0])) : "", before.length && after.length ? " → " : "",
      after.length ? element("span", { class: "new" }, short(after[0])) : element("i", {}, " removed"))))));
  const body = verb === "delete" ? null : bodyAt(object, place);
  if (body) {
    const touched = changes.map(([path]) => path.join("\n"));
    const isTouched = line => touched.some(path => (line.path.join("\n") + "\n").startsWith(path + "\n"));
    parts.push(element("h3", {}, "As it stands"), element("pre", { id: "body" }, yaml(body).map(line => element("div", { class: isTouched(line) ? "added" : null }, line.text))));
  } else if (verb !== "delete") parts.push(element("p", { class: "nothing" }, "This body is not in the page; the run file has it (table object_body)."));
  parts.push(...ledTo(entry), ...cameOf(entry), revisions(object, place));
  return parts;
}

function short(value) {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 160 ? text.slice(0, 160) + "…" : text;
}

function revisions(object, place) {
  const from = Math.max(0, Math.min(place - 12, object.revisions.length - 25));
  return element("div", {}, element("h3", {}, `Revisions (${object.revisions.length})`), element("div", {}, object.revisions.slice(from, from + 25).map(([time, , verb, revision], index) =>
    element("div", {}, element("button", { class: "jump", on: { click: () => { setNow(time, true); objectPanel(object, from + index); } } }, clock(time)), ` ${verb} ${revision}`,
      from + index === place ? element("b", {}, " ◂") : ""))));
}

// MARK: Others

function streamPanel(stream) {
  const [t, , traffic, kind, target, pod, outcome, code, sent, received, length, slowest, reason, story] = stream;
  const isBad = outcome !== "finished";
  fill(`${kind} ${target}`, [element("div", { class: "status " + (isBad ? "bad" : "good") }, outcome + (code >= 0 ? ` ${code}` : "")),
    table([["opened", jump(t - length)], ["ended", jump(t)], ["lasted", span(length)], ["by", traffic], ["served by", pod],
      ["messages", `${grouped(sent)} sent, ${grouped(received)} received`], ["slowest answer", slowest ? span(slowest) : ""], ["load balancer", reason]]),
    story ? element("h3", {}, "What led to it") : "", story ? chain(story) : ""]);
}

function callPanel(call) {
  const [t, entry, client, action, resource, status, code, request, duration] = call;
  fill(action, [element("div", { class: "status " + (code ? "bad" : "good") }, code ? `${status} ${code}` : String(status)),
    table([["at", jump(t)], ["client", client], ["resource", resource], ["took", span(duration)], ["request id", request]]), ledTo(entry), cameOf(entry)]);
}

function zonePanel(entry, balancer, zone, version, cause) {
  const others = data.zones.filter(one => one[2] === balancer && one[4] === version);
  const first = Math.min(...others.map(one => one[0]));
  fill(`Version ${version}`, [table([["load balancer", balancer], ["made by", cause]]), element("h3", {}, "When each zone began to serve it"),
    table(others.map(one => [one[3], element("span", {}, jump(one[0]), one[0] > first ? ` ${span(one[0] - first)} later` : "")])), ledTo(entry)]);
}

function podPanel(namespace, name, entry) {
  const rows = data.pods.filter(pod => pod[2] === namespace && pod[3] === name);
  const [, , , , node, ip] = rows[0];
  const served = data.requests.filter(request => request.p === name || (request.z && request.z[7].startsWith(ip + ":")));
  const bad = served.filter(request => request.o || request.s >= 400);
  fill(`Pod ${name}`, [table([["namespace", namespace], ["node", node], ["address", ip]]), element("h3", {}, "Stages"),
    table(rows.map(pod => [jump(pod[0]), pod[6] + (pod[7] ? `: ${pod[7]}` : "")])),
    entry === undefined ? "" : ledTo(entry),
    bad.length ? element("h3", {}, "Requests that went wrong there") : "", ...bad.slice(0, 20).map(requestLine)]);
}

function requestLine(request) {
  return element("div", {}, element("button", { class: "jump", on: { click: () => choose(`request-${request.e}`, () => requestPanel(request)) } }, clock(request.t)),
    ` ${requestTitle(request)}${request.z && request.z[9] ? ": " + request.z[9] : ""}`);
}

/// Several entries at one place of the timeline: the first that went wrong, else the first, and the others below it.
function clusterPanel(items) {
  const first = items.find(item => item.bad) || items[0], others = items.filter(item => item !== first);
  choose(first.mark, first.open);
  $("panel").append(element("h3", {}, `Also here (${others.length})`), element("p", { class: "nothing" }, "Zoom in to tell them apart on the timeline."), ...others.slice(0, 60).map(item =>
    element("div", {}, element("button", { class: "jump", on: { click: () => choose(item.mark, item.open) } }, clock(item.t)), " " + item.tip)),
    others.length > 60 ? element("p", { class: "nothing" }, `… and ${others.length - 60} more`) : "");
}

/// How everything stands at the scrubber's instant.
function nowPanel() {
  follow = nowPanel;
  const now = view.now, parts = [];
  const bucket = Math.floor(now / run.bucket);
  const traffic = data.traffic.map(lane => [lane.name, lane.buckets.find(one => one[0] === bucket)]).filter(([, one]) => one);
  parts.push(element("h3", {}, `Traffic in these ${span(run.bucket)}`), traffic.length ? table(traffic.map(([name, one]) => [name, element("span", {},
    ["2xx", "3xx", "4xx", "5xx", "no answer"].map((label, index) => one[index + 1] ? element("span", { class: "chip " + (index > 1 ? "bad" : "good") }, `${one[index + 1]} × ${label}`) : ""),
    element("div", { class: "nothing" }, `average ${span(one[6])}, longest ${span(one[7])}`))])) : element("p", { class: "nothing" }, "none"));
  const zones = new Map();
  for (const zone of data.zones) if (zone[0] <= now) zones.set(zone[2] + zone[3], zone);
  const newest = Math.max(0, ...[...zones.values()].map(zone => zone[4]));
  if (zones.size) parts.push(element("h3", {}, "Zones serve"), table([...zones.values()].map(zone => [zone[3], element("span", {},
    `version ${zone[4]} since `, jump(zone[0]), zone[4] < newest ? element("span", { class: "chip bad" }, "behind") : "")])));
  const pods = new Map();
  for (const pod of data.pods) if (pod[0] <= now) pods.set(pod[2] + "/" + pod[3], pod);
  const alive = [...pods.values()].filter(pod => pod[6] !== "stopped");
  if (alive.length) parts.push(element("h3", {}, `Pods (${alive.length})`), element("div", {}, alive.slice(0, 40).map(pod =>
    element("span", { class: "chip " + (pod[6] === "ready" ? "good" : pod[6] === "crashed" || pod[6] === "draining" ? "bad" : "") }, `${pod[3]} ${pod[6]}`))));
  const recent = [];
  for (const group of groups) if (group.title !== "Traffic" && group.title !== "Cluster controllers" && group.title !== "Objects that controllers make")
    for (const row of group.rows) for (const item of row.items) if (item.t <= now && item.mark && item.k !== "idle") recent.push([item, row]);
  recent.sort((one, other) => other[0].t - one[0].t);
  parts.push(element("h3", {}, "Last events"), ...recent.slice(0, 12).map(([item, row]) => element("div", {},
    element("button", { class: "jump", on: { click: () => choose(item.mark, item.open) } }, clock(item.t)), ` ${row.isNamed ? row.label + ": " : ""}${item.tip.split("\n")[0]}`)));
  fill(`At ${clock(now)}`, parts, true);
  $("panel").querySelector(".back").remove();
}
