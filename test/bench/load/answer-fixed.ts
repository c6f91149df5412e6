import { createServer, type AddressInfo } from "node:net";

// A program that stands for a vault's pod with as little work of its own as possible: answers GET /1k and /1m with so
// many bytes, on kept connections. Prints its port.
const answerOf = (bytes: number): Buffer =>
  Buffer.from(
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${String(bytes)}\r\n\r\n${"x".repeat(bytes)}`,
  );
const answers = { small: answerOf(1024), large: answerOf(1024 * 1024) };

const server = createServer({ noDelay: true }, (socket) => {
  let rest = "";
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    const heads = (rest + chunk.toString("latin1")).split("\r\n\r\n");
    rest = heads.pop() ?? "";
    for (const head of heads) socket.write(head.startsWith("GET /1m") ? answers.large : answers.small);
  });
});
server.listen(0, "0.0.0.0", 1024, () => {
  process.stdout.write(`${String((server.address() as AddressInfo).port)}\n`);
});
