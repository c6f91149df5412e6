import type { Provisioning } from "../contract/organizations.ts";
import { isAtLeast } from "../contract/route-contract.ts";
import { notFound } from "../errors.ts";
import type { Membership } from "../http/call.ts";
import type { Services } from "../services.ts";
import { type Fragment, html } from "./html.ts";
import { loginFirst, type PageAnswer, type PageRoute, type Visit } from "./page-route.ts";

type Step = Provisioning["steps"][number];

const signs: Record<Step["state"], string> = { done: "✓", active: "▸", waiting: "·", failed: "✕" };

/** Seconds until it is worth looking again; others do not change by themselves. */
const looksAgain: Partial<Record<Provisioning["state"], number>> = {
  preparing: 3,
  failed: 15,
  "awaiting-approval": 30,
};

const stepItem = ({ words }: Visit, { name, title, state }: Step): Fragment =>
  html`<li class="${state}">
    <b aria-hidden="true">${signs[state]}</b>${words.status.steps[name] ?? title}
    <small>${words.status.stepStates[state]}</small>
  </li>`;

const acts = (visit: Visit, seen: Provisioning, { slug, role }: Membership): Fragment => {
  const { status } = visit.words;
  const isThere = (seen.state === "live" || seen.state === "read-only") && seen.url !== null;
  const mayRetry = seen.state === "failed" && isAtLeast(role, "admin");
  return html`<div class="acts">
    ${isThere && html`<a class="button" href="${seen.url}">${status.open}</a>`}
    ${
      mayRetry &&
      html`<form method="post" action="/status/${slug}">
        ${visit.formToken}<button class="button">${status.retry}</button>
      </form>`
    }
    ${seen.state in looksAgain && html`<a class="button quiet" href="/status/${slug}">${status.look}</a>`}
    <a class="button quiet" href="/dashboard/org/${slug}">${status.manage}</a>
  </div>`;
};

const statusPage = (visit: Visit, seen: Provisioning, name: string, membership: Membership): PageAnswer => {
  const { status } = visit.words;
  return {
    title: status.states[seen.state],
    refreshSeconds: looksAgain[seen.state],
    body: html`<p class="soft"><bdi>${name}</bdi></p>
      <p>${seen.failure && `${status.failures[seen.failure.code]} `}${status.messages[seen.state]}</p>
      <ul class="steps">
        ${seen.steps.map((step) => stepItem(visit, step))}
      </ul>
      ${acts(visit, seen, membership)}`,
  };
};

const membershipOf = ({ membership }: Visit): Membership => {
  if (!membership) throw notFound("This organization");
  return membership;
};

const show = async (visit: Visit, services: Services): Promise<PageAnswer> => {
  if (!visit.person) return loginFirst(visit.here);
  const membership = membershipOf(visit);
  const { name } = await services.organizations.get(membership);
  return statusPage(visit, await services.provisioning.get(membership), name, membership);
};

const retry = async (visit: Visit, services: Services): Promise<PageAnswer> => {
  const { person, here } = visit;
  if (!person) return loginFirst(here);
  const membership = membershipOf(visit);
  if (!isAtLeast(membership.role, "admin")) throw notFound("This organization");
  await services.provisioning.retry({ person, membership, circumstances: visit });
  return { to: here };
};

/** How far a vault is, for those without JavaScript. */
export const statusPages: readonly PageRoute[] = [
  { method: "get", path: "/status/:slug", limit: "read", handle: show },
  { method: "post", path: "/status/:slug", limit: "write", handle: retry },
];
