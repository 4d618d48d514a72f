// One phone: who holds it, what its owner does, what the bot makes it show.
import { words, say } from "./words.js";
import { post } from "./api.js";
import { element } from "./bubble.js";
import { Log } from "./log.js";
import { CommandMenu } from "./menu.js";

const TYPING_LASTS = 5000;
const TOAST_LASTS = 3500;
const ANSWER_WITHIN = 10000;

export class Phone {
  constructor(phone, role, bot, { unread }) {
    this.role = role;
    this.unreadCount = 0;
    this.onUnread = unread;
    this.root = document.getElementById("phone-template").content.firstElementChild.cloneNode(true);
    this.root.id = `phone-${phone.chat_id}`;
    this.root.dataset.role = role;
    for (const name of ["toast", "chips", "composer", "block", "unblock"]) this[name] = this.root.querySelector(`.${name}`);
    this.text = this.root.querySelector("textarea");
    this.status = this.root.querySelector(".bot-status");
    this.log = new Log(this.root.querySelector(".log"), this.root.querySelector(".down"), () => this.emptyCard());
    this.menu = new CommandMenu(this.root.querySelector(".menu"), this.root.querySelector(".menu-button"), this.text, (command) => this.send(command));
    this.wire();
    this.update(phone, bot);
  }

  get id() { return this.phone.chat_id; }
  get name() { return this.phone.user?.first_name || this.phone.title; }
  get roleName() { return words.roles[this.role]?.role ?? this.phone.title; }
  get shortRole() { return words.roles[this.role]?.short ?? ""; }

  // What the stand-in says about this phone now.
  update(phone, bot) {
    this.phone = phone;
    this.bot = bot;
    this.nameParts();
    this.menu.commands = phone.commands;
    this.showBlocked();
    this.log.name = this.name;
    this.log.set(phone.messages);
    this.showDescription();
    this.showStatus();
  }

  nameParts() {
    const bot = this.bot.first_name || "Loket";
    this.root.querySelector(".face").textContent = this.name.slice(0, 1);
    this.root.querySelector(".person-name").textContent = this.name;
    this.root.querySelector(".person-role").textContent = this.roleName;
    this.root.querySelector(".bot-name").textContent = bot;
    this.root.setAttribute("aria-label", `${this.name}, ${this.roleName}`);
    this.log.root.setAttribute("aria-label", say(words.chat, { name: this.name, bot }));
    this.block.setAttribute("aria-label", `${words.block} (${this.name})`);
    const label = this.root.querySelector("label");
    this.text.id = `write-${this.id}`;
    label.htmlFor = this.text.id;
    label.textContent = say(words.write, { name: this.name });
    this.menu.name = this.name;
  }

  wire() {
    this.composer.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    this.log.root.addEventListener("click", (event) => this.onClick(event));
    this.block.addEventListener("click", () => this.setBlocked(true));
    this.unblock.addEventListener("click", () => this.setBlocked(false));
    this.root.querySelector(".photo").addEventListener("click", () => this.try("api/photo", { caption: this.takeText() }));
    this.root.querySelector(".cancel-edit").addEventListener("click", () => { this.edit(null); this.text.focus(); });
    this.chips.append(...(words.chips[this.role] ?? []).map((chip) => this.chip(chip)));
  }

  chip({ label, text }) {
    const button = element("button", { type: "button", textContent: label, title: text, ariaLabel: say(words.suggest, { text }) });
    button.addEventListener("click", () => this.send(text));
    return button;
  }

  // ---- what the owner of the phone does

  async try(path, body) {
    try {
      return await post(path, { chat_id: this.id, ...body });
    } catch {
      this.showToast(words.failed);
      return undefined;
    }
  }

  takeText() {
    const text = this.text.value.trim();
    this.text.value = "";
    this.menu.close();
    return text;
  }

  async submit() {
    const text = this.takeText();
    if (!text) return;
    const edited = this.edited;
    this.edit(null);
    const sent = await (edited ? this.try("api/edit", { message_id: edited, text }) : this.send(text));
    if (sent === undefined && !this.text.value) this.text.value = text;
  }

  send(text) {
    this.log.toEnd();
    return this.try("api/send", { text });
  }

  async setBlocked(blocked) {
    if ((await this.try("api/block", { blocked })) === undefined) return;
    this.phone.blocked = blocked;
    this.showBlocked();
    this.showStatus();
    (blocked ? this.unblock : this.text).focus();
  }

  showBlocked() {
    const { blocked } = this.phone;
    this.unblock.hidden = !blocked;
    for (const part of [this.composer, this.chips, this.block]) part.hidden = blocked;
    if (blocked) this.menu.close();
  }

  // Begins to edit a message of one's own; null ends it.
  edit(message) {
    if (message) this.text.value = message.text;
    else if (this.edited) this.text.value = "";
    this.edited = message?.message_id;
    this.root.querySelector(".editing").hidden = !message;
    if (message) this.text.focus();
  }

