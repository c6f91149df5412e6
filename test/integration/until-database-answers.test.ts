import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { untilDatabaseAnswers } from "../../control-api/db/until-database-answers.ts";
import { freePorts } from "../harness/free-ports.ts";
import { started } from "../harness/started.ts";

const admin = started.adminUrl();
const at = (port: number): string => Object.assign(new URL(admin), { hostname: "127.0.0.1", port: String(port) }).href;

/** A way to the real server that opens later. */
const openWay = async (port: number): Promise<() => void> => {
  const { hostname, port: target } = new URL(admin);
  const way = createServer((near) => {
    const far = connect(Number(target), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const)
      from.on("error", () => to.destroy()).pipe(to);
  });
  await new Promise<void>((resolve) => way.listen(port, "127.0.0.1", resolve));
  return () => way.close();
};

describe("the set-up of the registry waits for its database", () => {
  it("which comes up beside it", async () => {
    const [port = 0] = await freePorts(1);
    let answered = false;
    const waiting = untilDatabaseAnswers(at(port)).then(() => {
      answered = true;
    });
    await sleep(700);
    expect(answered).toBe(false);
    const close = await openWay(port);
    await waiting;
    close();
  });

  it("no longer than its patience, and then says why", async () => {
    const [port = 0] = await freePorts(1);
    await expect(untilDatabaseAnswers(at(port), 600)).rejects.toThrow("ECONNREFUSED");
  });

  it("and not at all when it answers that the login is wrong", async () => {
    const wrong = Object.assign(new URL(admin), { username: "nobody_of_that_name", password: "wrong" }).href;
    await expect(untilDatabaseAnswers(wrong)).rejects.toThrow(/nobody_of_that_name/);
  });
});
