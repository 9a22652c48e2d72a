import { expect, expectTheAnswersOfCore, test } from "../support/package.ts";

const ALL = ["rolecall", "rolecall/email", "rolecall/async", "rolecall/js"];

test("Node imports every entry, and each gives core's answers", async ({ project }) => {
  await project.write({
    "main.mjs": `
      import * as full from "rolecall";
      import * as email from "rolecall/email";
      import * as later from "rolecall/async";
      import * as plain from "rolecall/js";
      import { attach, define } from "rolecall/element";
      import "rolecall/element/auto";
      import vectors from "rolecall/vectors.json" with { type: "json" };
      import { compare } from "./compare.mjs";
      let early;
      try { later.checkEmail("a@b.example"); } catch (error) { early = error.code; }
      const pending = later.init();
      if (pending !== later.init()) throw new Error("init brings the modules once");
      await pending;
      if (pending !== later.init()) throw new Error("init gives one promise");
      const entries = { rolecall: full, "rolecall/email": email, "rolecall/async": later, "rolecall/js": plain };
      const results = Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, compare(entry, vectors.cases)]));
      console.log(JSON.stringify({ early, results, one: full.checkEmail === email.checkEmail, element: [typeof attach, typeof define] }));`,
  });
  const said = JSON.parse(await project.node("--no-warnings", "main.mjs"));
  expect(said.early).toBe("ERR_NOT_INITIALIZED");
  expect(said.one).toBe(true);
  expect(said.element).toEqual(["function", "function"]);
  expectTheAnswersOfCore(said.results, ALL);
});

test("Node requires every entry, and each gives core's answers", async ({ project }) => {
  await project.write({
    "main.cjs": `
      const entries = {
        rolecall: require("rolecall"), "rolecall/email": require("rolecall/email"),
        "rolecall/async": require("rolecall/async"), "rolecall/js": require("rolecall/js"),
      };
      require("rolecall/element"); require("rolecall/element/auto");
      const { cases } = require("rolecall/vectors.json");
      Promise.all([import("./compare.mjs"), entries["rolecall/async"].init()]).then(([{ compare }]) => {
        const results = Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, compare(entry, cases)]));
        console.log(JSON.stringify(results));
      });`,
  });
  expectTheAnswersOfCore(JSON.parse(await project.node("main.cjs")), ALL);
});

test("an address that is none is named, and the next one is tried", async ({ project }) => {
  await project.write({
    "main.mjs": `
      import { checkEmail, init } from "rolecall/async";
      const said = [];
      for (const sources of [{ full: "./nope.wasm" }, { email: "nope" }, { full: 5 }, 5]) {
        await init(sources).catch(({ name, code, message }) => said.push([name, code, message]));
      }
      await init();
      console.log(JSON.stringify([said, checkEmail("a@b.example").type]));`,
  });
  const [said, type] = JSON.parse(await project.node("main.mjs"));
  expect(said).toEqual([
    ["TypeError", "ERR_INVALID_ARG_VALUE", "init: sources.full must be an absolute address, as of a file: ./nope.wasm"],
    ["TypeError", "ERR_INVALID_ARG_VALUE", "init: sources.email must be an absolute address, as of a file: nope"],
    ["TypeError", "ERR_INVALID_ARG_TYPE", "init: sources.full must be an address, a Response, octets or a WebAssembly.Module"],
    ["TypeError", "ERR_INVALID_ARG_TYPE", "init: sources must be an object"],
  ]);
  expect(type).toBe("ok");
});

test("importing does no work", async ({ project }) => {
  await project.write({
    "main.mjs": `
      const seen = [];
      for (const name of ["Module", "Instance", "compile", "instantiate"]) {
        const real = WebAssembly[name];
        WebAssembly[name] = new Proxy(real, {
          construct: (target, args) => (seen.push(name), new target(...args)),
          apply: (target, that, args) => (seen.push(name), target.apply(that, args)),
        });
      }
      globalThis.fetch = () => seen.push("fetch");
      const before = Object.keys(globalThis).length;
      const entries = await Promise.all(["", "/email", "/async", "/js", "/element", "/element/auto"].map((it) => import("rolecall" + it)));
      const imported = [...seen];
      entries[0].checkEmail("a@b.example");
      console.log(JSON.stringify({ imported, called: seen, more: Object.keys(globalThis).length - before }));`,
  });
  const { imported, called, more } = JSON.parse(await project.node("main.mjs"));
  expect(imported).toEqual([]);
  expect(called).toEqual(["Module", "Instance"]);
  expect(more).toBe(0);
});

test("the package has no dependency and runs no script", async ({ project }) => {
  const manifest = JSON.parse(await project.node("-p", 'JSON.stringify(require("rolecall/package.json"))'));
  for (const name of ["dependencies", "peerDependencies", "optionalDependencies", "scripts"]) {
    expect(manifest[name], name).toBeUndefined();
  }
});
