// The line at the bottom: plain messages, the slash-command picker and the option chips of a chosen command.
import { h, icon } from "./kit.js";
import { localized, t } from "./words.js";

const ADMINISTRATOR = 8n;
const AUTOCOMPLETE_PAUSE = 200; // ms without typing before the bot is asked
const TYPE = { SUB: 1, GROUP: 2, STRING: 3, INTEGER: 4, BOOLEAN: 5, USER: 6, CHANNEL: 7, ROLE: 8, MENTIONABLE: 9, NUMBER: 10, FILE: 11 };

/** Whether a person with these permission bits sees the command here. An empty set of rights means admins only. */
function mayUse(command, rights, inGuild) {
  if (command.contexts && !command.contexts.includes(inGuild ? 0 : 1)) return false;
  if (!inGuild) return command.dm_permission !== false;
  if (rights & ADMINISTRATOR) return true;
  const needed = command.default_member_permissions;
  if (needed === null || needed === undefined) return true;
  return BigInt(needed) !== 0n && (rights & BigInt(needed)) === BigInt(needed);
}

/** Every runnable command as {path, title, description, options}; `report` with a `class` subcommand becomes "report class". */
export function runnable(commands, rights, inGuild) {
  const walk = (node, parents) => {
    const chain = [...parents, node];
    const inner = (node.options ?? []).filter((one) => one.type === TYPE.SUB || one.type === TYPE.GROUP);
    if (inner.length > 0) return inner.flatMap((one) => walk(one, chain));
    return [{ path: chain.map((one) => one.name), title: chain.map((one) => localized(one)).join(" "), description: localized(node, "description"), options: node.options ?? [] }];
  };
  return commands.filter((one) => (one.type ?? 1) === 1 && mayUse(one, rights, inGuild)).flatMap((one) => walk(one, []));
}

/** Commands whose name fits what is typed, best first, in either language. */
function matching(items, query) {
  const wanted = query.toLowerCase().trimEnd();
  const rank = (item) => {
    const names = [item.title.toLowerCase(), item.path.join(" ")];
    if (names.some((name) => name.startsWith(wanted))) return 0;
    return names.some((name) => name.includes(wanted)) ? 1 : 2;
  };
  return items.map((item) => [rank(item), item]).filter(([order]) => order < 2).sort((a, b) => a[0] - b[0]).map(([, item]) => item);
}

/** Wraps a command's own options into the subcommand levels of its path, as Discord sends them. */
function nest(path, options) {
  return path.slice(1).reduceRight((inner, name, at, all) => [{ type: at < all.length - 1 ? TYPE.GROUP : TYPE.SUB, name, options: inner }], options);
}

