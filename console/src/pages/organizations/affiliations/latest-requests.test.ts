import { describe, expect, it } from "@jest/globals";
import type { AffiliationRequestView } from "../../../../../control-api/contract/affiliations.ts";
import { latestRequests } from "./latest-requests.ts";

const request = (id: string, umbrella: string, status: AffiliationRequestView["status"]): AffiliationRequestView => ({
  id,
  umbrella: { slug: umbrella, name: umbrella },
  collective: { slug: "alto", name: "Alto" },
  status,
  message: "",
  requestedAt: "2026-01-01T00:00:00.000Z",
  respondedAt: null,
  response: "",
});

const ids = (requests: AffiliationRequestView[]) => latestRequests(requests).map(({ id }) => id);

describe("O3: a collective's own requests", () => {
  it("show only the last one to each umbrella", () =>
    expect(
      ids([request("3", "nordic", "pending"), request("2", "baltic", "rejected"), request("1", "nordic", "rejected")]),
    ).toEqual(["3", "2"]));
  it("leave out what was approved, and what was refused before that", () =>
    expect(ids([request("2", "nordic", "approved"), request("1", "nordic", "rejected")])).toEqual([]));
});
