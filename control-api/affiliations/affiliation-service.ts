import type { Clock } from "../clock.ts";
import type { AffiliationRequestView, Affiliations } from "../contract/affiliations.ts";
import type { RegistryDatabase, Transaction } from "../db/registry-database.ts";
import { invalid, notFound, problem } from "../errors.ts";
import type { Actor, Membership } from "../http/call.ts";
import type { AffiliationAct, Side } from "./affiliation-machine.ts";
import { affiliationRepository, type Pair } from "./affiliation-repository.ts";
import { viewAffiliations, viewRequest } from "./affiliation-view.ts";
import { mustBe, steeredOrganization, type SteeredOrganization } from "./steered-organization.ts";
import { takeStep } from "./take-step.ts";

export interface Wish {
  /** Slugs. */
  readonly collective: string;
  readonly umbrella: string;
  readonly message: string;
}

export interface AffiliationService {
  of(membership: Membership): Promise<Affiliations>;
  /** Throws 404 and 403 for who may not speak for the collective, 409 when the two are beyond asking. */
  request(actor: Actor, wish: Wish): Promise<AffiliationRequestView>;
  /** Throws 404 and 403 for who may not answer it, 409 when it was answered. */
  answer(
    actor: Actor,
    id: string,
    act: "approve" | "reject" | "withdraw",
    words: string,
  ): Promise<AffiliationRequestView>;
  /** Leaves or removes, as the side in `membership` is. `confirm` must be the other one's slug. */
  end(actor: Actor, membership: Membership, ending: { other: string; confirm: string }): Promise<void>;
}

type Act = { readonly pair: Pair; readonly act: AffiliationAct; readonly by: Side; readonly words?: string };

const byWhom = { approve: "umbrella", reject: "umbrella", withdraw: "collective" } as const;

/** As the platform throughout: both sides are read and written at once, after the actor's right in theirs was proven. */
export const createAffiliationService = (registry: RegistryDatabase, clock: Clock): AffiliationService => {
  const step = (transaction: Transaction, { person, circumstances }: Actor, act: Act) =>
    takeStep(transaction, { ...act, personId: person.id, at: clock.now(), requestId: circumstances.requestId });

  const viewed = async (transaction: Transaction, id: string): Promise<AffiliationRequestView> => {
    const view = await viewRequest(transaction, id);
    if (!view) throw notFound("This request");
    return view;
  };

  return {
    of: ({ organizationId }) => registry.asPlatform((transaction) => viewAffiliations(transaction, organizationId)),
    request: (actor, { collective, umbrella, message }) =>
      registry.asPlatform(async (transaction) => {
        const own = await steeredOrganization(transaction, actor.person, { slug: collective });
        mustBe(own, "collective", "/collective");
        const other = await affiliationRepository(transaction).openUmbrella(umbrella);
        if (!other) {
          throw invalid([
            { pointer: "/umbrella", detail: `There is no umbrella "${umbrella}". Ask it for its address.` },
          ]);
        }
        const pair = { umbrellaId: other.id, collectiveId: own.id };
        return viewed(
          transaction,
          await step(transaction, actor, { pair, act: "request", by: "collective", words: message }),
        );
      }),
    answer: (actor, id, act, words) =>
      registry.asPlatform(async (transaction) => {
        const request = await affiliationRepository(transaction).request(id);
        if (!request) throw notFound("This request");
        const by = byWhom[act];
        const side = by === "umbrella" ? request.umbrellaId : request.collectiveId;
        await steeredOrganization(transaction, actor.person, { id: side });
        if (request.status !== "pending")
          throw problem("affiliation-state", `This request was ${request.status} already.`);
        await step(transaction, actor, { pair: request, act, by, words });
        return viewed(transaction, id);
      }),
    end: (actor, { organizationId }, { other, confirm }) =>
      registry.asPlatform(async (transaction) => {
        if (confirm !== other) throw invalid([{ pointer: "/confirm", detail: `Type ${other} to confirm.` }]);
        const own = await steeredOrganization(transaction, actor.person, { id: organizationId });
        const their = await transaction("organizations")
          .where({ slug: other })
          .first<SteeredOrganization | undefined>("id");
        if (!their) throw notFound("The other organization");
        const act: Act =
          own.type === "umbrella"
            ? { pair: { umbrellaId: own.id, collectiveId: their.id }, act: "remove", by: "umbrella" }
            : { pair: { umbrellaId: their.id, collectiveId: own.id }, act: "leave", by: "collective" };
        await step(transaction, actor, act);
      }),
  };
};