/** Builds the composer inside `root`; see `app.js` for what `ctx` offers. */
export function createComposer(root, ctx) {
  const panel = createPanel();
  const error = h("p", { class: "composer-error", role: "alert", "data-testid": "composer-error", hidden: true });
  const bar = h("div", { class: "composer-bar" });
  const send = h("button", { type: "button", class: "icon-button send", "data-testid": "send", onclick: () => submit() }, icon("send"));
  const text = h("textarea", { rows: 1, class: "composer-text", "data-testid": "composer", maxlength: 2000, autocomplete: "off", "aria-autocomplete": "list" });
  root.append(panel.node, error, h("div", { class: "composer-box" }, bar, send));

  let chosen = null; // {item, shown: [option], values: Map(name -> {text, value?}), inputs: Map(name -> input)} while a command is filled in
  let asked = 0; // counts autocomplete questions, so that a late answer to an old one is dropped
  let timer = 0;

  const complain = (message) => { error.textContent = message; error.hidden = !message; };
  const inTextMode = () => chosen === null;

  // ---- Plain text and the picker

  function showText() {
    chosen = null;
    bar.replaceChildren(text);
    panel.hide();
    text.placeholder = t("write_to", { name: ctx.channelTitle() });
    text.setAttribute("aria-label", text.placeholder);
    grow();
  }

  function grow() {
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, 240)}px`;
  }

  function onText() {
    grow();
    complain("");
    if (!/^\/[^\n]*$/.test(text.value)) return panel.hide();
    const query = text.value.slice(1);
    const found = matching(ctx.commands(), query);
    // A whole name and a space is a decision; a name that other names continue is not.
    const exact = /\s$/.test(query) && found.length === 1 && [found[0].title, found[0].path.join(" ")].includes(query.trim());
    if (exact) return choose(found[0]);
    panel.show({
      title: t("picker_title"), note: found.length ? "" : t("picker_empty"), active: 0,
      items: found.map((item) => ({ testid: `picker-item-${item.path.join("-")}`, title: `/${item.title}`, hint: item.description, options: item.options, pick: () => choose(item) })),
    });
  }

  function onTextKey(event) {
    if (event.isComposing || panel.key(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    submit();
  }

  // ---- A chosen command

  function choose(item) {
    text.value = "";
    chosen = { item, shown: item.options.filter((one) => one.required), values: new Map(), inputs: new Map() };
    drawCommand();
    focusNext();
  }

  function drawCommand() {
    const { item, shown } = chosen;
    chosen.inputs.clear();
    const tail = h("input", { type: "text", class: "command-tail", "data-testid": "command-tail", autocomplete: "off", "aria-label": t("options"), size: 2 });
    tail.addEventListener("focus", () => showOptional(tail));
    tail.addEventListener("input", () => showOptional(tail));
    tail.addEventListener("keydown", (event) => onTailKey(event, tail));
    const rest = item.options.length - shown.length;
    const more = rest > 0 ? h("button", { type: "button", class: "more", "data-testid": "command-more", onclick: () => tail.focus() }, t("add_option", { n: rest })) : null;
    const cancel = h("button", { type: "button", class: "chip-close", "aria-label": t("cancel_command"), title: t("cancel_command"), onclick: leave }, icon("close"));
    bar.replaceChildren(h("div", { class: "command", "data-testid": "command" },
      h("span", { class: "command-name" }, `/${item.title}`, cancel), ...shown.map(chip), tail, more ?? ""));
    chosen.tail = tail;
  }

  function chip(option) {
    const saved = chosen.values.get(option.name);
    const name = localized(option);
    const input = h("input", {
      type: "text", "data-testid": `command-option-${option.name}`, autocomplete: "off", "aria-required": Boolean(option.required), "aria-description": localized(option, "description"),
      inputmode: option.type === TYPE.INTEGER || option.type === TYPE.NUMBER ? "decimal" : null,
    });
    input.value = saved?.text ?? "";
    const fit = () => { input.size = Math.max(3, Array.from(input.value).length + 1); };
    fit();
    input.addEventListener("focus", () => suggest(option, input, false));
    input.addEventListener("input", () => {
      fit();
      complain("");
      chosen.values.set(option.name, { text: input.value });
      suggest(option, input, true);
    });
    input.addEventListener("keydown", (event) => onChipKey(event, option, input));
    chosen.inputs.set(option.name, input);
    const remove = option.required ? null : h("button", { type: "button", class: "chip-close", "aria-label": t("remove_option", { name }), onclick: () => removeOption(option) }, icon("close"));
    return h("span", { class: "option" }, h("label", {}, h("span", { class: "option-name" }, name), input), remove);
  }

  function addOption(option) {
    chosen.shown.push(option);
    drawCommand();
    chosen.inputs.get(option.name).focus();
  }

  function removeOption(option) {
    chosen.shown = chosen.shown.filter((one) => one !== option);
    chosen.values.delete(option.name);
    drawCommand();
    chosen.tail.focus();
  }

  function leave() {
    complain("");
    showText();
    text.focus();
  }

  /** To the first option still empty, or to the end, where Enter sends. */
  function focusNext() {
    const empty = chosen.shown.find((one) => !chosen.inputs.get(one.name).value);
    (empty ? chosen.inputs.get(empty.name) : chosen.tail).focus();
  }

  function onTailKey(event, tail) {
    if (event.key === "Backspace" && !tail.value) return removeLast(event);
    onCommandKey(event);
  }

  function removeLast(event) {
    event.preventDefault();
    const last = chosen.shown.at(-1);
    if (!last) leave();
    else if (last.required) chosen.inputs.get(last.name).focus();
    else removeOption(last);
  }

  function onChipKey(event, option, input) {
    if (event.key === "Backspace" && !input.value && !event.repeat) {
      event.preventDefault();
      if (option.required) leave();
      else removeOption(option);
      return;
    }
    onCommandKey(event);
  }

  function onCommandKey(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") { event.preventDefault(); leave(); return; }
    if (panel.key(event) || event.key !== "Enter") return;
    event.preventDefault();
    submit();
  }

  /** At the end of a command: the options that may still be added. */
  function showOptional(tail) {
    const wanted = tail.value.toLowerCase();
    const left = chosen.item.options.filter((one) => !chosen.shown.includes(one) && [localized(one), one.name].some((name) => name.toLowerCase().startsWith(wanted)));
    panel.show({
      title: `/${chosen.item.title}`, hint: chosen.item.description, active: wanted ? 0 : -1,
      items: left.map((one) => ({ testid: `option-add-${one.name}`, title: localized(one), hint: localized(one, "description"), mark: t("optional"), pick: () => addOption(one) })),
    });
  }

  // ---- Choices

  /** Shows what an option may be; `typed` tells a change from a mere visit. */
  function suggest(option, input, typed) {
    clearTimeout(timer);
    asked += 1;
    const picked = chosen.values.get(option.name)?.value !== undefined;
    const about = { title: localized(option), hint: localized(option, "description"), mark: option.required ? t("required") : t("optional"), active: picked || (!typed && !option.required) ? -1 : 0 };
    if (option.autocomplete) return complete(option, about, typed ? AUTOCOMPLETE_PAUSE : 0);
    const all = fixedChoices(option, ctx);
    const wanted = picked ? "" : input.value.toLowerCase();
    showChoices(option, about, all.filter((one) => one.name.toLowerCase().includes(wanted)), all.length > 0 ? t("nothing_found") : "");
  }

  function showChoices(option, about, choices, note) {
    panel.show({ ...about, note: choices.length ? "" : note, items: choices.map((one) => ({ testid: "choice", title: one.name, hint: one.hint, pick: () => pick(option, one) })) });
  }

  function complete(option, about, pause) {
    const question = asked;
    panel.show({ ...about, note: t("loading"), items: [] });
    timer = setTimeout(async () => {
      let choices = [];
      let note = t("nothing_found");
      try {
        choices = (await ctx.complete(chosen.item.path[0], nest(chosen.item.path, partial(option)))).map((one) => ({ name: localized(one), value: one.value }));
      } catch { note = t("no_autocomplete"); }
      if (question === asked && chosen?.inputs.get(option.name) === document.activeElement) showChoices(option, about, choices, note);
    }, pause);
  }

  /** The options as they stand now, the asked one marked: what Discord sends for autocomplete. */
  function partial(focused) {
    return chosen.shown.flatMap((option) => {
      const { text: typed = "", value } = chosen.values.get(option.name) ?? {};
      if (option === focused) return [{ type: option.type, name: option.name, value: typed, focused: true }];
      const read = readOption(option, value, typed, ctx);
      return read.value === undefined ? [] : [{ type: option.type, name: option.name, value: read.value }];
    });
  }

  function pick(option, choice) {
    chosen.values.set(option.name, { text: choice.name, value: choice.value });
    const input = chosen.inputs.get(option.name);
    input.value = choice.name;
    input.size = Math.max(3, Array.from(choice.name).length + 1);
    complain("");
    focusNext();
  }

  // ---- Sending

  async function submit() {
    if (!inTextMode()) return sendCommand();
    const content = text.value.trim();
    if (!content) return;
    text.value = "";
    onText();
    try { await ctx.sendText(content); } catch (problem) {
      text.value = content;
      complain(problem.message);
    }
  }

  async function sendCommand() {
    const options = [];
    for (const option of chosen.shown) {
      const { text: typed = "", value } = chosen.values.get(option.name) ?? {};
      const read = readOption(option, value, typed, ctx);
      if (read.problem) {
        chosen.inputs.get(option.name).focus();
        return complain(read.problem);
      }
      if (read.value !== undefined) options.push({ type: option.type, name: option.name, value: read.value });
    }
    const { item } = chosen;
    leave();
    try { await ctx.runCommand(item.path.join(" "), item.path[0], nest(item.path, options)); } catch (problem) { complain(problem.message); }
  }

  text.addEventListener("input", onText);
  text.addEventListener("keydown", onTextKey);
  text.addEventListener("focus", () => { if (text.value.startsWith("/")) onText(); });
  root.addEventListener("focusout", (event) => { if (!root.contains(event.relatedTarget)) panel.hide(); });
  showText();

  return {
    /** Redraws in the current language and drops a command that this person may not run here. */
    refresh() {
      send.setAttribute("aria-label", t("send"));
      send.title = t("send");
      const again = chosen && ctx.commands().find((item) => item.path.join(" ") === chosen.item.path.join(" "));
      if (!again) return showText();
      const names = chosen.shown.map((one) => one.name);
      chosen.item = again;
      chosen.shown = again.options.filter((one) => one.required || names.includes(one.name));
      panel.hide();
      drawCommand();
    },
    focus: () => (chosen ? focusNext() : text.focus()),
    startCommand(title) {
      showText();
      text.value = `/${title}`;
      text.focus();
      onText();
    },
  };
}

/** Values known beforehand: declared choices, True/False, people, roles, channels. */
function fixedChoices(option, ctx) {
  const user = (one) => ({ name: one.global_name || one.username, hint: `@${one.username}`, value: one.id });
  const role = (one) => ({ name: `@${one.name}`, value: one.id });
  switch (option.type) {
    case TYPE.BOOLEAN: return [{ name: t("yes"), value: true }, { name: t("no"), value: false }];
    case TYPE.USER: return ctx.everybody().map(user);
    case TYPE.ROLE: return ctx.roles().map(role);
    case TYPE.MENTIONABLE: return [...ctx.everybody().map(user), ...ctx.roles().map(role)];
    case TYPE.CHANNEL: return ctx.channels(option.channel_types).map((one) => ({ name: `#${one.name}`, value: one.id }));
    default: return (option.choices ?? []).map((one) => ({ name: localized(one), value: one.value }));
  }
}

