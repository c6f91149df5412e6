import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { day, later, minute } from "../../control-api/clock.ts";
import { openRegistry, type RegistryDatabase } from "../../control-api/db/registry-database.ts";
import { newId } from "../../control-api/ids.ts";
import { leaveWork } from "../../control-api/jobs/outbox.ts";
import { outboxRepository } from "../../control-api/jobs/outbox-repository.ts";
import { type Handler, HopelessError, workOutbox } from "../../control-api/jobs/work-outbox.ts";
import { aRegistry } from "../builders/a-registry.ts";
import { eventually } from "../harness/eventually.ts";
import { started } from "../harness/started.ts";

let registry: RegistryDatabase;
let now = new Date();
const clock = { now: () => now };

beforeAll(async () => {
  registry = openRegistry(await aRegistry(started.adminUrl()));
});
afterAll(() => registry.close());

/** A worker whose only work is `handler`. */
const aWorker = (handler: Handler, fates: string[] = []) =>
  workOutbox({
    registry,
    clock,
    handlers: { mail: handler, "publish-tenant": handler },
    onFailure: (_row, _error, fate) => void fates.push(fate),
  });

const leave = async (): Promise<string> => {
  const subject = newId();
  return registry.asPlatform(async (transaction) => {
    await leaveWork(transaction, { kind: "mail", subject, payload: { letter: "login" }, at: now });
    const row = await transaction("outbox").where({ subject }).first<{ id: string }>("id");
    return row.id;
  });
};

type State = { attempts: number; last_error: string | null; done_at: Date | null; dead_at: Date | null; due_at: Date };
const stateOf = (id: string) =>
  registry.asPlatform(async (transaction) => transaction("outbox").where({ id }).first<State>());

describe("fault 25: work that is given twice, late, or can never be done", () => {
  it("the same work at ten workers at once is done once", async () => {
    const id = await leave();
    let done = 0;
    const work = aWorker(() => Promise.resolve(void (done += 1)));
    await Promise.all(Array.from({ length: 10 }, () => work(id)));
    await work(id);
    expect([done, (await stateOf(id)).attempts]).toEqual([1, 1]);
  });

  it("a day late it is done all the same", async () => {
    const id = await leave();
    now = later(now, day);
    let done = 0;
    await aWorker(() => Promise.resolve(void (done += 1)))(id);
    expect([done, (await stateOf(id)).done_at]).toEqual([1, now]);
  });

  it("what can never be done is put aside with its reason, at once, and begun no more", async () => {
    const id = await leave();
    const fates: string[] = [];
    let begun = 0;
    const work = aWorker(() => {
      begun += 1;
      return Promise.reject(new HopelessError("There is no such letter."));
    }, fates);
    await work(id);
    await work(id);
    const { dead_at, last_error } = await stateOf(id);
    expect([begun, fates, dead_at, last_error]).toEqual([1, ["buried"], now, "There is no such letter."]);
    const due = await registry.asPlatform((transaction) => outboxRepository(transaction).due(later(now, day), 1000));
    expect(due.map((row) => row.id)).not.toContain(id);
  });

  it("what does not succeed waits longer each time, a quarter of an hour at most, and is put aside in the end", async () => {
    const id = await leave();
    const fates: string[] = [];
    const work = aWorker(() => Promise.reject(new Error("No answer.")), fates);
    const waits: number[] = [];
    for (let times = 0; times < 300; times += 1) {
      await work(id);
      const { due_at, dead_at } = await stateOf(id);
      if (dead_at === null) waits.push(due_at.getTime() - now.getTime());
      now = later(now, 16 * minute);
    }
    expect(waits.slice(0, 4)).toEqual([1000, 2000, 4000, 8000]);
    expect(Math.max(...waits)).toBe(15 * minute);
    expect([fates.length, fates.at(-1), (await stateOf(id)).last_error]).toEqual([300, "buried", "No answer."]);
  });
});

describe("fault 5: a worker that was stopped in the middle and wakes", () => {
  it("finds that another has the work by now: what it says of it counts for nothing", async () => {
    const id = await leave();
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    const late = aWorker(() => asleep)(id);
    await eventually("it is begun", async () => (await stateOf(id)).attempts === 1, { everyMs: 20 });
    // Nobody else begins it as long as the first may still be at it.
    let second = 0;
    const other = aWorker(() => {
      second += 1;
      return Promise.reject(new Error("Not yet."));
    });
    await other(id);
    expect(second).toBe(0);
    now = later(now, 3 * minute);
    await other(id);
    expect(second).toBe(1);
    wake();
    await late;
    // The late one said "done", with the number of its own attempt.
    const { done_at, attempts, last_error } = await stateOf(id);
    expect([done_at, attempts, last_error]).toEqual([null, 2, "Not yet."]);
  });
});
