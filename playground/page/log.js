// The messages of one chat as bubbles under their days; unchanged bubbles stay the same elements, so that focus stays too.
import { shortDayOf } from "./times.js";
import { bubble, editButton, element } from "./bubble.js";

const NEAR_END = 40; // pixels

export class Log {
  constructor(root, down, card) {
    Object.assign(this, { root, down, card, name: "" });
    this.messages = new Map();
    this.recent = new Map(); // what arrived while the state was being read
    this.stuck = true; // whether new messages scroll into view
    root.addEventListener("scroll", () => this.onScroll());
    root.addEventListener("load", () => this.keepEnd(), true);
    down.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.keepEnd()).observe(root);
  }

  set(messages) {
    this.messages = new Map([...messages.map((message) => [message.message_id, message]), ...this.recent]);
    this.redraw();
  }

  // Tells whether the message is new.
  put(message) {
    const known = this.messages.has(message.message_id);
    this.messages.set(message.message_id, message);
    this.recent.set(message.message_id, message);
    if (known) this.replace(message.message_id);
    else this.append(message);
    return !known;
  }

  append(message) {
    this.redraw();
    this.find(message.message_id).classList.add("fresh");
    if (!message.out) this.toEnd();
    if (!this.stuck) this.countBelow();
  }

  replace(id) {
    const before = this.find(id);
    const held = before?.contains(document.activeElement) && document.activeElement.textContent;
    this.redraw();
    const after = this.find(id);
    after.classList.add("changed");
    if (held) ([...after.querySelectorAll(".key")].find((key) => key.textContent === held) ?? after).focus({ preventScroll: true });
  }

  remove(id) {
    this.messages.delete(id);
    this.recent.delete(id);
    this.redraw();
  }

  forget() {
    this.messages.clear();
    this.recent.clear();
    this.redraw();
  }

  find(id) { return this.root.querySelector(`[data-id="${id}"]`); }

  lastOwn() { return [...this.messages.values()].filter((message) => !message.out && !message.photo).at(-1); }

  // ---- drawing

  redraw() {
    const messages = [...this.messages.values()].sort((a, b) => a.message_id - b.message_id);
    const wanted = [];
    let day = "";
    messages.forEach((message, index) => {
      const today = shortDayOf(message.date * 1000);
      if (today !== day) wanted.push(this.dayPill(today));
      wanted.push(this.draw(message, messages[index - 1], messages[index + 1], today !== day));
      day = today;
    });
    if (!messages.length) wanted.push(this.root.querySelector(".empty") ?? this.card());
    this.place(wanted);
    this.offerEdit();
    this.keepEnd();
  }

  draw(message, previous, next, opensDay) {
    const before = this.find(message.message_id);
    const state = JSON.stringify([message, this.name]);
    const made = before?.state === state ? before : Object.assign(bubble(message, this.name), { state });
    made.classList.toggle("joined", !opensDay && previous?.out === message.out);
    made.classList.toggle("tail", next?.out !== message.out);
    return made;
  }

  dayPill(day) {
    const known = [...this.root.querySelectorAll(".day")].find((each) => each.textContent === day);
    return known ?? element("div", { className: "day", textContent: day });
  }

  place(wanted) {
    const dots = this.root.querySelector(".dots");
    const all = dots ? [...wanted, dots] : wanted;
    for (const each of [...this.root.children]) if (!all.includes(each)) each.remove();
    all.forEach((each, index) => {
      if (this.root.children[index] !== each) this.root.insertBefore(each, this.root.children[index] ?? null);
    });
  }

  offerEdit() {
    const box = this.find(this.lastOwn()?.message_id)?.querySelector(".bubble");
    for (const button of this.root.querySelectorAll(".edit")) if (button.parentElement !== box) button.remove();
    if (box && !box.querySelector(".edit")) box.append(editButton());
  }

  showDots(shown) {
    const dots = this.root.querySelector(".dots");
    if (!shown) dots?.remove();
    else if (!dots) {
      const made = element("div", { className: "dots", ariaHidden: "true" }, element("i"), element("i"), element("i"));
      this.root.append(made);
      this.keepEnd();
    }
  }

  // ---- scrolling

  keepEnd() { if (this.stuck) this.toEnd(); }

  toEnd() {
    this.root.scrollTop = this.root.scrollHeight;
    this.stuck = true;
    this.below = 0;
    this.down.hidden = true;
  }

  countBelow() {
    this.below = (this.below ?? 0) + 1;
    this.down.hidden = false;
    const count = this.down.querySelector(".count");
    count.hidden = false;
    count.textContent = this.below;
  }

  onScroll() {
    this.stuck = this.root.scrollHeight - this.root.scrollTop - this.root.clientHeight < NEAR_END;
    if (this.stuck) this.toEnd();
    else if (this.down.hidden) {
      this.down.hidden = false;
      this.down.querySelector(".count").hidden = true;
    }
  }
}
