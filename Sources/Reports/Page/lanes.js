// The lanes: what each row of the timeline shows. An item is a point or a span:
// {t, t1?, k: colour, s?: shape, x?: text inside, tip, open: () => panel, bad?: true}

function makeLanes() {
  const groups = [];
  const add = (title, rows, isClosed = false) => { if (rows.length) groups.push({ title, rows, isClosed, isOpen: !isClosed }); };
  add("Scenario", scenarioRows());
  add("Traffic", trafficRows());
  add("WebSockets and gRPC streams", streamRows());
  add("Certificates seen by clients", certificateRows());
  add("Configuration by zone", zoneRows());
  add("Cloud calls", callRows());
  add("Ingress controller", passRows(true));
  add("Pods", podRows());
  const [main, others] = objectRows();
  add("Objects", main);
  add("Objects that controllers make", others, true);
  add("Health as zones see it", healthRows(), true);
  add("Cluster controllers", passRows(false), true);
  let number = 0;
  for (const group of groups) for (const row of group.rows) {
    row.items.sort((one, other) => one.t - other.t);
    for (const item of row.items) {
      item.id = number++;
      item.find = (row.label + " " + (row.kind || "") + " " + (row.title || "") + " " + item.tip + " " + (item.x || "")).toLowerCase();
    }
    row.isBad = row.items.some(item => item.bad);
  }
  return groups;
}

const troubles = new Set(["fault", "crash", "hang", "network", "limit", "warning", "unsettled"]);

function scenarioRows() {
  const steps = data.steps.map(([t, entry, number, verb, detail]) => ({
    t, k: "accent", s: "flag", x: detail || verb, tip: `step ${number}: ${verb} ${detail}`, entry, mark: `step-${entry}`,
    open: () => eventPanel(`Step ${number}`, t, [["does", verb], ["title", detail]], entry),
  }));
  const notes = data.notes.filter(([, , topic]) => topic !== "step").map(([t, entry, topic, message, host]) => ({
    t, k: troubles.has(topic) ? "odd" : "idle", s: troubles.has(topic) ? "triangle" : "dot", tip: `${topic}: ${message}`, entry, mark: `note-${entry}`,
    open: () => eventPanel(topic, t, [["host", host], ["message", message]], entry),
  }));
  const failures = data.expectations.filter(one => !one.met && one.at !== null).map((one, index) => ({
    t: one.at, k: "bad", s: "cross", bad: true, tip: `first wrong: ${one.name || one.expected}`, mark: `failure-${index}`, open: () => expectationPanel(one),
  }));
  const rows = [];
  if (steps.length) rows.push({ label: "Steps", items: steps, height: 24 });
  if (notes.length) rows.push({ label: "Faults and notes", items: notes });
  if (failures.length) rows.push({ label: "Expectations not met", items: failures });
  return rows;
}

function trafficRows() {
  return data.traffic.map(lane => ({
    label: lane.name, height: 56, buckets: lane.buckets, kindOf: "traffic",
    items: data.requests.filter(request => request.n === lane.name).map(request => ({
      t: request.t, k: tone(request.s, request.o), s: request.o || request.s >= 400 ? "cross" : "dot", bad: Boolean(request.o) || request.s >= 400,
      tip: `${requestTitle(request)}${request.p ? " from " + request.p : ""}, ${span(request.l)}`, mark: `request-${request.e}`, lift: true,
      open: () => requestPanel(request),
    })),
  }));
}

