// The program under test: started as a newcomer would start it, stopped with Ctrl-C.
import { spawn } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve as resolvePath } from "node:path";

const START = 180_000; // ms; the first start unpacks the database
const STOP = 30_000;

/** Nothing of the caller's settings may leak in: a stray DISCORD_TOKEN would change what is tested. */
const cleanEnv = () => Object.fromEntries(
  ["PATH", "HOME", "LANG", "TMPDIR", "USER"].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
);

/** Others may pass through it, as through any folder of data: an installed Postgres may run as another user. */
export async function freshFolder() {
  const folder = await mkdtemp(join(tmpdir(), "docent-walk-"));
  await chmod(folder, 0o711);
  return folder;
}
export const removeFolder = (path) => rm(path, { recursive: true, force: true });

/** A port nobody listens on just now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const running = new Set();
// Whatever ends this process, nothing that it started may go on.
process.on("exit", () => { for (const child of running) child.kill("SIGTERM"); });
process.once("SIGTERM", () => process.exit(143));

/** The path in an environment variable; npm runs scripts in their package's folder, people name paths from their own. */
export const pathFrom = (variable) => resolvePath(process.env.INIT_CWD ?? ".", process.env[variable]);

/**
 * Starts a program and waits until a line of its output matches `ready`.
 * Answers {match, output(), stop()}; `stop` sends SIGINT and answers the exit code.
 */
export async function start(command, args, { cwd, ready }) {
  const child = spawn(command, args, { cwd, env: cleanEnv(), stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let output = "";
  let exit = null;
  const ended = new Promise((resolve) => {
    const end = (code, signal) => {
      running.delete(child);
      exit = { code, signal };
      resolve(exit);
    };
    child.once("exit", end);
    child.once("error", (error) => { output += `${error.message}\n`; end(null, null); });
  });
  const collect = (data) => { output += data; };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);

  const match = await waitFor(() => ready.exec(output), START, () => exit !== null);
  if (!match) {
    child.kill("SIGKILL");
    throw new Error(`${command} ${args.join(" ")} did not get ready${exit ? ` and ended with ${exit.code}` : ""}:\n${output}`);
  }
  const stop = async () => {
    child.kill("SIGINT");
    const late = setTimeout(() => child.kill("SIGKILL"), STOP);
    const { code, signal } = await ended;
    clearTimeout(late);
    return signal ?? code;
  };
  return { match, output: () => output, stop };
}

async function waitFor(look, patience, isOver) {
  for (const end = Date.now() + patience; Date.now() < end;) {
    const found = look();
    if (found) return found;
    if (isOver()) return null;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return null;
}

/** `docent play` on a free port with its data in `data`; adds `page`, the address of its page. */
export async function startDocent(data) {
  const args = ["play", "--port", String(await freePort()), "--data", data];
  const program = await start(pathFrom("DOCENT"), args, { cwd: data, ready: /Docent is ready: (http:\S+)/ });
  return { ...program, page: program.match[1] };
}