  onKey(event) {
    if (this.menu.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.edited) {
      this.edit(null);
    } else if (event.key === "ArrowUp" && !this.text.value && this.log.lastOwn()) {
      event.preventDefault();
      this.edit(this.log.lastOwn());
    }
  }

  onClick(event) {
    const target = event.target.closest("a, button");
    if (!target) return;
    if (target.dataset.command) this.send(target.dataset.command);
    else if (target.classList.contains("edit")) this.edit(this.log.lastOwn());
    else if (target.dataset.copy) navigator.clipboard?.writeText(target.dataset.copy);
    else if (target.dataset.data !== undefined) this.tap(target);
    else if (target.href) this.follow(event, target.href);
  }

  async tap(key) {
    if (key.ariaBusy === "true") return;
    this.spin(key);
    const message_id = Number(key.closest(".message").dataset.id);
    if ((await this.try("api/tap", { message_id, data: key.dataset.data })) === undefined) key.ariaBusy = "false";
  }

  spin(key) {
    key.ariaBusy = "true";
    setTimeout(() => { key.ariaBusy = "false"; }, ANSWER_WITHIN);
  }

  // A link to the bot itself opens in this very phone; others open beside the page.
  follow(event, href) {
    const payload = this.payloadOf(href);
    if (payload === undefined) return;
    event?.preventDefault();
    this.send(payload ? `/start ${payload}` : "/start");
  }

  payloadOf(href) {
    const url = new URL(href, location.href);
    const name = this.bot.username?.toLowerCase();
    const web = ["t.me", "telegram.me"].includes(url.hostname) && url.pathname.toLowerCase() === `/${name}`;
    const app = url.protocol === "tg:" && url.searchParams.get("domain")?.toLowerCase() === name;
    return web || app ? url.searchParams.get("start") ?? "" : undefined;
  }

  // ---- what reaches the phone

  receive(message) {
    if (message.out) this.showTyping(false);
    if (this.log.put(message) && message.out) this.count();
  }

  forget() {
    this.showTyping(false);
    this.edit(null);
    this.log.forget();
  }

  answer({ text, show_alert: alert, url }) {
    for (const key of this.log.root.querySelectorAll('.key[aria-busy="true"]')) key.ariaBusy = "false";
    if (url) this.follow(null, url);
    if (!text) return;
    if (alert) this.showAlert(text);
    else this.showToast(text);
  }

  showAlert(text) {
    const dialog = document.getElementById("alert");
    dialog.querySelector("p").textContent = text;
    if (!dialog.open) dialog.showModal();
  }

  showToast(text) {
    clearTimeout(this.toastEnds);
    this.toast.textContent = text;
    this.toast.hidden = false;
    this.toastEnds = setTimeout(() => { this.toast.hidden = true; }, TOAST_LASTS);
  }

  showTyping(typing) {
    clearTimeout(this.typingEnds);
    if (typing) this.typingEnds = setTimeout(() => this.showTyping(false), TYPING_LASTS);
    this.isTyping = typing;
    this.log.showDots(typing);
    this.showStatus();
  }

  showStatus() {
    const starting = document.body.dataset.bot === "starting";
    const status = this.phone.blocked ? words.blocked : this.isTyping ? words.typing : starting ? words.starting : words.bot;
    this.status.textContent = status;
    this.status.classList.toggle("busy", Boolean(this.isTyping));
  }

  // What Telegram shows in a chat that is still empty.
  emptyCard() {
    const start = element("button", { type: "button", textContent: words.start });
    start.addEventListener("click", () => { this.send("/start"); this.text.focus(); });
    const picture = element("img", { src: "loket.svg", alt: "" });
    const description = element("p", { className: "description" });
    return element("div", { className: "empty" }, picture, element("b", { textContent: words.empty }), description, start);
  }

  showDescription() {
    const description = this.log.root.querySelector(".description");
    if (description) description.textContent = this.bot.description || words.emptyText;
  }

  // ---- what is unread, where another phone hides this one

  count() {
    if (this.root.offsetParent !== null) return;
    this.unreadCount += 1;
    this.onUnread(this);
  }

  shown() {
    this.unreadCount = 0;
    this.onUnread(this);
    this.log.toEnd();
  }

  // A scene taps a button: it spins as if a finger had done it.
  press(id, label) {
    const keys = this.log.find(id)?.querySelectorAll("button.key") ?? [];
    const key = [...keys].find((each) => each.textContent === label);
    if (key) this.spin(key);
  }

  // A scene writes with the phone's own composer, so that one sees who speaks.
  async compose(text, lasts) {
    if (this.text.value || document.activeElement === this.text || !lasts) return;
    const steps = Math.min(text.length, 30);
    for (let step = 1; step <= steps; step += 1) {
      this.text.value = text.slice(0, Math.round((text.length * step) / steps));
      await new Promise((resolve) => { setTimeout(resolve, lasts / steps); });
    }
    this.text.value = "";
  }
}
