// Asks the console for its start page and the API for its description, through the gateway as visitors do.
const { get } = require("node:http");

const { GATEWAY_HOST: host, GATEWAY_PORT: port, CONSOLE_HOST } = process.env;

const ask = (path, accept) =>
  new Promise((resolve, reject) => {
    const call = get(
      { host, port, path, timeout: 10_000, headers: { Host: CONSOLE_HOST, Accept: accept } },
      (reply) => {
        reply.resume().on("end", () => resolve(reply.statusCode));
      },
    );
    call.on("timeout", () => call.destroy(new Error(`${path}: no answer within 10 s`)));
    call.on("error", reject);
  });

(async () => {
  for (const [path, accept] of [
    ["/", "text/html"],
    ["/openapi.json", "application/json"],
  ]) {
    const status = await ask(path, accept);
    console.log(`http://${CONSOLE_HOST}${path} answered ${status}`);
    if (status !== 200) process.exitCode = 1;
  }
})().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
