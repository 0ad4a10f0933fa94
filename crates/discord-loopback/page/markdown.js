// Discord's markdown as DOM nodes. Text from strangers is only ever put into text nodes, never parsed as HTML.
import { h, webUrl } from "./kit.js";
import { relativeTime, stampTime, t } from "./words.js";

const MAX_DEPTH = 16; // nested marks beyond this stay plain text: a message must not exhaust the stack
const LIST_LINE = /^( *)([-*]|\d{1,9}\.) +(.*)$/;
const ONLY_EMOJI = /^(?:[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u200d\ufe0f\s]){1,40}$/u;

/** A message's, embed's or text component's markdown. `ctx` resolves mentions and tells the time. */
export function markdown(source, ctx) {
  const box = h("div", { class: "md" });
  box.append(...blocks(source.split("\n"), ctx, 0));
  if (ONLY_EMOJI.test(source) && /\p{Extended_Pictographic}/u.test(source)) box.classList.add("md-jumbo");
  return box;
}

/** One line's worth of markdown (field names, headings of embeds). */
export const inlineMarkdown = (source, ctx) => inline(source, { ...ctx, depth: 0 });

function blocks(lines, ctx, depth) {
  const out = [];
  let text = [];
  const flush = () => {
    const body = text.join("\n").replace(/^\n+|\n+$/g, "");
    if (body.trim()) out.push(h("p", {}, inline(body, { ...ctx, depth })));
    text = [];
  };
  while (lines.length > 0) {
    const taken = depth < MAX_DEPTH ? takeBlock(lines, ctx, depth) : null;
    if (!taken) {
      text.push(lines[0]);
      lines = lines.slice(1);
      continue;
    }
    if (taken.before) text.push(taken.before);
    flush();
    out.push(taken.node);
    lines = taken.rest;
  }
  flush();
  return out;
}

/** The block that begins at the first line, and the lines after it; null for ordinary text. */
function takeBlock(lines, ctx, depth) {
  return takeQuote(lines, ctx, depth) ?? takeFence(lines) ?? takeHeading(lines, ctx, depth) ?? takeList(lines, ctx, depth);
}

function takeQuote(lines, ctx, depth) {
  const quote = (inner, rest) => ({ node: h("blockquote", {}, blocks(inner, ctx, depth + 1)), rest });
  if (/^>>> /.test(lines[0])) return quote([lines[0].slice(4), ...lines.slice(1)], []);
  const isQuoted = (line) => /^> |^>$/.test(line);
  if (!/^> /.test(lines[0])) return null;
  let end = lines.findIndex((line) => !isQuoted(line));
  if (end < 0) end = lines.length;
  return quote(lines.slice(0, end).map((line) => line.slice(2)), lines.slice(end));
}

function takeFence(lines) {
  if (!lines[0].includes("```")) return null;
  const found = /^([^\n]*?)```(?:([\w+#.-]+)\n)?\n?([^]*?)\n?```[^\S\n]*\n?/.exec(lines.join("\n"));
  if (!found || !found[3]) return null;
  const left = lines.join("\n").slice(found[0].length);
  return { before: found[1], node: codeBlock(found[3], found[2]), rest: left ? left.split("\n") : [] };
}