/** What an option's text means: {value}, {problem} in the reader's language, or {} when left out. */
function readOption(option, value, typed, ctx) {
  const name = localized(option);
  if (option.type === TYPE.FILE && (option.required || typed)) return { problem: t("no_files", { name }) };
  if (value !== undefined) return { value };
  if (!typed.trim()) return option.required ? { problem: t("need_option", { name }) } : {};
  const choices = fixedChoices(option, ctx);
  if (choices.length > 0) {
    const same = choices.find((one) => one.name.toLowerCase() === typed.trim().toLowerCase());
    return same ? { value: same.value } : { problem: t("need_choice", { name }) };
  }
  if (option.type === TYPE.INTEGER || option.type === TYPE.NUMBER) return readNumber(option, typed.trim().replace(",", "."), name);
  const { min_length: min = 0, max_length: max = 6000 } = option;
  const fits = typed.length >= min && typed.length <= max;
  return fits ? { value: typed } : { problem: t("need_length", { name, min, max }) };
}

function readNumber(option, typed, name) {
  const whole = option.type === TYPE.INTEGER;
  if (!(whole ? /^-?\d{1,16}$/ : /^-?\d+(\.\d+)?$/).test(typed)) return { problem: t(whole ? "need_integer" : "need_number", { name }) };
  const { min_value: min = -Infinity, max_value: max = Infinity } = option;
  const value = Number(typed);
  if (value >= min && value <= max) return { value };
  const edge = (bound) => (Number.isFinite(bound) ? String(bound) : t("any"));
  return { problem: t("need_range", { name, min: edge(min), max: edge(max) }) };
}

