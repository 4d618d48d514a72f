// One message as a bubble, with its buttons; the server's HTML is the only HTML that is ever injected.
import { words, say } from "./words.js";
import { timeOf } from "./times.js";

const TICKS = '<svg viewBox="0 0 18 12" aria-hidden="true"><path d="M1 6.5l3.5 3.5L11.5 2M8.5 9l1 1 7-8"/></svg>';
const PENCIL = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 20l1-4.5L16.5 4l3.5 3.5L8.5 19z"/></svg>';

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function drawn(svg) {
  return new DOMParser().parseFromString(svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"'), "image/svg+xml").documentElement;
}

export const spoken = (text) => element("span", { className: "sr-only", textContent: text });

// Telegram shows /commands as links that send them.
function linkCommands(root) {
  for (const each of root.querySelectorAll(".command")) each.replaceWith(commandLink(each.textContent));
}

function commandLink(command) {
  const link = element("button", { type: "button", className: "command", textContent: command });
  link.dataset.command = command;
  return link;
}

function key(button) {
  const made = button.url
    ? element("a", { className: "key", href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text, arrow())
    : element("button", { type: "button", className: "key", textContent: button.text });
  if (button.callback_data !== undefined) made.dataset.data = button.callback_data;
  if (button.copy_text) made.dataset.copy = button.copy_text.text;
  return made;
}

function arrow() {
  const mark = element("span", { className: "arrow", textContent: "↗\uFE0E" });
  mark.ariaHidden = "true";
  return mark;
}

function keyboard(markup) {
  const rows = markup?.inline_keyboard ?? [];
  const keys = element("div", { className: "keys" });
  keys.append(...rows.map((row) => element("div", {}, ...row.map(key))));
  return rows.length ? keys : null;
}

function attachments(message) {
  const parts = [];
  if (message.photo) parts.push(element("img", { src: message.photo, alt: message.text || words.picture, loading: "lazy" }));
  if (message.document) {
    const { name, url } = message.document;
    parts.push(element("a", { className: "file", href: url, download: name, textContent: `📄 ${name}` }));
  }
  return parts;
}

// Telegram sets the time beside the last line where it fits: a blank of its width keeps the room.
function blank(message) {
  const made = element("span", { className: `blank ${message.edited ? "long" : ""}` });
  made.ariaHidden = "true";
  return made;
}

function meta(message) {
  const time = element("time", { textContent: timeOf(message.date * 1000), dateTime: new Date(message.date * 1000).toISOString() });
  const made = element("span", { className: "meta" });
  if (message.edited) made.append(element("span", { className: "edited", textContent: words.edited }));
  made.append(time);
  if (!message.out) made.append(drawn(TICKS));
  return made;
}

// `out` is the bot's: on the phone of its owner that message comes in.
export function bubble(message, name) {
  const text = element("div", { className: "words" });
  text.innerHTML = message.html;
  linkCommands(text);
  for (const link of text.querySelectorAll("a")) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
  text.append(blank(message));
  const speaker = spoken(message.out ? words.fromBot : say(words.fromPerson, { name }));
  const box = element("div", { className: "bubble" }, speaker, ...attachments(message), text, meta(message));
  const keys = keyboard(message.reply_markup);
  const made = element("article", { className: `message ${message.out ? "" : "mine"} ${keys ? "keyed" : ""}`, tabIndex: -1 }, box);
  made.dataset.id = message.message_id;
  if (keys) made.append(keys);
  return made;
}

export function editButton() {
  const button = element("button", { type: "button", className: "edit", title: words.edit, ariaLabel: words.edit });
  button.append(drawn(PENCIL));
  return button;
}