function takeHeading(lines, ctx, depth) {
  const found = /^(#{1,3}|-#) +(\S.*)$/.exec(lines[0]);
  if (!found) return null;
  const body = inline(found[2], { ...ctx, depth });
  const rest = lines.slice(1);
  if (found[1] === "-#") return { node: h("p", { class: "md-subtext" }, body), rest };
  // The page has its own h1 and h2, so a message's headings begin at h3; the class keeps Discord's sizes.
  return { node: h(`h${found[1].length + 2}`, { class: `md-h${found[1].length}` }, body), rest };
}

function takeList(lines, ctx, depth) {
  const first = LIST_LINE.exec(lines[0]);
  if (!first) return null;
  const ordered = first[2].length > 1;
  const list = ordered ? h("ol", { start: parseInt(first[2], 10) }) : h("ul");
  let item = null;
  let rest = lines;
  while (rest.length > 0) {
    const found = LIST_LINE.exec(rest[0]);
    if (!found) {
      if (!item || !/^ {2,}\S/.test(rest[0]) || rest[0].includes("```")) break;
      item.append("\n", ...inline(rest[0].trim(), { ...ctx, depth }));
      rest = rest.slice(1);
    } else if (item && found[1].length > first[1].length + 1 && depth < MAX_DEPTH) {
      const nested = takeList(rest, ctx, depth + 1);
      item.append(nested.node);
      rest = nested.rest;
    } else if (found[1].length < first[1].length || (found[2].length > 1) !== ordered) {
      break;
    } else {
      item = h("li", {}, inline(found[3], { ...ctx, depth }));
      list.append(item);
      rest = rest.slice(1);
    }
  }
  return { node: list, rest };
}

function codeBlock(code, language) {
  const copy = h("button", {
    type: "button", class: "code-copy", onclick: () => {
      navigator.clipboard?.writeText(code).then(() => { copy.textContent = t("copied"); });
    },
  }, t("copy"));
  const head = h("div", { class: "code-head" }, h("span", {}, language ?? ""), copy);
  return h("div", { class: "code" }, head, h("pre", { tabindex: "0" }, h("code", {}, highlight(code, language))));
}

// ---- Inline marks -----------------------------------------------------------------------------------------------

const wrap = (tag) => (found, ctx) => h(tag, {}, inline(found[1], { ...ctx, depth: ctx.depth + 1 }));
const isWord = (char) => char !== undefined && /[\p{L}\p{N}_]/u.test(char);

/** A short word of code, such as a command's name, is not broken: "/" would be left alone at a line's end. */
const inlineCode = (text) => h("code", { class: /^\S{1,14}$/u.test(text) ? "md-code whole" : "md-code" }, text);

/** Sticky patterns tried in this order at each special character; `alone` ones may not follow a letter. */
const MARKS = [
  { at: /\\([^\p{L}\p{N}\s])/uy, make: (found) => found[1] },
  { find: codeSpan, make: ([whole, body]) => (body === undefined ? whole : inlineCode(body.replace(/^ (.*) $/, "$1"))) },
  { at: /\[((?:\\.|[^[\]\n])+)\]\(<?(https?:\/\/(?:[^\s()<>]|\([^\s()<>]*\))+)>?(?: +"[^"\n]*")?\)/y, make: maskedLink },
  { at: /<(https?:\/\/[^\s<>]+)>/y, make: (found, ctx) => link(found[1], [found[1]], ctx) },
  { at: /https?:\/\/[^\s<>]+/y, alone: true, trim: trimUrl, make: (found, ctx) => link(found[0], [found[0]], ctx) },
  { at: /<@!?(\d+)>/y, make: (found, ctx) => ctx.mention("user", found[1]) },
  { at: /<@&(\d+)>/y, make: (found, ctx) => ctx.mention("role", found[1]) },
  { at: /<#(\d+)>/y, make: (found, ctx) => ctx.mention("channel", found[1]) },
  { at: /@(?:everyone|here)/y, alone: true, make: (found) => h("span", { class: "mention" }, found[0]) },
  { at: /<\/([^:>\n]{1,100}):\d+>/y, make: (found, ctx) => ctx.mention("command", found[1]) },
  { at: /<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, make: timestamp },
  { at: /<a?:(\w{2,32}):\d+>/y, make: (found) => `:${found[1]}:` },
  { at: /\|\|([^]+?)\|\|/y, make: spoiler },
  { at: /\*\*([^]+?)\*\*(?!\*)/y, make: wrap("strong") },
  { at: /__([^]+?)__(?!_)/y, make: wrap("u") },
  { at: /~~([^]+?)~~/y, make: wrap("s") },
  { at: /\*(?=\S)((?:\*\*|[^*])+?)\*(?!\*)/y, make: wrap("em") },
  { at: /_((?:__|[^_])+?)_(?![\p{L}\p{N}_])/uy, alone: true, make: wrap("em") },
];
const SPECIAL = /[\\`[<h@|*_~]/;

function inline(source, ctx) {
  if (ctx.depth > MAX_DEPTH) return [source];
  const out = [];
  let plain = "";
  let at = 0;
  while (at < source.length) {
    const hit = SPECIAL.test(source[at]) ? markAt(source, at) : null;
    if (!hit) {
      plain += source[at];
      at += 1;
      continue;
    }
    if (plain) out.push(plain);
    plain = "";
    out.push(hit.mark.make(hit.found, ctx));
    at += hit.found[0].length;
  }
  if (plain) out.push(plain);
  return out;
}

function markAt(source, at) {
  for (const mark of MARKS) {
    if (mark.alone && isWord(source[at - 1])) continue;
    const found = mark.find ? mark.find(source, at) : stickyMatch(mark.at, source, at);
    if (found) return { mark, found: mark.trim ? mark.trim(found) : found };
  }
  return null;
}

function stickyMatch(pattern, source, at) {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

/**
 * Inline code: closed by as many backticks as opened it. By hand, because a pattern with a back reference takes
 * seconds on a long row of backticks; a row that nothing closes is taken whole, as text.
 */
function codeSpan(source, at) {
  const [fence] = stickyMatch(/`*/y, source, at);
  if (!fence) return null;
  const start = at + fence.length;
  const close = [...source.slice(start).matchAll(/`+/g)].find((run) => run[0].length === fence.length);
  if (!close) return [fence];
  const end = start + close.index;
  return [source.slice(at, end + fence.length), source.slice(start, end)];
}

/** A full stop or a bracket after an address belongs to the sentence, not to the address. */
function trimUrl(found) {
  let url = found[0].replace(/[.,:;!?'"*_~|]+$/, "");
  while (url.endsWith(")") && url.split(")").length > url.split("(").length) url = url.slice(0, -1);
  return [url];
}

function maskedLink(found, ctx) {
  const label = ctx.inLink ? [found[1]] : inline(found[1], { ...ctx, inLink: true, depth: ctx.depth + 1 });
  return link(found[2], label, ctx);
}

function link(url, label, ctx) {
  const inside = /^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/channels\/(?:\d+|@me)\/(\d+)/.exec(url);
  if (inside && label[0] === url) return ctx.mention("channel", inside[1]);
  if (ctx.inLink || !webUrl(url)) return h("span", {}, label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow", title: url }, label);
}

function timestamp(found, ctx) {
  const time = Number(found[1]) * 1000;
  if (Number.isNaN(new Date(time).getTime())) return found[0];
  const words = found[2] === "R" ? relativeTime(time, ctx.now()) : stampTime(time, found[2]);
  const node = h("time", { class: "md-time", datetime: new Date(time).toISOString(), title: stampTime(time, "F") }, words);
  if (found[2] === "R") node.dataset.relative = String(time);
  return node;
}

function spoiler(found, ctx) {
  // Not a <button>: a spoiler may hold links and flows with the text around it.
  const node = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("spoiler") });
  node.append(h("span", { class: "spoiler-text", inert: true }, inline(found[1], { ...ctx, depth: ctx.depth + 1 })));
  return revealable(node);
}

/** Makes a covered element open on click, Enter or Space. */
export function revealable(node) {
  const reveal = (event) => {
    if (node.classList.contains("revealed") || (event.key && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    node.classList.add("revealed");
    node.firstElementChild.inert = false; // until now neither the keyboard nor a screen reader could get at it
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", reveal);
  return node;
}

// ---- Highlighting -----------------------------------------------------------------------------------------------

const words = (list, flags = "") => `${flags}\\b(?:${list.trim().split(/\s+/).join("|")})\\b`;
const STRING = `"(?:\\\\.|[^"\\\\\\n])*"|'(?:\\\\.|[^'\\\\\\n])*'`;
const NUMBER = "\\b\\d[\\d_]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?\\b";
const HASH = "#[^\\n]*";

/** Per language: [class, pattern] pairs without capturing groups; the first that matches wins. */
const GRAMMARS = {
  python: [["comment", HASH], ["string", `[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|${STRING})`], ["number", NUMBER], ["meta", "@[\\w.]+"],
    ["keyword", words("False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match case nonlocal not or pass raise return try while with yield")],
    ["title", "(?<=\\b(?:def|class)\\s+)\\w+"], ["built", words("print len range list dict set tuple str int float bool open sum min max map filter zip enumerate sorted isinstance super self")]],
  bash: [["comment", "(?<![^\\s;])#[^\\n]*"], ["string", `"(?:\\\\[^]|[^"\\\\])*"|'[^']*'`], ["meta", "\\$(?:\\{[^}\\n]*\\}|\\w+|[@#?$!*])"], ["title", "(?<=^|\\s)--?[A-Za-z][\\w-]*"],
    ["keyword", words("if then elif else fi for in do done while until case esac function return export local set source exit")],
    ["built", words("cd echo cat grep sed awk ls mkdir rm cp mv git docker docker-compose pip python python3 pytest curl sudo apt apt-get npm cargo make psql kafka-topics")], ["number", NUMBER]],
  sql: [["comment", "--[^\\n]*|/\\*[^]*?(?:\\*/|$)"], ["string", "'(?:''|[^'])*'|\"[^\"\\n]*\""], ["number", NUMBER],
    ["keyword", words("select from where and or not null is in as on join left right inner outer full cross group by order having limit offset insert into values update set delete create table index view drop alter add column primary key foreign references unique default check constraint case when then else end distinct union all exists between like asc desc with begin commit rollback returning over partition cascade if")],
    ["built", words("count sum avg min max coalesce now int integer bigint text varchar boolean date timestamp timestamptz numeric serial jsonb uuid")]],
  yaml: [["comment", "(?<!\\S)#[^\\n]*"], ["title", "(?<=^[ \\t]*(?:- +)?)[\\w.\\/$-]+(?=:(?:\\s|$))"], ["string", STRING], ["meta", "[&*][\\w-]+|\\$\\{\\{[^\\n]*?\\}\\}"], ["keyword", words("true false null yes no on off")], ["number", NUMBER]],
  ini: [["comment", "^[ \\t]*[#;][^\\n]*|(?<=\\s)#[^\\n]*"], ["meta", "^[ \\t]*\\[[^\\n]*\\]"], ["title", "^[ \\t]*[\\w.\"-]+(?=[ \\t]*[=:])"], ["string", `"""[^]*?(?:"""|$)|${STRING}`], ["keyword", words("true false")], ["number", NUMBER]],
  json: [["title", '"(?:\\\\.|[^"\\\\\\n])*"(?=\\s*:)'], ["string", STRING], ["keyword", words("true false null")], ["number", `-?${NUMBER}`]],
  diff: [["meta", "^(?:@@|diff |index |---|\\+\\+\\+)[^\\n]*"], ["added", "^\\+[^\\n]*"], ["removed", "^-[^\\n]*"]],
};
const ALIASES = { py: "python", python3: "python", sh: "bash", shell: "bash", console: "bash", zsh: "bash", yml: "yaml", toml: "ini", cfg: "ini", properties: "ini", env: "ini", postgresql: "sql", psql: "sql", patch: "diff", jsonc: "json" };

/** The code as text nodes and coloured spans; unknown languages stay plain. */
function highlight(code, language = "") {
  const name = language.toLowerCase();
  const grammar = GRAMMARS[ALIASES[name] ?? name];
  if (!grammar || code.length > 20_000) return [code];
  const pattern = new RegExp(grammar.map(([, source]) => `(${source})`).join("|"), grammar === GRAMMARS.sql ? "gim" : "gm");
  const out = [];
  let last = 0;
  for (const found of code.matchAll(pattern)) {
    if (!found[0]) continue;
    out.push(code.slice(last, found.index), h("span", { class: `hl-${grammar[found.slice(1).findIndex((group) => group !== undefined)][0]}` }, found[0]));
    last = found.index + found[0].length;
  }
  return [...out, code.slice(last)];
}
