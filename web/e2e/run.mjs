// Drives the real binary with Debian's Chromium: a line for each row, and a result file in GoogleTest's form for tools/tally.py.
// node e2e/run.mjs [--results FILE] [--only WORD] [--flows] [--screens FOLDER]
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { launch } from "./browser.mjs";
import { flowCases } from "./flows.mjs";
import { pageCases } from "./pages.mjs";
import { startServer } from "./server.mjs";
import { makeWorld, password } from "./world.mjs";

const { values: options } = parseArgs({ options: { results: { type: "string" }, only: { type: "string" }, flows: { type: "boolean" }, screens: { type: "string" } } });

/** Runs cases on a few lanes. A case gives what is wrong, a list for each of its names. */
async function runAll(cases, lanes = 3) {
  const outcomes = [];
  const waiting = [...cases];
  const lane = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      let found;
      try {
        found = await one.run();
      } catch (failed) {
        found = one.names.map(() => [failed.stack ?? String(failed)]);
      }
      one.names.forEach((name, i) => outcomes.push(told({ suite: one.suite, name, wrong: found?.[i] ?? [] })));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return outcomes;
}

function told(outcome) {
  console.log(`${outcome.wrong.length ? "FAIL" : "ok  "} ${outcome.suite}.${outcome.name}`);
  for (const line of outcome.wrong) console.log("     " + line.split("\n").join("\n     "));
  return outcome;
}

const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`).replace(/[^\x09\x0a\x20-\uffff]/g, "");

function resultFile(outcomes) {
  const failed = outcomes.filter((one) => one.wrong.length).length;
  const rows = outcomes.map((one) => {
    const attributes = `name="${escaped(one.name)}" classname="${one.suite}" status="run"`;
    return one.wrong.length ? `<testcase ${attributes}><failure message="${escaped(one.wrong.join("\n"))}"/></testcase>` : `<testcase ${attributes}/>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites tests="${outcomes.length}" failures="${failed}"><testsuite name="web">\n${rows.join("\n")}\n</testsuite></testsuites>\n`;
}

const server = await startServer();
const browser = await launch();
let outcomes = [];
try {
  const world = await makeWorld(server);
  world.admin.token = (await (await fetch(server.url + "/api/v1/auth/login", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ email: world.admin.email, password }) })).json()).token;
  if (!options.flows) outcomes = await runAll(pageCases(browser, server, world, options));
  const { together, alone } = flowCases(browser, server, world);
  const isWanted = (one) => !options.screens && (!options.only || one.names[0].includes(options.only));
  outcomes.push(...(await runAll(together.filter(isWanted))));
  outcomes.push(...(await runAll(alone.filter(isWanted), 1)));
} finally {
  await browser.close();
  await server.stop();
}
if (options.results) writeFileSync(options.results, resultFile(outcomes));
const failures = outcomes.filter((one) => one.wrong.length).length;
console.log(`${outcomes.length - failures} passed, ${failures} failed`);
process.exit(failures || !outcomes.length ? 1 : 0);
