// A server of our own: the real binary with its sandbox on free ports, its data in a new directory, ended by its process id.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const binary = process.env.E2E_BINARY ?? new URL("../../build/release/visavis", import.meta.url).pathname;

const startDeadline = 60_000;

export async function startServer(further = []) {
  const data = mkdtempSync(join(tmpdir(), "visavis-web-"));
  const listen = ["--listen", "127.0.0.1:0", "--sandbox", "127.0.0.1:0", "--smtp-sink", "0"];
  const quick = ["--set", "auth.bcrypt_cost=4", "--set", "log.level=error", "--set", "limits.enabled=false"];
  const child = spawn(binary, ["serve", "--data", data, ...listen, ...quick, ...further], { stdio: ["ignore", "pipe", "inherit"] });
  const found = {};
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the server did not start")), startDeadline);
    let text = "";
    child.stdout.on("data", (bytes) => {
      text += bytes;
      for (const line of text.split("\n").slice(0, -1)) {
        if (line.startsWith("Visavis serves ")) found.url = line.slice(15).trim();
        if (line.startsWith("Sandbox at ")) found.sandbox = line.slice(11).trim();
      }
      if (!found.url || !found.sandbox) return;
      clearTimeout(timer);
      resolve();
    });
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
  child.removeAllListeners("exit");
  return {
    ...found,
    data,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** `visavis admin create` at the running server. */
export function createStaff(server, email, name, role, password) {
  const run = spawnSync(binary, ["admin", "create", "--data", server.data, "--email", email, "--name", name, "--role", role, "--password-stdin"], { input: password + "\n", encoding: "utf8" });
  if (run.status !== 0) throw new Error(`admin create: ${run.stderr}${run.stdout}`);
}

/** Calls of the API as somebody: their token, or nobody. */
export function caller(server, token) {
  return async function call(method, path, body, headers = {}) {
    const response = await fetch(server.url + "/api/v1" + path, {
      method,
      headers: {
        Accept: "application/json",
        ...(token && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && !(body instanceof Uint8Array) && { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text && response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  };
}

export async function sandbox(server, method, path, body) {
  const response = await fetch(server.sandbox + "/sandbox" + path, {
    method,
    headers: body && { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

export const moveClock = (server, to) => sandbox(server, "PUT", "/clock", to);
