// What asks a person for a value: select menus (in messages and in modals) and the modal dialog itself.
import { h, icon } from "./kit.js";
import { markdown } from "./markdown.js";
import { t } from "./words.js";

/** The entries of a select of any kind, as {value, label, description?, emoji?, default?}. */
function selectOptions(component, ctx) {
  const chosen = new Set((component.default_values ?? []).map((one) => one.id));
  const entry = (value, label, description) => ({ value, label, description, default: chosen.has(value) });
  const users = () => ctx.everybody().map((user) => entry(user.id, user.global_name || user.username, `@${user.username}`));
  const roles = () => ctx.roles().map((role) => entry(role.id, `@${role.name}`));
  const channels = () => ctx.channels(component.channel_types).map((channel) => entry(channel.id, `#${channel.name}`));
  const kinds = { 5: users, 6: roles, 7: () => [...users(), ...roles()], 8: channels };
  return (kinds[component.type] ?? (() => component.options ?? []))();
}

/**
 * A select menu. `commit(values)` is called when the person has decided: at once for a single choice, on closing for
 * several. `values()` is what is chosen now.
 */
export function selectBox(component, ctx, commit = () => {}) {
  const options = selectOptions(component, ctx);
  const min = component.min_values ?? 1;
  const max = component.max_values ?? 1;
  let values = options.filter((one) => one.default).map((one) => one.value);
  const state = { options, min, max, several: max > 1, get: () => values, set: (next) => { values = next; face(); } };

  const text = h("span", { class: "select-text" });
  const anchor = h("button", {
    type: "button", class: "select", disabled: component.disabled, "aria-haspopup": "listbox",
    "data-custom-id": component.custom_id, "data-testid": `select-${component.custom_id}`,
  }, text, icon("down"));
  const list = optionList(component, state, commit);
  const face = () => {
    const labels = options.filter((one) => values.includes(one.value)).map((one) => one.label);
    text.textContent = labels.join(", ") || component.placeholder || t("select");
    text.classList.toggle("placeholder", labels.length === 0);
  };
  anchor.popoverTargetElement = list;
  const place = () => placeUnder(anchor, list);
  list.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") place();
    window[event.newState === "open" ? "addEventListener" : "removeEventListener"]("resize", place);
  });
  face();
  return { node: h("div", { class: "select-box" }, anchor, list), values: () => values, anchor };
}

/** The list that a select opens. It lies in the top layer, so neither a scroller nor a dialog cuts it off. */
function optionList(component, state, commit) {
  const { options, min, max, several } = state;
  let before = state.get();
  const nodes = options.map((option) => optionNode(option, several, () => pick(option.value)));
  const list = h("div", { class: "options", popover: "auto", role: "listbox", "aria-label": component.placeholder || t("select"), "aria-multiselectable": several }, nodes);
  if (options.length === 0) list.append(h("p", { class: "options-note" }, t("nothing_found")));
  if (several) list.append(doneRow(min, max, list));
  const paint = () => nodes.forEach((node, at) => node.setAttribute("aria-selected", String(state.get().includes(options[at].value))));

  const pick = (value) => {
    const values = state.get();
    const without = values.filter((one) => one !== value);
    if (!several) state.set(values.includes(value) && min === 0 ? [] : [value]);
    else if (values.includes(value)) state.set(without);
    else if (values.length < max) state.set([...values, value]);
    paint();
    if (several) return;
    list.hidePopover();
    commit(state.get());
  };
  list.addEventListener("toggle", (event) => {
    if (event.newState === "open") {
      before = state.get();
      paint();
      (nodes.find((node) => node.getAttribute("aria-selected") === "true") ?? nodes[0])?.focus();
    } else if (several && String(before) !== String(state.get())) {
      // Too few is not an answer: like Discord, closing then sends nothing and restores what was there.
      if (state.get().length >= min) commit(state.get());
      else state.set(before);
    }
  });
  list.addEventListener("keydown", (event) => moveFocus(event, list));
  return list;
}

function optionNode(option, several, choose) {
  const emoji = option.emoji ? h("span", { class: "emoji" }, option.emoji.id ? `:${option.emoji.name}:` : option.emoji.name) : null;
  return h("button", { type: "button", role: "option", class: "option-row", "data-testid": `option-${option.value}`, onclick: choose },
    emoji, h("span", { class: "option-text" }, h("span", {}, option.label), option.description ? h("small", {}, option.description) : null),
    h("span", { class: several ? "check box" : "check", "aria-hidden": "true" }));
}

function doneRow(min, max, list) {
  return h("div", { class: "options-done" },
    h("span", {}, min === max ? t("choose_exact", { n: min }) : t("choose_range", { min, max })),
    h("button", { type: "button", class: "button primary", "data-testid": "select-done", onclick: () => list.hidePopover() }, t("done")));
}

function moveFocus(event, list) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const nodes = [...list.querySelectorAll("[role=option]")];
  nodes[(nodes.indexOf(document.activeElement) + step + nodes.length) % nodes.length]?.focus();
}

