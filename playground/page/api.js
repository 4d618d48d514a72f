// The stand-in's HTTP interface, as the page uses it.
async function ask(path, options) {
  const answer = await fetch(path, options);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.headers.get("content-type")?.includes("json") ? answer.json() : null;
}

export const get = (path) => ask(path, { cache: "no-store" });

export const post = (path, body = {}) =>
  ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

// EventSource connects again by itself; whatever was missed meanwhile is read afresh by `opened`.
export function listen({ opened, lost, event }) {
  const source = new EventSource("api/events");
  source.onopen = opened;
  source.onerror = lost;
  source.onmessage = (message) => event(JSON.parse(message.data));
  addEventListener("pagehide", () => source.close());
}
