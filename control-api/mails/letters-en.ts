import type { Letters, MailedEvent } from "./letters.ts";

export const english: Letters = {
  registration: ({ name, organization, address, link }) => ({
    subject: `Confirm your address for ${organization}`,
    heading: `Hello ${name},`,
    lines: [
      `you registered ${organization} with Polyphony, at ${address}.`,
      "Confirm that this mail address is yours, and the vault is made at once. The address is held for two days.",
    ],
    button: "Confirm and go on",
    link,
    after: "You did not register? Then leave this mail alone: nothing is made without the link.",
  }),
  login: ({ name, link }) => ({
    subject: "Log in to Polyphony",
    heading: `Hello ${name},`,
    lines: ["here is your link. It works once, within ten minutes."],
    button: "Log in",
    link,
    after: "You did not ask for it? Then leave this mail alone: nobody is logged in by the mail itself.",
  }),
  invitation: ({ inviter, organization, link }) => ({
    subject: `${inviter} invites you to ${organization}`,
    heading: `Join ${organization}`,
    lines: [`${inviter} invites you to help run ${organization} on Polyphony.`],
    button: "See the invitation",
    link,
    after: "The invitation is open for 14 days. You do not know who this is? Then leave this mail alone.",
  }),
  welcome: ({ name, organization, link }) => ({
    subject: `The vault of ${organization} is there`,
    heading: `Welcome, ${name}!`,
    lines: [
      `The vault of ${organization} is ready. You are its owner: log in with this mail address and invite the others.`,
    ],
    button: "Open the vault",
    link,
    after: "Keep the address: it is the vault's for good.",
  }),
  affiliation: ({ event, umbrella, collective, link }) => {
    const says: Record<MailedEvent, [subject: string, line: string, button: string]> = {
      requested: [
        `${collective} asks to join ${umbrella}`,
        "Look at who asks, then approve or reject. Until then nothing is shared between you.",
        "See the request",
      ],
      approved: [`${collective} now belongs to ${umbrella}`, `${umbrella} has approved the request.`, "Open your page"],
      rejected: [
        `${umbrella} has not accepted ${collective}`,
        "The request was rejected. Talk to the umbrella before you ask again.",
        "Open your page",
      ],
      joined: [
        `${collective} has joined ${umbrella}`,
        "It came by one of your invitation links.",
        "See who belongs to you",
      ],
      left: [`${collective} has left ${umbrella}`, "Nothing is shared between you any more.", "See who belongs to you"],
      removed: [`${umbrella} has removed ${collective}`, "Nothing is shared between you any more.", "Open your page"],
    };
    const [subject, text, button] = says[event];
    const after = "You get this mail because your address is the contact of one of the two.";
    return { subject, heading: subject, lines: [text], button, link, after };
  },
  setup: ({ name, organization, address, link }) => ({
    subject: `${organization} is ready to begin on Polyphony`,
    heading: `Hello ${name},`,
    lines: [
      `Polyphony's staff have prepared ${organization} for you, at ${address}. You are to be its owner.`,
      "Confirm that this mail address is yours, and the vault is made at once. The address is held for 14 days.",
    ],
    button: "Confirm and begin",
    link,
    after: "You know nothing of this? Then leave this mail alone: nothing is made without the link.",
  }),
  ownership: ({ name, organization, former, link }) => ({
    subject: `You own ${organization} now`,
    heading: `Hello ${name},`,
    lines: [
      `${former} has handed ${organization} over to you. You decide on its members, its settings and its closing.`,
    ],
    button: "Open your page",
    link,
    after: "You did not expect this? Talk to whoever handed it over; you can hand it back on the same page.",
  }),
  rejection: ({ name, organization, reason, link }) => ({
    subject: `${organization} was not approved`,
    heading: `Hello ${name},`,
    lines: [
      `Polyphony's staff have looked at ${organization} and have not approved it. No vault is made.`,
      ...(reason === "" ? [] : [`They write: ${reason}`]),
    ],
    button: "Open your page",
    link,
    after: "You think this is a mistake? Answer to the platform's staff, and say why.",
  }),
  approval: ({ organization, address, link }) => ({
    subject: `${organization} waits for approval`,
    heading: `${organization} waits for approval`,
    lines: [`The mail address is proven. The vault at ${address} is made as soon as you say yes.`],
    button: "Look at it",
    link,
    after: "You get this mail because you are one of the platform's staff.",
  }),
  failure: ({ organization, address, reason, message, link }) => ({
    subject: `The vault of ${organization} has failed: ${reason}`,
    heading: `The vault of ${organization} has failed`,
    lines: [
      `${address} does not come up: ${reason}.`,
      ...(message === "" ? [] : [message]),
      "The customer has been told that staff know of it. The runbook of this reason says what to do.",
    ],
    button: "See what happened",
    link,
    after: "You get this mail because you are one of the platform's staff.",
  }),
};
