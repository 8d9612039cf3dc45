"use strict";
// The run, and the texts for its values. Times are microseconds from the scenario's zero.
const data = JSON.parse(document.getElementById("data").textContent);
const run = data.run;

const $ = id => document.getElementById(id);

function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined && child !== ""));
  return node;
}

function drawn(tag, attributes, text) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

/// `+12.345s`, `+1m02.345s`, `+1h00m02.345s`: as the terminal writes it.
function clock(us, digits = 3) {
  const sign = us < 0 ? "-" : "+";
  const scale = Math.pow(10, digits);
  const total = Math.floor(Math.abs(us) / 1e6 * scale + 1e-6) / scale;
  const seconds = total % 60, minutes = Math.floor(total / 60) % 60, hours = Math.floor(total / 3600) % 24, days = Math.floor(total / 86400);
  const tail = seconds.toFixed(digits);
  if (total < 60) return sign + tail + "s";
  const padded = tail.padStart(digits ? digits + 3 : 2, "0") + "s";
  if (total < 3600) return sign + minutes + "m" + padded;
  const rest = String(minutes).padStart(2, "0") + "m" + padded;
  return sign + (days ? days + "d" + String(hours).padStart(2, "0") : hours) + "h" + rest;
}

function span(us) {
  if (us < 1000) return us + "µs";
  if (us < 1e6) return (us / 1000).toFixed(us < 1e4 ? 1 : 0) + "ms";
  if (us < 6e7) return (us / 1e6).toFixed(2) + "s";
  return clock(us, 0).slice(1);
}

const grouped = number => String(number).replace(/\B(?=(\d{3})+$)/g, ",");

/// What colour an answer has.
function tone(status, outcome) {
  if (outcome || status === 0) return "dead";
  if (status >= 500) return "bad";
  if (status >= 400) return "odd";
  return status >= 300 ? "move" : "good";
}

function requestTitle(request) {
  return `${request.m} ${request.h}${request.u} → ${request.o || request.s}`;
}

/// A revision's body: the first body with every later change put on top; null when it was not kept.
function bodyAt(object, index) {
  let body = null;
  for (let place = 0; place <= index; place += 1) {
    const [, , verb, , change] = object.revisions[place];
    if (verb === "delete") { body = null; continue; }
    if (change === null) { body = null; continue; }
    if (Array.isArray(change) && body !== null) {
      body = structuredClone(body);
      for (const [path, , after] of change) assign(body, path, after);
    } else if (!Array.isArray(change)) body = change;
    else body = null;
  }
  return body;
}

function assign(body, path, after) {
  let place = body;
  for (const step of path.slice(0, -1)) place = place[step];
  const last = path[path.length - 1];
  if (after.length) place[last] = after[0];
  else delete place[last];
}

/// The index of the last revision up to a time; -1 for none.
function revisionAt(object, time) {
  let found = -1;
  object.revisions.forEach((revision, index) => { if (revision[0] <= time) found = index; });
  return found;
}

/// A value as lines of YAML, each with its path.
function yaml(value, path = [], indent = "", prefix = "") {
  const lines = [];
  const plain = text => /^[A-Za-z_\/.][\w\/.:@-]*$/.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text) && !text.endsWith(":") ? text : JSON.stringify(text);
  if (Array.isArray(value)) {
    if (!value.length) return [{ text: prefix + "[]", path }];
    value.forEach((item, index) => {
      const head = index === 0 && prefix.endsWith("- ") ? prefix + "- " : indent + "- ";
      lines.push(...yaml(item, [...path, String(index)], indent + "  ", head));
    });
    return lines;
  }
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value);
    if (!keys.length) return [{ text: prefix + "{}", path }];
    keys.forEach((key, index) => {
      const head = (index === 0 && prefix ? prefix : indent) + plain(key) + ":";
      const item = value[key], inner = [...path, key];
      const isNested = item !== null && typeof item === "object" && Object.keys(item).length;
      if (!isNested) lines.push({ text: head + " " + (item !== null && typeof item === "object" ? (Array.isArray(item) ? "[]" : "{}") : typeof item === "string" ? plain(item) : String(item)), path: inner });
      else {
        lines.push({ text: head, path: inner });
        lines.push(...yaml(item, inner, indent + (Array.isArray(item) ? "" : "  "), ""));
      }
    });
    return lines;
  }
  return [{ text: prefix + (typeof value === "string" ? plain(value) : String(value)), path }];
}