/** Puts a popover under its button, or above it where more room is. */
function placeUnder(anchor, list) {
  const at = anchor.getBoundingClientRect();
  const below = window.innerHeight - at.bottom;
  const up = below < 260 && at.top > below;
  const width = Math.min(Math.max(at.width, 220), window.innerWidth - 16);
  Object.assign(list.style, {
    width: `${width}px`, left: `${Math.max(8, Math.min(at.left, window.innerWidth - width - 8))}px`,
    top: up ? "auto" : `${at.bottom + 4}px`, bottom: up ? `${window.innerHeight - at.top + 4}px` : "auto",
    maxHeight: `${Math.min(340, (up ? at.top : below) - 16)}px`,
  });
}

// ---- Modals -----------------------------------------------------------------------------------------------------

/** Opens a modal; `submit(fields)` answers when the bot has accepted it and throws what to show when it has not. */
export function openModal(modal, ctx, submit) {
  const fields = modal.components.map((component) => modalPart(component, ctx));
  const failure = h("p", { class: "failure", role: "alert", hidden: true });
  const send = h("button", { type: "submit", class: "button primary", "data-testid": "modal-submit" }, t("submit"));
  const close = () => dialog.close();
  const form = h("form", { novalidate: true }, h("div", { class: "modal-body" }, fields.map((field) => field.node), failure),
    h("footer", { class: "modal-foot" }, h("button", { type: "button", class: "button flat", "data-testid": "modal-cancel", onclick: close }, t("cancel")), send));
  const dialog = h("dialog", { class: "modal", "data-testid": "modal", "aria-labelledby": "modal-title" },
    h("header", { class: "modal-head" }, h("h2", { id: "modal-title" }, modal.title), h("button", { type: "button", class: "icon-button", "aria-label": t("close"), onclick: close }, icon("close"))), form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.disabled || !allValid(fields)) return;
    send.disabled = true;
    failure.hidden = true;
    try {
      await submit(Object.fromEntries(fields.filter((field) => field.id).map((field) => [field.id, field.value()])));
      close();
    } catch (error) {
      failure.textContent = error.message;
      failure.hidden = false;
    } finally {
      send.disabled = false;
    }
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  fields.find((field) => field.focus)?.focus();
  return close;
}

/** Shows every field's complaint and goes to the first. */
function allValid(fields) {
  const wrong = fields.filter((field) => field.check && !field.check());
  wrong[0]?.focus();
  return wrong.length === 0;
}

/** One part of a modal: {node, id?, value?, check?, focus?}. */
function modalPart(component, ctx) {
  if (component.type === 10) return { node: markdown(component.content, ctx) };
  if (component.type === 18) return modalField(component.component, component.label, component.description, ctx);
  const inner = component.type === 1 ? component.components[0] : component;
  return modalField(inner, inner.label, null, ctx);
}

function modalField(component, label, description, ctx) {
  if (component.type === 4) return textField(component, label, description);
  if ([3, 5, 6, 7, 8].includes(component.type)) return selectField(component, label, description, ctx);
  return { node: h("p", { class: "unsupported" }, t("unsupported", { type: component.type })) };
}

/** A label, a description, the control and a line for the complaint, tied together for screen readers. */
function fieldFrame(component, label, description, control, counter) {
  const id = `field-${component.custom_id}`;
  const complaint = h("p", { class: "failure", role: "alert", hidden: true, id: `${id}-error` });
  control.id = id;
  control.setAttribute("aria-describedby", `${id}-about ${id}-error`);
  const node = h("div", { class: "modal-field" },
    h("label", { for: id }, label, component.required === false ? null : h("span", { class: "star", title: t("required") }, " *")),
    h("p", { class: "about", id: `${id}-about` }, description), control, counter, complaint);
  const show = (text) => {
    complaint.textContent = text;
    complaint.hidden = !text;
    control.setAttribute("aria-invalid", String(Boolean(text)));
    return !text;
  };
  return { node, show };
}

function textField(component, label, description) {
  const { min_length: min = 0, max_length: max = 4000 } = component;
  const control = component.style === 2 ? h("textarea", { rows: 5 }) : h("input", { type: "text", autocomplete: "off" });
  control.maxLength = max;
  control.placeholder = component.placeholder ?? "";
  control.value = component.value ?? "";
  control.dataset.testid = `modal-field-${component.custom_id}`;
  const counter = h("p", { class: "counter" });
  const count = () => { counter.textContent = `${control.value.length} / ${max}`; };
  const frame = fieldFrame(component, label, description, control, counter);
  control.addEventListener("input", () => { count(); frame.show(""); });
  count();
  const complaint = () => {
    const length = control.value.length;
    if (length === 0) return component.required === false ? "" : t("field_required");
    if (length < min) return t("field_short", { n: min });
    return length > max ? t("field_long", { n: max }) : "";
  };
  return { node: frame.node, id: component.custom_id, value: () => control.value, check: () => frame.show(complaint()), focus: () => control.focus() };
}

function selectField(component, label, description, ctx) {
  const box = selectBox(component, ctx);
  const frame = fieldFrame(component, label, description, box.anchor);
  frame.node.insertBefore(box.node, frame.node.lastChild);
  const check = () => frame.show(component.required === false || box.values().length >= (component.min_values ?? 1) ? "" : t("field_required"));
  return { node: frame.node, id: component.custom_id, value: () => box.values(), check, focus: () => box.anchor.focus() };
}
