import { describe, expect, it } from "@jest/globals";
import { createFakeKube } from "../../kube/fake-kube.ts";
import { fakeTimer } from "../../kube/fake-timer.ts";
import { kinds } from "../../kube/kinds.ts";
import { createDeletionBook } from "./deletion-book.ts";

const where = { namespace: "default", name: "polyphony-deletions" };

const scene = () => {
  const kube = createFakeKube();
  const clock = fakeTimer();
  return { kube, clock, book: createDeletionBook({ kube, clock, ...where }) };
};

const yes = () => true;
const no = () => false;

describe("fault 36: the book of deletions", () => {
  it("writes down what is let through, and remembers it for every later operator", async () => {
    const { kube, clock, book } = scene();
    expect(await book.admit({ uid: "a", slug: "alto" }, yes, no)).toBe(true);
    const another = createDeletionBook({ kube, clock, ...where });
    expect(await another.admit({ uid: "a", slug: "alto" }, no, no)).toBe(true);
    expect(await another.admit({ uid: "b", slug: "bass" }, no, no)).toBe(false);
  });

  it("shows the judge all that was let through, and forgets what is outdated", async () => {
    const { kube, book } = scene();
    await book.admit({ uid: "a", slug: "alto" }, yes, no);
    await book.admit(
      { uid: "b", slug: "bass" },
      (seen) => seen.map(({ slug }) => slug).join() === "alto",
      ({ uid }) => uid === "a",
    );
    const { data } = await kube.get(kinds.configMap, where);
    expect(Object.keys(data ?? {})).toEqual(["b"]);
  });

  it("lets two decisions at the same time not both count on the same room", async () => {
    const { kube, book } = scene();
    await book.admit({ uid: "first", slug: "f" }, yes, no);
    const room = (seen: readonly unknown[]) => seen.length < 2;
    const both = await Promise.allSettled([
      book.admit({ uid: "a", slug: "alto" }, room, no),
      book.admit({ uid: "b", slug: "bass" }, room, no),
    ]);
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(Object.keys((await kube.get(kinds.configMap, where)).data ?? {})).toHaveLength(2);
  });

  it("takes a line that it does not know for none", async () => {
    const { kube, book } = scene();
    await kube.create(kinds.configMap, { metadata: where, data: { note: "do not touch" } });
    expect(await book.admit({ uid: "a", slug: "alto" }, (seen) => seen.length === 0, no)).toBe(true);
  });
});
