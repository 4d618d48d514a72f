// A bare grammY that echoes, on its runner: `grammy_echo.mjs URL TOKEN [PORT]`, by webhook where a port is named.
import { createServer } from "node:http";
import { run } from "@grammyjs/runner";
import { Bot, webhookCallback } from "grammy";

const [url, token, port] = process.argv.slice(2);
const bot = new Bot(token, { client: { apiRoot: url } });
bot.on("message:text", (context) => context.reply(context.message.text));

if (port) {
  await bot.init();
  createServer(webhookCallback(bot, "http")).listen(Number(port), "127.0.0.1", () =>
    bot.api.setWebhook(`http://127.0.0.1:${port}/telegram`),
  );
} else {
  run(bot);
}
