// Dates and times as the office's wall shows them.
const zone = "Asia/Makassar";
const day = new Intl.DateTimeFormat("id", { timeZone: zone, weekday: "long", day: "numeric", month: "long", year: "numeric" });
const short = new Intl.DateTimeFormat("id", { timeZone: zone, weekday: "long", day: "numeric", month: "long" });
const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const dayOf = (date) => day.format(date);
export const shortDayOf = (date) => short.format(date);
export const timeOf = (date) => parts.format(date).replace(":", ".");
