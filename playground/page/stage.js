// What stands round the phones: the clock, the scenes, the narrator, the bot's state.
import { words, say } from "./words.js";
import { get, post } from "./api.js";
import { dayOf, timeOf } from "./times.js";
import { element } from "./bubble.js";

const at = (id) => document.getElementById(id);

export class Stage {
  constructor() {
    this.scenes = [];
    this.status = {};
    at("play").addEventListener("click", () => this.play());
    at("stop").addEventListener("click", () => post("api/scene", { id: null }));
    at("restart").addEventListener("click", () => this.restart());
    setInterval(() => this.tick(), 1000);
  }

  async load() {
    const told = await get("api/scenes").catch(() => null);
    if (!told) {
      this.show({ bot: "ready" });
      return {};
    }
    at("scene-bar").hidden = false;
    const chosen = at("scene").value;
    at("scene").replaceChildren(...told.scenes.map(({ id, title }) => element("option", { value: id, textContent: title })));
    if (chosen) at("scene").value = chosen;
    at("public").href = told.public;
    at("public").hidden = false;
    this.show(told.status);
    return told.roles;
  }

  async play() {
    at("play").disabled = true;
    await post("api/scene", { id: at("scene").value }).catch(() => {});
  }

  async restart() {
    at("restart").disabled = true;
    await post("api/restart").catch(() => {});
    at("restart").disabled = false;
  }

  show(status) {
    this.status = { ...this.status, ...status };
    const { bot, scene, step, steps, caption, ended } = this.status;
    document.body.dataset.bot = bot ?? "ready";
    at("play").disabled = Boolean(scene);
    at("narrator").hidden = !scene && !ended;
    at("stop").hidden = !scene;
    const line = ended ? { failed: words.sceneFailed, done: caption || words.sceneDone }[ended] : caption;
    if (at("caption").textContent !== (line ?? "")) at("caption").textContent = line ?? "";
    at("progress").style.width = `${steps ? (100 * step) / steps : 0}%`;
    this.showBot(bot);
  }

  showBot(bot, offline = false) {
    const line = offline ? words.offline : { starting: words.botStarting, stopped: words.botStopped }[bot];
    at("bot-state").hidden = !line;
    at("bot-state").classList.toggle("bad", offline || bot === "stopped");
    if (line) at("bot-state").textContent = line;
  }

  offline(lost) { this.showBot(this.status.bot, lost); }

  setClock(now) {
    this.ahead = Date.parse(now) - Date.now();
    this.tick();
  }

  tick() {
    if (this.ahead === undefined) return;
    const now = Date.now() + this.ahead;
    at("clock-day").textContent = dayOf(now);
    at("clock-time").textContent = `${timeOf(now)} ${words.zone}`;
    at("clock-time").dateTime = new Date(now).toISOString();
  }
}
