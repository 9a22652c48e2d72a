// What `rolecall/async` has besides `init`: all of `rolecall`.

export * from "../index.js";
