// Tools that every part of the page shares: DOM building, icons, the page API and remembered choices.

/** An element with attributes and children; `on*` are listeners, text is never parsed as HTML. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setProp(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : value);
}

export const byId = (id) => document.getElementById(id);

const ICONS = {
  hash: "M9 3 7 21M17 3l-2 18M4 8.5h17M3 15.5h17",
  forum: "M4 5h13v9H9l-5 4zM20 9v11l-4-3h-5",
  thread: "M5 4v7a4 4 0 0 0 4 4h10M15 11l4 4-4 4",
  at: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8m4 0v5.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.5 7",
  menu: "M4 6h16M4 12h16M4 18h16",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20a6.5 6.5 0 0 1 13 0M16 4.4a3.5 3.5 0 0 1 0 6.3M18 14a6.5 6.5 0 0 1 3.5 6",
  inspect: "M8 7l-5 5 5 5M16 7l5 5-5 5M14 4l-4 16",
  send: "M4 4l17 8-17 8 3-8zM7 12h9",
  close: "M6 6l12 12M18 6L6 18",
  file: "M6 2.5h8l5 5v14H6zM14 2.5v5h5",
  down: "M6 9l6 6 6-6",
  eye: "M2 12s3.6-6.5 10-6.5S22 12 22 12s-3.6 6.5-10 6.5S2 12 2 12m10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6",
  link: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  reply: "M4 18v-4a6 6 0 0 1 6-6h10",
  shield: "M12 2.5l8 3v6c0 5-3.4 8.5-8 10-4.6-1.5-8-5-8-10v-6zM8.5 12l2.5 2.5 4.5-5",
};

/** A line icon drawn in the current text colour; decoration only, so hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Discord's colour number (or a ready "#rrggbb") as CSS; null for "no colour". */
export function cssColor(color) {
  if (typeof color === "string") return /^#[0-9a-f]{6}$/i.test(color) ? color : cssColor(Number(color));
  return Number.isInteger(color) && color > 0 ? `#${color.toString(16).padStart(6, "0")}` : null;
}

/** Dark or white lettering, whichever reads better upon `color`. */
function inkOn(color) {
  const [r, g, b] = [1, 3, 5].map((at) => (parseInt(color.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.2 ? "#111214" : "#ffffff";
}

/** A round picture made of initials. */
export function avatar(user, size = "m") {
  const color = cssColor(user.color) ?? "#5865f2";
  const name = user.global_name || user.username || "?";
  const text = user.avatar_text || Array.from(name)[0].toUpperCase();
  const node = h("span", { class: `avatar avatar-${size}`, "aria-hidden": "true" }, text);
  node.style.backgroundColor = color;
  node.style.color = inkOn(color);
  return node;
}

/** Makes `parent`'s children match `entries` ({key, version, make}), touching only what changed. */
export function reconcile(parent, entries) {
  const old = new Map(Array.from(parent.children, (node) => [node.dataset.key, node]));
  entries.forEach((entry, index) => {
    let node = old.get(entry.key);
    const stale = node && node.dataset.version !== entry.version;
    if (!node || stale) {
      const fresh = entry.make();
      fresh.dataset.key = entry.key;
      fresh.dataset.version = entry.version;
      if (stale) replaceKeepingFocus(node, fresh);
      node = fresh;
    }
    old.delete(entry.key);
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
  old.forEach((node) => node.remove());
}

/** A keyboard user who pressed a button must not lose the place when its message is redrawn. */
function replaceKeepingFocus(node, fresh) {
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  node.replaceWith(fresh);
  if (!focused) return;
  const again = fresh.querySelector(`[data-testid="${CSS.escape(focused)}"]`);
  (again ?? fresh.querySelector("button:not(:disabled)"))?.focus({ preventScroll: true });
}

/** Snowflakes are longer than a JS number keeps exactly: compare by length, then as text. */
export const compareIds = (a, b) => a.length - b.length || (a < b ? -1 : Number(a > b));

const TOKEN = new URLSearchParams(location.search).get("token") ?? "";

async function call(method, path, query, body) {
  const url = new URL(`/_loopback/${path}`, location.origin);
  for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value);
  const headers = { "x-loopback-token": TOKEN };
  if (body) headers["content-type"] = "application/json";
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const data = await answer.json().catch(() => null);
  if (!answer.ok) throw Object.assign(new Error(data?.message ?? `HTTP ${answer.status}`), { status: answer.status });
  return data;
}

export const api = {
  get: (path, query = {}) => call("GET", path, query),
  post: (path, body) => call("POST", path, {}, body),
  events: (as) => new EventSource(`/_loopback/events?${new URLSearchParams({ as, token: TOKEN })}`),
};

/** A file's address on this server, whichever loopback name the page was opened under; null if it is elsewhere. */
export function localUrl(address) {
  const url = URL.parse ? URL.parse(address, location.origin) : safeUrl(address);
  if (!url) return null;
  if (url.protocol === "data:" || url.protocol === "blob:") return url.href;
  const here = url.origin === location.origin || ["127.0.0.1", "localhost"].includes(url.hostname);
  return here ? url.pathname + url.search : null;
}

function safeUrl(address) {
  try { return new URL(address, location.origin); } catch { return null; }
}

/** Only web addresses may become links: a bot must not be able to plant `javascript:` ones. */
export const webUrl = (address) => (/^https?:\/\/[^\s]+$/i.test(address ?? "") ? address : null);

// A tab is one person (sessionStorage), so two tabs can be two people; the language is the reader's own (localStorage).
const PLACES = { as: () => sessionStorage, channel: () => sessionStorage, lang: () => localStorage };

/** What the URL's hash says, e.g. `#as=1&lang=ru&channel=2`. */
export const hashChoices = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

export function recall(name) {
  const fromHash = hashChoices()[name];
  if (fromHash) return fromHash;
  try { return PLACES[name]().getItem(`loopback.${name}`); } catch { return null; }
}

/** Keeps the choices for the next visit and in the address, so that the address can be shared as a link. */
export function remember(choices) {
  for (const [name, value] of Object.entries(choices)) {
    try { PLACES[name]().setItem(`loopback.${name}`, value); } catch { /* storage may be switched off */ }
  }
  const present = Object.fromEntries(Object.entries(choices).filter(([, value]) => value));
  history.replaceState(null, "", `${location.pathname}${location.search}#${new URLSearchParams(present)}`);
}
