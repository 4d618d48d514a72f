// grammY's bare send in a plain loop: `grammy_sends.mjs URL TOKEN COUNT AT_ONCE` prints the µs of CPU a message.
import { Api } from "grammy";

const [url, token, count, atOnce] = process.argv.slice(2);
const api = new Api(token, { apiRoot: url });
const text = "<b>Cetak KTP-el</b> sudah bisa lagi.\n" + "Antre seperti biasa, hari ini sampai pukul 15.00. ".repeat(4);

async function send(many) {
  let number = 0;
  const sender = async () => {
    while (number < many) await api.sendMessage(747_100_000_000 + number++, text, { parse_mode: "HTML" });
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, sender));
}

await send(300);
const began = process.cpuUsage();
await send(Number(count));
const { user, system } = process.cpuUsage(began);
console.log((user + system) / Number(count));
process.exit(0);
