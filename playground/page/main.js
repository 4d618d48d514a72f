// Puts the page together: reads the state, then follows the events.
import { get, listen } from "./api.js";
import { Phone } from "./phone.js";
import { Stage } from "./stage.js";
import { Tabs } from "./tabs.js";

const ORDER = ["citizen", "staff", "subscriber"];
const place = document.getElementById("phones");
const phones = new Map();
const stage = new Stage();
const tabs = new Tabs(document.getElementById("tabs"));
let roles = {};
let reading;

// Several events in a row ask for the state once.
function read() {
  reading ??= new Promise((resolve) => { setTimeout(resolve, 60); })
    .then(() => { for (const phone of phones.values()) phone.log.recent.clear(); })
    .then(() => get("api/state"))
    .then(apply)
    .catch(() => stage.offline(true))
    .finally(() => { reading = undefined; });
  return reading;
}

function apply(state) {
  stage.setClock(state.now);
  const people = state.phones.filter(({ type }) => type === "private");
  // The stand-in alone knows no roles: the first three phones get them.
  if (!Object.keys(roles).length) roles = Object.fromEntries(ORDER.map((role, index) => [people[index]?.chat_id, role]));
  const wanted = people.filter(({ chat_id: id }) => id in roles).sort(byRole);
  for (const [id, phone] of phones) if (!wanted.some((each) => each.chat_id === id)) forget(id, phone);
  for (const each of wanted) put(each, state.bot);
  arrange(wanted.map(({ chat_id: id }) => phones.get(id).root));
  tabs.set(wanted.map(({ chat_id: id }) => phones.get(id)));
  document.body.dataset.loaded = "yes";
}

// Moving an element loses its focus and its scrolling, so nothing is moved where the order is right already.
function arrange(roots) {
  const right = roots.length === place.children.length && roots.every((root, index) => root === place.children[index]);
  if (!right) place.replaceChildren(...roots);
}

const byRole = (a, b) => ORDER.indexOf(roles[a.chat_id]) - ORDER.indexOf(roles[b.chat_id]);

function put(told, bot) {
  const known = phones.get(told.chat_id);
  if (known) known.update(told, bot);
  else phones.set(told.chat_id, new Phone(told, roles[told.chat_id], bot, { unread: (phone) => tabs.count(phone) }));
}

function forget(id, phone) {
  phone.root.remove();
  phones.delete(id);
}

function forgetAll() {
  for (const phone of phones.values()) phone.forget();
  read();
}

const handlers = {
  message: (phone, event) => phone?.receive(event.message),
  edit: (phone, event) => phone?.receive(event.message),
  delete: (phone, event) => phone?.log.remove(event.message_id),
  typing: (phone) => phone?.showTyping(true),
  answer: (phone, event) => phone?.answer(event),
  phone: read,
  clock: read,
  reset: forgetAll,
  scene: (phone, event) => onScene(phone, event),
};

function onScene(phone, { status, compose, lasts, tapped, label }) {
  const before = document.body.dataset.bot;
  if (status) stage.show(status);
  if (before !== document.body.dataset.bot) for (const each of phones.values()) each.showStatus();
  if (!phone) return;
  tabs.follow(phone);
  if (compose) phone.compose(compose, lasts);
  if (tapped) phone.press(tapped, label);
}

async function open() {
  stage.offline(false);
  roles = await stage.load();
  await read();
}

listen({ opened: open, lost: () => stage.offline(true), event: (event) => handlers[event.type]?.(phones.get(event.chat_id), event) });
