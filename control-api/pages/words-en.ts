import type { ProblemCode } from "../contract/problems.ts";

/** What a problem says to a person, by its code. */
export interface ProblemWords {
  readonly title: string;
  readonly text: string;
}

/** Of those that a page may run into; programs are told of the others. */
const problems: Partial<Record<ProblemCode, ProblemWords>> = {
  "not-found": {
    title: "There is nothing at this address",
    text: "The link may be cut short: copy all of it from the mail. Or it was meant for another account than yours.",
  },
  "not-allowed": {
    title: "That was not done",
    text: "This page has grown old, or it was sent from another site. Open it again and send it once more.",
  },
  "too-many-requests": { title: "Too many tries", text: "Wait a few minutes, then try again." },
  "not-available": { title: "Not available for a moment", text: "Nothing was changed. Try again in a moment." },
  "too-many-organizations": {
    title: "You own as many organizations as you may",
    text: "Close one, or ask the platform's staff for more room. The address is still held for you.",
  },
  "link-spent": { title: "This link was used", text: "Such a link works once. Log in to go on." },
  "link-expired": { title: "This link has expired", text: "Ask for a new one where you asked for this one." },
  "invitation-not-open": {
    title: "This invitation is not open any more",
    text: "Log in if you have accepted it; else ask whoever sent it for a new one.",
  },
  "login-expired": {
    title: "That took too long",
    text: "Go back to the vault and choose to log in with Polyphony again.",
  },
  malformed: { title: "That could not be read", text: "Go back, load the page again, and send it once more." },
  unexpected: { title: "Something went wrong", text: "This is our mistake, not yours. Try again in a moment." },
};

export const english = {
  problems,
  requestNumber: "Request number",
  toStart: "To the start page",
  email: "Your mail address",
  login: {
    title: "Log in",
    intro: "We mail you a link that logs you in. There is no password.",
    send: "Mail me a login link",
    emailWrong: "Write one mail address, for example kari@alto-ensemble.example.",
    noAccount: "No account yet?",
    register: "Register your organization",
  },
  asked: {
    title: "Look into your inbox",
    sent: "If this address is known here, a mail with a link is on its way. It works once, for ten minutes:",
    here: "Open the link on this device, and you are logged in at once.",
    elsewhere: "Open it on another one, and it asks for this code:",
    again: "No mail? Ask again",
  },
  link: {
    title: "Log in to Polyphony",
    intro: "One press, and you are logged in on this device.",
    logIn: "Log in",
    codeTitle: "Type the code",
    codeIntro: "This link was asked for on another device or in another browser. Six digits stand there.",
    code: "The six digits",
    codeWrong: "That is not the code. Type the six digits that stand where you asked for the link.",
    spentTitle: "This link was used",
    spent: "A login link works once. Ask for a new one.",
    expiredTitle: "This link has expired",
    expired: "A login link works for a short time only. Ask for a new one.",
    askAgain: "Ask for a new link",
    goOn: "Go on",
    loggedIn: "You are logged in",
  },
  registration: {
    title: "Confirm your address",
    intro: "This is what you registered. Confirm that the mail address is yours, and its vault is made.",
    name: "Name",
    type: "Kind",
    address: "Address",
    contact: "Your mail address",
    umbrella: "Asks to join",
    umbrellaType: "Umbrella",
    collectiveType: "Collective",
    confirm: "Confirm and go on",
    provenTitle: "This address is confirmed already",
    proven: "Log in to go on where you were.",
    expiredTitle: "This link has expired",
    expired: "The address was held for two days. Register again; it may still be free.",
    registerAgain: "Register again",
  },
  invitation: {
    title: "You are invited",
    intro: "You are invited to join this organization on Polyphony.",
    organization: "Organization",
    role: "Your role",
    as: "Invited",
    yourName: "Your name",
    nameWrong: "Write your name, with at most 200 characters.",
    accept: "Join",
    roles: { owner: "Owner", admin: "Admin", member: "Member", viewer: "Viewer" },
    closed: {
      accepted: "This invitation was accepted. Log in to go on.",
      revoked: "This invitation was taken back. Ask whoever sent it for a new one.",
      expired: "This invitation has expired. Ask whoever sent it for a new one.",
    },
    closedTitle: "This invitation is not open any more",
  },
  logout: {
    title: "Log out",
    intro: "You will be logged out on this device. Other devices stay logged in.",
    logOut: "Log out",
    doneTitle: "You are logged out",
    done: "Until soon.",
  },
  status: {
    title: "The vault is on its way",
    states: {
      "awaiting-approval": "Waiting for approval",
      rejected: "Not approved",
      preparing: "The vault is being prepared",
      live: "The vault is there",
      failed: "A step did not succeed",
      "read-only": "The vault is read-only",
      suspended: "The vault is off the air",
      closing: "The vault is being closed",
    },
    messages: {
      "awaiting-approval":
        "The platform's staff look at new organizations before their vault is made. You get a mail as soon as they have.",
      rejected: "The platform's staff have not approved this organization. Write to them to find out why.",
      preparing: "It takes a moment. You may reload or leave this page: the work goes on without it.",
      live: "Open it, and log in with the mail address that you registered with.",
      failed: "Nothing is lost: it is tried again by itself, and the platform's staff have been told.",
      "read-only": "Everything in it can be read, and nothing be changed.",
      suspended: "Everything in it is kept.",
      closing: "It is kept for its retention time.",
    },
    steps: {
      approve: "Approval",
      place: "Finding a place for it",
      database: "Making its database",
      start: "Starting the application",
      address: "Opening its address",
    } as Record<string, string>,
    stepStates: { done: "done", active: "now", waiting: "waits", failed: "did not succeed" },
    failures: {
      "no-room": "There is no room for another vault at the moment.",
      address: "The vault's address is not free yet.",
      database: "The vault's database could not be made.",
      application: "The application did not start.",
      platform: "A part of the platform does not answer.",
    },
    open: "Open the vault",
    retry: "Try again now",
    look: "Look again",
    manage: "To the organization's page",
  },
};

export type Words = typeof english;
