// The page's own words, from words.json; {name} stands for a value.
export const words = await (await fetch("words.json")).json();

export function say(sentence, values = {}) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}
