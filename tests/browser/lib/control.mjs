// The control API of a loopback Discord: what people do without a page.

/** Calls below `/_loopback/` of the page at `address`, which carries the token. */
export function controlOf(address) {
  const { origin, searchParams } = new URL(address);
  const headers = { "x-loopback-token": searchParams.get("token"), "content-type": "application/json" };
  const call = async (method, path, body) => {
    const answer = await fetch(`${origin}/_loopback/${path}`, { method, headers, body: body && JSON.stringify(body) });
    return { status: answer.status, body: await answer.json().catch(() => null) };
  };
  const read = async (path) => {
    const { status, body } = await call("GET", path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const send = async (path, body) => {
    const answer = await call("POST", path, body);
    if (answer.status >= 400) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  /** The events that a person gets from now on. */
  const listen = async (as, signal) => {
    const answer = await fetch(`${origin}/_loopback/events?as=${as}`, { headers, signal });
    if (!answer.ok) throw new Error(`GET events: ${answer.status}`);
    return eventsOf(answer.body);
  };
  return { call, read, send, listen, violations: () => read("violations") };
}

/** Looks again and again until `look` answers something true. */
export async function until(what, look, patience = 20_000) {
  for (const end = Date.now() + patience; Date.now() < end;) {
    const found = await look();
    if (found) return found;
    await new Promise((resolve) => { setTimeout(resolve, 60); });
  }
  throw new Error(`waited ${patience / 1000} s in vain: ${what}`);
}

/** The JSON objects of a stream of server-sent events. */
async function* eventsOf(stream) {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) if (line.startsWith("data:")) yield JSON.parse(line.slice(5));
  }
}
