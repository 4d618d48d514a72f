// The command menu of one chat: opened by its button or by typing "/".
import { words, say } from "./words.js";
import { element } from "./bubble.js";

export class CommandMenu {
  constructor(root, button, text, run) {
    Object.assign(this, { root, button, text, run, commands: [] });
    button.addEventListener("click", () => (this.root.hidden ? this.open("") : this.close()));
    text.addEventListener("input", () => this.follow());
    root.addEventListener("keydown", (event) => this.onMenuKey(event));
    root.addEventListener("click", (event) => this.pick(event.target.closest("button")));
  }

  set name(name) {
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", say(words.commands, { name }));
    this.button.setAttribute("aria-label", say(words.commands, { name }));
  }

  get items() { return [...this.root.querySelectorAll("button")]; }

  // Typing "/" opens it, each further letter narrows it, a space closes it.
  follow() {
    const typed = this.text.value;
    if (/^\/\w*$/.test(typed)) this.open(typed.slice(1));
    else this.close();
  }

  open(start) {
    const fitting = this.commands.filter(({ command }) => command.startsWith(start));
    this.root.replaceChildren(...fitting.map((each) => this.item(each)));
    this.root.hidden = !fitting.length;
    this.button.setAttribute("aria-expanded", String(!this.root.hidden));
    if (start === "" && this.text.value === "" && fitting.length) this.items[0].focus();
  }

  close() {
    this.root.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }

  item({ command, description }) {
    const made = element("button", { type: "button" }, element("b", { textContent: `/${command}` }), element("span", { textContent: description }));
    made.dataset.command = `/${command}`;
    return made;
  }

  pick(item) {
    if (!item) return;
    this.text.value = "";
    this.close();
    this.text.focus();
    this.run(item.dataset.command);
  }

  // Keys in the composer that belong to the menu; true where the key was used up.
  onKey(event) {
    if (this.root.hidden) return false;
    if (event.key === "Escape") this.close();
    else if (event.key === "ArrowUp" || event.key === "ArrowDown") (event.key === "ArrowUp" ? this.items.at(-1) : this.items[0])?.focus();
    else return false;
    event.preventDefault();
    return true;
  }

  onMenuKey(event) {
    const items = this.items;
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape") {
      this.close();
      this.text.focus();
    } else if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length].focus();
    }
  }
}
