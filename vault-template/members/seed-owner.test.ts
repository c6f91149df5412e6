import { describe, expect, it } from "@jest/globals";
import type { Member } from "./member.ts";
import type { MemberRepository } from "./member-repository.ts";
import { seedOwner } from "./seed-owner.ts";

const now = new Date("2026-01-01T00:00:00Z");

const aMember = (member: Partial<Member>): Member => ({
  id: member.email ?? "id",
  email: "x@choir.example",
  name: "X",
  role: "member",
  namedByPlatform: false,
  joinedAt: now,
  firstLoginAt: null,
  voicePart: null,
  ...member,
});

const fakeMembers = (start: Member[]): MemberRepository & { all: Member[] } => {
  const all = start.map((member) => ({ ...member }));
  const same = (email: string) => (member: Member) => member.email.toLowerCase() === email.toLowerCase();
  return {
    all,
    find: (id) => Promise.resolve(all.find((member) => member.id === id) ?? null),
    findByEmail: (email) => Promise.resolve(all.find(same(email)) ?? null),
    namedByPlatform: () => Promise.resolve(all.find((member) => member.namedByPlatform) ?? null),
    count: () => Promise.resolve(all.length),
    list: () => Promise.resolve(all),
    add: (member) => {
      const added = aMember({ ...member, id: member.email });
      all.push(added);
      return Promise.resolve(added);
    },
    change: (id, changes) => {
      Object.assign(all.find((member) => member.id === id) ?? {}, changes);
      return Promise.resolve();
    },
    noteFirstLogin: () => Promise.resolve(),
    sings: () => Promise.resolve(),
  };
};

const named = { email: "kari@choir.example", name: "Kari" };
const seeded = (email: string, firstLoginAt: Date | null) =>
  aMember({ email, role: "owner", namedByPlatform: true, firstLoginAt });

describe("V1: seedOwner", () => {
  it.each([
    { name: "adds the owner to an empty vault", start: [], outcome: "added", owners: [named.email], others: [] },
    {
      name: "changes nothing the second time, whatever the case of the address",
      start: [seeded("KARI@choir.example", null)],
      outcome: "unchanged",
      owners: ["KARI@choir.example"],
      others: [],
    },
    {
      name: "corrects the address of an owner who never logged in",
      start: [seeded("kair@choir.example", null)],
      outcome: "address-corrected",
      owners: [named.email],
      others: [],
    },
    {
      name: "keeps an owner who did log in as admin when the platform names another",
      start: [seeded("old@choir.example", now)],
      outcome: "added",
      owners: [named.email],
      others: ["old@choir.example admin"],
    },
    {
      name: "promotes a member whom the platform names",
      start: [seeded("old@choir.example", null), aMember({ email: "Kari@choir.example" })],
      outcome: "promoted",
      owners: ["Kari@choir.example"],
      others: ["old@choir.example admin"],
    },
  ])("$name", async ({ start, outcome, owners, others }) => {
    const members = fakeMembers(start);
    expect(await seedOwner(members, named, now)).toBe(outcome);
    expect(await seedOwner(members, named, now)).toBe("unchanged");
    const [own, rest] = [
      members.all.filter((one) => one.role === "owner"),
      members.all.filter((one) => one.role !== "owner"),
    ];
    expect(own.map((one) => one.email)).toEqual(owners);
    expect(rest.map((one) => `${one.email} ${one.role}`)).toEqual(others);
    expect(members.all.filter((one) => one.namedByPlatform)).toHaveLength(1);
  });
});