/// A row for each traffic, with as many lines as there were streams at a time, twelve at most.
function streamRows() {
  const rows = new Map();
  for (const stream of data.streams) {
    const [t, entry, traffic, kind, target, pod, outcome, code, sent, received, length] = stream;
    if (!rows.has(traffic)) rows.set(traffic, { label: traffic, kind, ends: [], items: [] });
    const row = rows.get(traffic), begin = t - length;
    let lane = row.ends.findIndex(end => end <= begin);
    if (lane < 0) lane = row.ends.length < 12 ? row.ends.length : begin % 12;
    row.ends[lane] = t;
    const isBad = outcome !== "finished";
    row.items.push({
      t: begin, t1: t, lane, k: isBad ? "bad" : "good", bad: isBad, x: isBad ? `${outcome}${code >= 0 ? " " + code : ""}` : pod, mark: `stream-${entry}`,
      tip: `${target}: ${outcome}${code >= 0 ? " " + code : ""} after ${span(length)}${pod ? ", served by " + pod : ""}\n${sent} sent, ${received} received`,
      open: () => streamPanel(stream),
    });
  }
  return [...rows.values()].map(row => ({ ...row, lanes: row.ends.length, height: 12 * row.ends.length + 10 }));
}

function certificateRows() {
  const hosts = new Map();
  for (const [host, certificate, first, last, count] of data.certificates) {
    if (!hosts.has(host)) hosts.set(host, []);
    hosts.get(host).push({ certificate, first, last, count });
  }
  const rows = [...hosts].map(([host, seen]) => ({
    label: host, lanes: Math.min(3, seen.length), height: 15 * Math.min(3, seen.length) + 8,
    items: seen.map((one, index) => ({
      t: one.first, t1: one.last, k: "c" + index % 6, lane: index % 3, x: one.certificate,
      tip: `${one.certificate}\n${grouped(one.count)} requests, ${clock(one.first)} to ${clock(one.last)}`,
      open: () => eventPanel("Certificate", one.first, [["host", host], ["certificate", one.certificate], ["first seen", jump(one.first)], ["last seen", jump(one.last)], ["requests", grouped(one.count)]]),
    })),
  }));
  if (data.handshakes.length) rows.push({ label: "Connections that failed", items: data.handshakes.map(([t, entry, traffic, server, name, certificate, outcome]) => ({
    t, k: "bad", s: "cross", bad: true, tip: `${traffic}: ${outcome}, ${server}${name ? " for " + name : ""}`, mark: `connection-${entry}`,
    open: () => eventPanel("Connection", t, [["traffic", traffic], ["server", server], ["server name", name], ["certificate", certificate], ["outcome", outcome]]),
  })) });
  return rows;
}

function zoneRows() {
  const rows = new Map();
  const balancers = new Set(data.zones.map(zone => zone[2]));
  for (const [t, entry, balancer, zone, version, cause] of data.zones) {
    const key = balancer + zone;
    if (!rows.has(key)) rows.set(key, { label: zone, hint: balancers.size > 1 ? balancer : "", isNamed: true, items: [] });
    const items = rows.get(key).items;
    if (items.length) items[items.length - 1].t1 = t;
    items.push({
      t, t1: run.end, k: "c" + version % 6, x: `v${version} ${cause}`, tip: `version ${version} from ${clock(t)}: ${cause}`, mark: `zone-${entry}`,
      open: () => zonePanel(entry, balancer, zone, version, cause),
    });
  }
  return [...rows.values()];
}

function callRows() {
  const rows = new Map();
  for (const call of data.calls) {
    const [t, entry, client, action, resource, status, code] = call;
    const isRead = /^(List|Get|Describe)/.test(action);
    const label = client + (isRead ? ": reads" : ": writes");
    if (!rows.has(label)) rows.set(label, { label, items: [], order: isRead ? 1 : 0 });
    rows.get(label).items.push({
      t, k: code ? "bad" : isRead ? "idle" : "accent", s: code ? "cross" : isRead ? "dot" : "bar", bad: Boolean(code),
      tip: `${action}${resource ? " " + resource : ""} → ${status}${code ? " " + code : ""}`, mark: `call-${entry}`, open: () => callPanel(call),
    });
  }
  return [...rows.values()].sort((one, other) => one.order - other.order || (one.label < other.label ? -1 : 1));
}