// ---- The panel above the line -----------------------------------------------------------------------------------

/** A list with a moving highlight; the focus stays in the text field. */
function createPanel() {
  const node = h("div", { class: "panel", hidden: true, "data-testid": "picker" });
  let items = [];
  let rows = [];
  let active = -1;

  let field = null;
  const point = (row) => {
    field?.removeAttribute("aria-activedescendant");
    field = document.activeElement;
    if (row && field.matches("input, textarea")) field.setAttribute("aria-activedescendant", row.id);
  };
  const mark = (next) => {
    active = next;
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === active)));
    rows[active]?.scrollIntoView({ block: "nearest" });
    // The focus stays in the field, so the field must tell a screen reader which row is meant.
    point(rows[active]);
  };
  const show = (view) => {
    items = view.items;
    rows = items.map(panelRow);
    rows.forEach((row, at) => { row.id = `picker-row-${at}`; });
    node.replaceChildren(h("header", { class: "panel-head" }, h("strong", {}, view.title), view.mark ? h("span", { class: "panel-mark" }, view.mark) : null, h("span", {}, view.hint ?? "")),
      h("div", { class: "panel-list", role: "listbox", "aria-label": view.title }, rows), view.note ? h("p", { class: "panel-note" }, view.note) : "");
    node.hidden = false;
    mark(items.length ? view.active : -1);
  };
  const hide = () => { node.hidden = true; items = []; rows = []; active = -1; point(null); };
  const step = (by) => mark(active < 0 ? (by > 0 ? 0 : items.length - 1) : (active + by + items.length) % items.length);

  /** Whether the panel used the key. */
  const key = (event) => {
    if (node.hidden) return false;
    const used = panelKey(event.key, event.shiftKey);
    if (used) event.preventDefault();
    return used;
  };
  const panelKey = (name, shift) => {
    if (name === "Escape") { hide(); return true; }
    if (items.length === 0) return false;
    if (name === "ArrowDown") { step(1); return true; }
    if (name === "ArrowUp") { step(-1); return true; }
    if ((name !== "Enter" && (name !== "Tab" || shift)) || active < 0) return false;
    items[active].pick();
    return true;
  };
  // A press must not take the focus from the field, or the panel would close before the click arrives.
  node.addEventListener("mousedown", (event) => event.preventDefault());
  return { node, show, hide, key };
}

function panelRow(item) {
  return h("button", { type: "button", class: "panel-row", role: "option", tabindex: "-1", "data-testid": item.testid, onclick: item.pick },
    h("span", { class: "panel-title" }, item.title,
      (item.options ?? []).map((one) => h("span", { class: one.required ? "hint-option required" : "hint-option" }, localized(one)))),
    item.hint ? h("span", { class: "panel-hint" }, item.hint) : null, item.mark ? h("span", { class: "panel-mark" }, item.mark) : null);
}
