// Where only one phone fits, the others wait in tabs that say what is unread.
import { words, say } from "./words.js";
import { element } from "./bubble.js";

const narrow = matchMedia("(max-width: 899px)");

export class Tabs {
  constructor(root) {
    this.root = root;
    this.phones = [];
    root.addEventListener("keydown", (event) => this.onKey(event));
    narrow.addEventListener("change", () => this.show(this.current));
  }

  set(phones) {
    if (phones.length === this.phones.length && phones.every((phone, index) => phone === this.phones[index])) return;
    this.phones = phones;
    this.root.replaceChildren(...phones.map((phone) => this.tab(phone)));
    this.show(phones.includes(this.current) ? this.current : phones[0]);
  }

  tab(phone) {
    const who = element("span", { className: "who" }, phone.name, element("small", { textContent: phone.shortRole }));
    const tab = element("button", { type: "button", id: `tab-${phone.id}` }, who, element("span", { className: "count", hidden: true }));
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", phone.root.id);
    tab.addEventListener("click", () => this.show(phone));
    return tab;
  }

  tabOf(phone) { return this.root.querySelector(`#tab-${phone.id}`); }

  show(phone) {
    if (!phone) return;
    this.current = phone;
    for (const each of this.phones) {
      each.root.classList.toggle("shown", each === phone);
      each.root.setAttribute("role", narrow.matches ? "tabpanel" : "region");
      const tab = this.tabOf(each);
      tab.setAttribute("aria-selected", String(each === phone));
      tab.tabIndex = each === phone ? 0 : -1;
    }
    phone.shown();
  }

  // A scene moves from phone to phone; whoever is writing is not disturbed.
  follow(phone) {
    if (narrow.matches && !document.activeElement?.closest(".phone")) this.show(phone);
  }

  count(phone) {
    const tab = this.tabOf(phone);
    if (!tab) return;
    const mark = tab.querySelector(".count");
    mark.hidden = !phone.unreadCount;
    mark.textContent = phone.unreadCount;
    const unread = phone.unreadCount ? `, ${say(words.unread, { count: phone.unreadCount })}` : "";
    tab.setAttribute("aria-label", say(words.tab, { name: phone.name, role: phone.roleName }) + unread);
  }

  onKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = this.phones[(this.phones.indexOf(this.current) + step + this.phones.length) % this.phones.length];
    this.show(next);
    this.tabOf(next).focus();
  }
}