function passRows(isController) {
  const rows = new Map();
  for (const pass of data.passes) {
    const [t, entry, host, controller, key, outcome, message, writes, duration] = pass;
    if ((host === "controller") !== isController) continue;
    const label = isController ? controller : `${host}: ${controller}`;
    if (!rows.has(label)) rows.set(label, { label, items: [] });
    rows.get(label).items.push({
      t: t - duration, t1: t, k: outcome === "done" ? (writes ? "accent" : "idle") : outcome === "retry" ? "odd" : "bad", bad: outcome !== "done",
      tip: `${controller} ${key}: ${outcome}${message ? ", " + message : ""}${writes ? `, ${writes} writes` : ""}`, mark: `pass-${entry}`,
      open: () => eventPanel("Pass", t, [["controller", `${controller} on ${host}`], ["key", key], ["outcome", outcome], ["message", message], ["writes", writes], ["began", jump(t - duration)], ["took", span(duration)]], entry),
    });
  }
  return [...rows.values()];
}

const stages = { starting: "idle", running: "move", ready: "good", unready: "odd", draining: "odd", stopped: null, crashed: "bad" };

function podRows() {
  const rows = new Map();
  for (const [t, entry, namespace, name, node, ip, stage, reason] of data.pods) {
    const key = namespace + "/" + name;
    if (!rows.has(key)) rows.set(key, { label: name, kind: namespace === "default" ? "" : namespace, title: ip, isNamed: true, items: [] });
    const items = rows.get(key).items;
    const last = items[items.length - 1];
    if (last && last.t1 === run.end) last.t1 = t;
    const open = () => podPanel(namespace, name, entry);
    const tip = `${stage} on ${node}${reason ? ": " + reason : ""}`;
    if (stages[stage] === null) { if (last) last.t1 = t; items.push({ t, k: "idle", s: "end", tip, open, mark: `pod-${entry}` }); continue; }
    items.push({ t, t1: run.end, k: stages[stage] || "idle", x: stage, tip, open, bad: stage === "crashed", mark: `pod-${entry}` });
  }
  return [...rows.values()];
}

function healthRows() {
  const rows = new Map();
  for (const [t, entry, group, server, zone, state, reason] of data.health) {
    const key = server + " " + zone;
    if (!rows.has(key)) rows.set(key, { label: server, hint: zone, items: [] });
    const items = rows.get(key).items;
    if (items.length) items[items.length - 1].t1 = t;
    if (state === "Removed") continue;
    const tip = `${state}${reason ? ": " + reason : ""}`;
    items.push({ t, t1: run.end, k: state === "Healthy" ? "good" : state === "Unhealthy" ? "bad" : "idle", bad: state === "Unhealthy", x: state, tip,
      open: () => eventPanel("Health", t, [["server", server], ["group", group], ["zone", zone], ["state", state], ["reason", reason]]) });
  }
  return [...rows.values()];
}

const made = new Set(["ReplicaSet", "Endpoints", "EndpointSlice", "Pod", "Node", "Namespace", "CustomResourceDefinition", "ServiceAccount"]);

function objectRows() {
  const main = [], others = [];
  for (const object of data.objects) {
    const place = object.namespace && object.namespace !== "default" ? object.namespace + "/" : "";
    (made.has(object.kind) ? others : main).push({
      label: place + object.name, kind: object.kind, object, openRow: () => objectPanel(object),
      items: object.revisions.map(([t, entry, verb, revision], index) => ({
        t, k: verb === "create" ? "good" : verb === "delete" ? "bad" : "accent", s: verb === "update" ? "diamond" : verb === "create" ? "dot" : "end",
        tip: `${object.kind} ${object.name}: ${verb}, revision ${revision}`, mark: `object-${entry}`,
        open: () => { setNow(t); objectPanel(object, index); },
      })),
    });
  }
  return [main, others];
}
