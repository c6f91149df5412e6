import { describe, expect, it } from "@jest/globals";
import type { Role } from "../../../../../control-api/contract/route-contract.ts";
import { memberRights } from "./member-rights.ts";

const member = (id: string, role: Role) => ({ id, role, name: id, email: `${id}@x.example`, since: "" });
const all = [member("olga", "owner"), member("adam", "admin"), member("mia", "member")];
const two = [...all, member("otto", "owner")];
const rightsOf = (whom: string, role: Role, asked: string, among = all) => {
  const found = among.find(({ id }) => id === whom);
  if (!found) throw new Error(`no ${whom}`);
  return memberRights(found, among, { id: asked, role });
};

describe("O2: what may be done with a member", () => {
  it("nothing with the last owner, not even by themselves", () =>
    expect(rightsOf("olga", "owner", "olga")).toEqual({ roles: ["owner"], mayRemove: false, isLastOwner: true }));
  it("an owner makes and unmakes another owner", () =>
    expect(rightsOf("otto", "owner", "olga", two)).toEqual({
      roles: ["owner", "admin", "member", "viewer"],
      mayRemove: true,
      isLastOwner: false,
    }));
  it("an admin leaves owners alone, and makes none", () => {
    expect(rightsOf("olga", "admin", "adam", two)).toMatchObject({ roles: ["owner"], mayRemove: false });
    expect(rightsOf("mia", "admin", "adam")).toMatchObject({ roles: ["admin", "member", "viewer"], mayRemove: true });
  });
  it("a member may leave, and do nothing to others", () => {
    expect(rightsOf("mia", "member", "mia")).toMatchObject({ roles: ["member"], mayRemove: true });
    expect(rightsOf("adam", "member", "mia")).toMatchObject({ roles: ["admin"], mayRemove: false });
  });
});
